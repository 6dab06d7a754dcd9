"""What a respondent wrote, without the question quoted, the signature and what programs add (answers.md,
"E-mail").

The plan: lines marked `>` go, with the line that introduces them; an unmarked quotation goes from its divider
on; then, from what is left, closings with the name below them, telephone footers, disclaimers and lines that
only say how to reach somebody. Four languages at once, since a mail program speaks its owner's language and
not the question's. Every pattern is tried against one line, or four joined, of bounded length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.wire import mail_footers
from service.wire.mail_question import WORDINGS

MOST_LINES = 4_000
"""Lines that are read, quoted ones not counted: a reply to a question of one digit is shorter."""
LONGEST_LINE = 400
LONGEST_INTRODUCTION = 4
"""Lines over which mail programs break `On … wrote:`."""

_QUOTED = re.compile(r"^[ \t\u00a0]{0,8}(?:[>»]|&gt;)")
_SAID = re.compile(r"\b(?:schreef|geschreven|[ée]crit|schrieb|geschrieben|wrote|writes)\b", re.IGNORECASE)
_INTRODUCTION = re.compile(
    r"""(?:(?:Op|Le|Am|On|Den)\s.{4,300}?\b(?:schreef|heeft\s.{1,250}\sgeschreven|a\s[ée]crit|schrieb|wrote)\b.{0,200}:
    |.{1,200}\s(?:schreef(?:\s(?:op|het\svolgende)\b.{0,120})?|a\s[ée]crit(?:\s(?:le|ce\squi\ssuit)\b.{0,120})?
       |schrieb(?:\sam\b.{0,120})?|wrote(?:\son\b.{0,120})?)\s?:
    |.{0,60}\b20[0-9]{2}\b.{0,60}\s<?[^\s<>@]{1,90}@[^\s<>]{1,120}>?\s?:
    |(?:Quoting|Citeren|Citando|Zitat\svon|Citation\sde|En\sr[ée]ponse\s[àa])\s.{1,200}:)""",
    re.IGNORECASE | re.VERBOSE,
)
_OPENING = re.compile(r"(?:Op|Le|Am|On)\s", re.IGNORECASE)

_DATED = re.compile(r"\b20[0-9]{2}\b|[0-9]{1,2}[:/.][0-9]|\b[0-9]{1,2}\.? [^\W\d]{3}")

_FORWARDED = "|".join(
    (
        r"original\s(?:message|e-?mail)|oorspronkelijk\s(?:bericht|e-?mail(?:bericht)?)|origineel\sbericht",
        r"message\sd'origine|message\s(?:original|initial)|courriel\soriginal|e-?mail\soriginal",
        r"urspr(?:ü|ue)ngliche\s(?:nachricht|e-?mail)|originalnachricht",
        r"forwarded\smessage|doorgestuurd\sbericht|message\stransf[ée]r[ée]|weitergeleitete\snachricht",
    )
)
_DIVIDER = re.compile(
    rf"\s*(?:[-_=*]{{2,}}\s*(?:{_FORWARDED})\s*[-_=*]{{2,}}|(?:begin\s)?(?:{_FORWARDED})\s?:|_{{20,}}|-{{40,}})\s*",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\s*[*_]?(?:van|from|von|de|exp[ée]diteur|afzender|absender)\s?:[*_]?\s?\S", re.IGNORECASE
)
_FIELD = re.compile(
    r"\s*[*_]?(?:van|from|von|de|exp[ée]diteur|afzender|absender|verzonden|sent|gesendet|envoy[ée](?:\sle)?|date"
    r"|datum|aan|to|an|[àa]|cc|onderwerp|subject|betreff|objet|sujet|beantwoorden|reply-to|antwort\san"
    r"|r[ée]pondre\s[àa]|verzonden\sop|priority|importance)\s?:[*_]?(?:\s|$)",
    re.IGNORECASE,
)
_FIELDS_LEAST, _FIELDS_WITHIN = 3, 8

_LAST_WORDS = frozenset(wording.stop.casefold() for wording in WORDINGS.values())
"""How our own mail ends: what stands below it in an unmarked quotation was written by the respondent."""
_URL = re.compile(r"<(?:https?:|mailto:)[^<>\s]{0,2000}>|\[cid:[^\]\s]{0,200}\]|\[image:[^\]]{0,200}\]")


def own_words(text: str) -> str:
    """What the respondent wrote; empty when everything was quoted or added by programs."""
    lines = _lines(text)
    lines = _without_marked(lines)[:MOST_LINES]
    start = _divider(lines)
    if start is None:
        return _joined(mail_footers.without(lines))
    above = _joined(mail_footers.without(lines[:start]))
    return above or _joined(mail_footers.without(_below_our_own(lines[start:])))


def _lines(text: str) -> list[str]:
    plain = _URL.sub(" ", text.replace("\u00a0", " ").replace("\u202f", " "))
    return [line.strip()[:LONGEST_LINE] for line in re.split(r"\n|\u2028|\u2029", plain)]


def _without_marked(lines: Sequence[str]) -> list[str]:
    """Without lines marked as quoted, and without what introduces them."""
    left: list[str] = []
    for line in lines:
        if not _QUOTED.match(line):
            left.append(line)
        elif left:
            _drop_introduction(left)
    return left


def _drop_introduction(left: list[str]) -> None:
    """Take `On … wrote:` off the end of what was read so far."""
    end = len(left)
    while end and not left[end - 1]:
        end -= 1
    size = _introduction_ending(left, end - 1) if end else 0
    if size:
        del left[end - size :]


def _introduction_ending(lines: Sequence[str], last: int) -> int:
    """Over how many lines, the last of them at `last`, a quotation is introduced; 0 if it is not."""
    if not lines[last].endswith(":"):
        return 0
    if _OPENING.match(lines[last]) and _INTRODUCTION.fullmatch(lines[last]):
        return 1
    for size in range(2, min(LONGEST_INTRODUCTION, last + 1) + 1):
        first = lines[last - size + 1]
        joined = " ".join(lines[last - size + 1 : last + 1])
        if not first or len(joined) > LONGEST_LINE:
            break
        if _OPENING.match(first) and _DATED.search(first) and _INTRODUCTION.fullmatch(joined):
            return size
    return 1 if _INTRODUCTION.fullmatch(lines[last]) else 0


def _divider(lines: Sequence[str]) -> int | None:
    """Where an unmarked quotation begins: at a divider, a block of header fields, or its introduction."""
    for place, line in enumerate(lines):
        if not line:
            continue
        if _DIVIDER.fullmatch(line) and (line.strip("_- ") or _has_fields(lines, place + 1)):
            return place
        if _FROM.match(line) and _has_fields(lines, place):
            return place
        if line.endswith(":") and (_SAID.search(line) or "@" in line):
            size = _introduction_ending(lines, place)
            if size:
                return place - size + 1
    return None


def _has_fields(lines: Sequence[str], start: int) -> bool:
    block = lines[start : start + _FIELDS_WITHIN]
    return sum(_FIELD.match(line) is not None for line in block) >= _FIELDS_LEAST


def _below_our_own(lines: Sequence[str]) -> list[str]:
    """What stands below an unmarked copy of our mail; nothing when its end is not found."""
    ends = [place for place, line in enumerate(lines) if line.casefold().rstrip() in _LAST_WORDS]
    return list(lines[ends[-1] + 1 :]) if ends else []


def _joined(lines: Sequence[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
