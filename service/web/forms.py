"""What callers send, as values; or every fault in it, each with its place (survey-api "Errors", "Surveys",
"Sending").

A form reads one JSON value. It never stops at the first fault and never raises: whoever asks settles the
faults afterwards, and uses what was read only if there were none. Text is trimmed and counted in code points;
null is as if left out.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from service.accept import SendItem
from service.domain import segments
from service.domain.request import Channel
from service.domain.survey import MAX_TAG, is_well_formed, language_key
from service.store.surveys import Draft
from service.web.body import UNREADABLE
from service.web.problems import Faults, escape

MOST_REQUESTS = 1_000

CHANNELS: Mapping[str, Channel] = {channel.value: channel for channel in Channel}

NO_SEGMENT = f"A segment is text of 1 to {segments.MAX_TAG_LENGTH} characters without a comma."

_SURVEY = ("name", "interactionType", "questions")
_QUESTION = ("body", "language")
_ORDER = ("requests",)
_REQUEST = ("channel", "destination", "language", "segments", "referenceId")
_LONGEST_GUESS = 40
_MOST_GUESSES = 50
"""Guessing what was meant takes time, so only the first typos of a body get a guess."""
_MISSING = "The member is missing."


Members = Mapping[str, Any]


@dataclass(slots=True)
class Asked:
    """One request of a send call, and the caller's own name for it."""

    item: SendItem
    reference: str | None


def survey(value: Any, faults: Faults) -> tuple[str, str, list[Draft]]:
    """`{"name", "interactionType", "questions": [question, …]}`."""
    if (members := _members(value, _SURVEY, faults, "")) is None:
        return "", "", []
    name = _text(members, "name", 255, faults, "")
    interaction = _text(members, "interactionType", 255, faults, "")
    items = _required_array(members, "questions", faults)
    return name, interaction, [question(item, faults, at) for at, item in _each(items, "/questions", faults)]


def question(value: Any, faults: Faults, at: str = "") -> Draft:
    """`{"body", "language"}`."""
    if (members := _members(value, _QUESTION, faults, at)) is None:
        return Draft(language="", body="")
    body = _text(members, "body", 1000, faults, at)
    language = _language(members, faults, at)
    if language is None:
        faults.at(f"{at}/language", _MISSING)
    return Draft(language=language or "", body=body)


def repeated_language(questions: Iterable[Draft]) -> int | None:
    """The first question in a language that a question before it has; its index."""
    seen: set[str] = set()
    for index, draft in enumerate(questions):
        if (key := language_key(draft.language)) in seen:
            return index
        seen.add(key)
    return None


def order(value: Any, faults: Faults) -> list[Asked]:
    """`{"requests": [request, …]}`, 1 to 1,000 of them."""
    if (members := _members(value, _ORDER, faults, "")) is None:
        return []
    items = _required_array(members, "requests", faults)
    if len(items) > MOST_REQUESTS:
        faults.at("/requests", f"It must have at most {MOST_REQUESTS} items; it has {len(items)}.")
        items = items[:MOST_REQUESTS]
    return [_request(item, faults, at) for at, item in _each(items, "/requests", faults)]


def _request(value: Any, faults: Faults, at: str) -> Asked:
    members = _members(value, _REQUEST, faults, at)
    if members is None:
        return Asked(SendItem(Channel.SMS, ""), None)
    item = SendItem(
        channel=_channel(members, faults, at),
        destination=_text(members, "destination", None, faults, at),
        language=_language(members, faults, at),
        segments=_segments(members, faults, at),
    )
    return Asked(item, _reference(members, faults, at))


def _channel(members: Members, faults: Faults, at: str) -> Channel:
    value = members.get("channel")
    channel = CHANNELS.get(value) if isinstance(value, str) else None
    if channel is None:
        detail = _MISSING if value is None else f"It must be one of {', '.join(CHANNELS)}."
        faults.at(f"{at}/channel", detail)
    return channel or Channel.SMS


def _reference(members: Members, faults: Faults, at: str) -> str | None:
    if members.get("referenceId") is None:
        return None
    return _text(members, "referenceId", 255, faults, at)


def _segments(members: Members, faults: Faults, at: str) -> tuple[str, ...]:
    value = members.get("segments")
    if value is None:
        return ()
    if not isinstance(value, list):
        faults.at(f"{at}/segments", "It must be an array of text.")
        return ()
    if len(value) > segments.MAX_TAGS:
        faults.at(f"{at}/segments", f"It must have at most {segments.MAX_TAGS} items; it has {len(value)}.")
        value = value[: segments.MAX_TAGS]
    return tuple([_segment(tag, faults, at, index) for index, tag in enumerate(value)])


def _segment(value: Any, faults: Faults, at: str, index: int) -> str:
    tag = value.strip() if isinstance(value, str) else ""
    if not segments.is_tag(tag):
        faults.at(f"{at}/segments/{index}", NO_SEGMENT)
    return tag


_well_formed = lru_cache(maxsize=1024)(is_well_formed)
"""A batch names few languages, many times. It is asked only about what is short enough, and keeps no more."""


def _language(members: Members, faults: Faults, at: str) -> str | None:
    value = members.get("language")
    if value is None:
        return None
    tag = value.strip() if isinstance(value, str) else ""
    if len(tag) > MAX_TAG or not _well_formed(tag):
        faults.at(f"{at}/language", "It must be a well-formed BCP 47 language tag such as nl-BE.")
    return tag


def _text(members: Members, name: str, most: int | None, faults: Faults, at: str) -> str:
    """Required text of 1 to `most` characters."""
    value = members.get(name)
    if not isinstance(value, str):
        faults.at(f"{at}/{name}", _MISSING if value is None else "It must be text.")
        return ""
    text = value.strip()
    if not text or (most is not None and len(text) > most):
        faults.at(
            f"{at}/{name}", f"It must have 1 to {most} characters." if most else "It must not be empty."
        )
    return text


def _required_array(members: Members, name: str, faults: Faults) -> list[Any]:
    value = members.get(name)
    if isinstance(value, list) and value:
        return value
    missing = _MISSING if value is None else "It must be an array with at least one item."
    faults.at(f"/{name}", missing)
    return []


def _each(items: list[Any], at: str, faults: Faults) -> Iterator[tuple[str, Any]]:
    """Each item with its place, until there are faults enough."""
    for index, item in enumerate(items):
        if faults.full:
            return
        yield f"{at}/{index}", item


def _members(value: Any, known: tuple[str, ...], faults: Faults, at: str) -> Members | None:
    """The members of an object; unknown ones are faults. None for what is no object, which is a fault too."""
    if not isinstance(value, dict):
        if value is not UNREADABLE:
            faults.at(at, "It must be an object.")
        return None
    for name in value:
        if name not in known and not faults.full:
            guessing = len(faults.found) < _MOST_GUESSES
            faults.at(f"{at}/{escape(name)}", unknown("member", name, known if guessing else ()))
    return value


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """There is no such name: what was perhaps meant, or what there is."""
    known = tuple(known)
    meant = difflib.get_close_matches(name, known, 1) if len(name) <= _LONGEST_GUESS else []
    if meant:
        return f"There is no such {kind}; did you mean {meant[0]}?"
    return f"There is no such {kind}" + (f"; known: {', '.join(known)}." if known else ".")
