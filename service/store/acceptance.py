"""Claims on a person's contact interval, and the rows of accepted requests."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from service.clock import Moment
from service.domain import segments
from service.domain.period import HOUR_MS
from service.domain.request import AccountId, RequestId, SurveyId
from service.domain.survey import QuestionId
from service.store.changes import Place
from service.store.engine import Tx

_json = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode
"""Rows of numbers and text, which hold nothing that holds them."""

NO_SEGMENTS = 0
"""The set without tags; it has no row."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Until when a person is not to be contacted again, or that they never are."""

    until: Moment
    opted_out: bool


class Facts(NamedTuple):
    """What many requests have in common: what is asked, and where they belong in reports."""

    survey: SurveyId
    question: QuestionId
    language: str
    channel: str
    segment_set: int


@dataclass(slots=True, eq=False)
class NewRequest:
    """An accepted request as it is written down."""

    id: RequestId
    account: AccountId
    facts: Facts
    accepted_at: Moment
    closes_at: Moment
    day: int
    """Whose data key sealed it."""
    fingerprint: bytes = field(repr=False)
    sealed: bytes = field(repr=False)


Person = tuple[AccountId, bytes]
"""A person as an account knows them: the fingerprint, 32 bytes."""


def claim(tx: Tx, people: Mapping[Person, Moment], interval_ms: int) -> set[Person]:
    """Start the contact interval of these people: until when. Of whom it succeeded: the others have one
    running, or opted out."""
    if not people:
        return set()
    ordered = sorted(people, key=_key)  # so that two processes never wait for each other in a circle
    claims = [(person[0], people[person]) for person in ordered]
    rows = tx.all("claim", people=_joined(ordered), claims=_json(claims), interval=interval_ms)
    if len(rows) == len(ordered):
        return set(ordered)
    return {(row["account"], row["fingerprint"]) for row in rows}


def contacts(tx: Tx, people: Iterable[Person]) -> dict[Person, Contact]:
    """What is known of these people's last contact."""
    ordered = sorted(set(people))
    if not ordered:
        return {}
    accounts = _json([account for account, _ in ordered])
    rows = tx.all("contacts", people=_joined(ordered), accounts=accounts)
    return {
        (row["account"], row["fingerprint"]): Contact(Moment(row["until"]), bool(row["opted_out"]))
        for row in rows
    }


def _key(person: Person) -> tuple[bytes, AccountId]:
    """Of their row."""
    return person[1], person[0]


def _joined(people: Iterable[Person]) -> bytes:
    return b"".join([fingerprint for _, fingerprint in people])


def asked_segment_set(tx: Tx, survey: SurveyId, tags: Iterable[str]) -> Callable[[], int]:
    """The id of a set of tags in a survey, for who can wait (`Tx.ask`); it is made when it is new."""
    distinct = segments.distinct(tags)
    if not distinct:
        return lambda: NO_SEGMENTS
    rows = tx.ask("segment_set", survey=survey, canonical=segments.canonical(distinct))
    return lambda: int(found[0]["id"]) if (found := rows()) else _made_segment_set(tx, survey, distinct)


def _made_segment_set(tx: Tx, survey: SurveyId, distinct: Sequence[str]) -> int:
    canonical = segments.canonical(distinct)
    made = tx.one("create_segment_set", survey=survey, canonical=canonical)
    if made is None:
        return int(tx.sole("segment_set", survey=survey, canonical=canonical)["id"])
    tx.many("create_segment", [{"set_id": made["id"], "tag": tag} for tag in distinct])
    return int(made["id"])


def write(tx: Tx, requests: Sequence[NewRequest]) -> None:
    """Make the requests, due at once: one statement for each table, however many they are. What is JSON
    travels as JSON, what is bytes in one piece beside it."""
    ids = b"".join([request.id.bytes for request in requests])
    tx.send("create_requests", ids=ids, requests=_json([(*one.facts, one.accepted_at) for one in requests]))
    tx.send(
        "create_envelopes",
        ids=ids,
        fingerprints=b"".join([request.fingerprint for request in requests]),
        sealed=b"".join([request.sealed for request in requests]),
        envelopes=_json(_envelopes(requests)),
    )
    for (facts, hour), many in Counter([(one.facts, one.accepted_at // HOUR_MS) for one in requests]).items():
        place = Place(facts.survey, facts.segment_set, facts.channel, facts.language, hour * HOUR_MS)
        tx.changes.made(place, many)


def _envelopes(requests: Iterable[NewRequest]) -> list[tuple[object, ...]]:
    """Where what is sealed begins, counted from 1, and how long it is, come last."""
    rows: list[tuple[object, ...]] = []
    start = 1
    for one in requests:
        size = len(one.sealed)
        rows.append((one.account, one.facts.channel, one.day, one.accepted_at, one.closes_at, start, size))
        start += size
    return rows
