"""The numbers that do things (spec/gateway.md): one table for the behaviour, `belfort numbers` and the pages.

Grammar: `+32 450 FF PP LL`, family, parameter, lane. Lanes are a hundred different people with one habit.
Numbers of the block that stand in no row are ordinary inhabitants, as is every other Belgian mobile number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from simulator.people.calling import CallScript, Pickup, Turn
from simulator.people.script import Nine, Say, Script, Showing, Step, Telling, bare
from simulator.phrasebook.phenomena import BAD_PHENOMENA, GOOD_PHENOMENA
from simulator.phrasebook.phrase import Meaning, Utterance
from simulator.world import Accident, Address, Refusal

BLOCK = "+32450"
OWN = range(90, 100)
"""Families whose behaviour comes from `people.yaml`."""

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0

_MOBILE = re.compile(r"\+324[5-9][0-9]{7}")  # libphonenumber: 4[5-9] and seven digits
_LANDLINE = re.compile(
    r"\+32(?:80[2-8][0-9]{5}|(?:1[0-69]|[23][2-8]|4[23]|5[0-9]|6[013-57-9]|71|8[1-79]|9[2-4])[0-9]{6})"
)  # libphonenumber's Belgian geographic numbers
_MAGIC = re.compile(r"\+32450([0-9]{2})([0-9]{2})([0-9]{2})")

FAMILIES: Mapping[int, str] = {
    0: "answers the score PP",
    1: "good answers in hard clothes",
    2: "bad answers",
    3: "delivered, no answer",
    4: "not delivered",
    5: "answers 8, at a time",
    6: "repeats and order",
    7: "the submission itself fails; once accepted, answers 9",
    8: "voice",
    9: "answers 9 in a language",
    **dict.fromkeys(OWN, "the user's own, from people.yaml"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    family: int
    parameter: int
    does: str
    script: Script

    @property
    def pattern(self) -> str:
        """How the number is written, with `LL` for the lane."""
        return f"+32 450 {self.family:02} {self.parameter:02} LL"


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the block, taken apart. `row` is None for one that stands in no row."""

    family: int
    parameter: int
    lane: int
    row: Row | None


def _final(cause: str, after: float | None = None) -> Script:
    return Script(steps=(Step(cause, after),))


def _waits(cause: str, then: str, after: float) -> Script:
    return Script(steps=(Step(cause, None, Telling.QUIET), Step(then, after)))


def _untold(cause: str) -> Script:
    return Script(steps=(Step(cause, None, Telling.LOST), Step(cause, DAY, Telling.QUIET)))


def _answers(*scores: int) -> Script:
    return Script(says=tuple(Say(bare(score)) for score in scores))


def _answers_8(after: float, report: float | None = None) -> Script:
    return Script(steps=(Step("delivered", report),), says=(Say(bare(8), after),))


def _refuses(*tries: Refusal | Accident, for_good: bool = False) -> Script:
    return Script(says=(Say(bare(9)),), tries=tries, for_good=for_good)


def _called(*turns: Turn, pickup: Pickup = Pickup.HUMAN, leaves: float | None = None) -> Script:
    return Script(call=CallScript(pickup, turns, leaves))


LONG_PAUSE = 4.0
"""Seconds between the `1` and the `0` of 08 09: within the dialects' own timeout of 5 s, not within 3 s."""

_BAD = Utterance("banana", Meaning.NO_SCORE, None, "gibberish")
_LONG = Utterance(
    "9! De levering was vlot, de monteur vriendelijk en alles werkte meteen. Ik heb jullie al aan mijn "
    "buren en collega's aangeraden, en dat doe ik niet gauw. Doe zo voort, en bedankt voor de goede zorgen "
    "en het geduld.",
    Meaning.GOOD,
    9,
    "rambling",
)

_SPECIAL = (
    (3, 0, "silent", Script()),
    (3, 1, "off for 10 minutes, then delivered", _waits("absent", "delivered", 10 * MINUTE)),
    (3, 2, "off until the message expires, after a day", _waits("absent", "absent until expiry", DAY)),
    (3, 3, "memory full, delivered after 10 minutes", _waits("memory full", "delivered", 10 * MINUTE)),
    (3, 4, "delivered, the report is lost", _untold("no report")),
    (4, 1, "unknown subscriber", _final("unknown subscriber")),
    (4, 2, "call barred", _final("call barred")),
    (4, 3, "absent until the message expires, after a day", _waits("absent", "absent until expiry", DAY)),
    (4, 4, "rejected by the operator", _final("rejected by the operator")),
    (4, 5, "routed to the network, fails there after 30 s", _waits("under way", "system failure", 30)),
    (4, 6, "lost, and no report ever", _untold("lost without a report")),
    (5, 1, "after 1 s", _answers_8(1)),
    (5, 2, "after 5 minutes", _answers_8(5 * MINUTE)),
    (5, 3, "after 2 hours", _answers_8(2 * HOUR)),
    (5, 4, "after 25 hours", _answers_8(25 * HOUR)),
    (5, 5, "after 8 days, when the response window is over", _answers_8(8 * DAY)),
    (5, 6, "after 1 s, the delivery report follows after 10 s", _answers_8(1, report=10)),
    (5, 7, "after 73 hours, just after the response window", _answers_8(73 * HOUR)),
    (6, 1, "answers 9, and 9 again", _answers(9, 9)),
    (6, 2, "answers 3, then 9", _answers(3, 9)),
    (6, 3, "answers 9, then 3", _answers(9, 3)),
    (
        6,
        4,
        "answers 9; the delivery report comes twice",
        Script(steps=(Step("delivered"), Step("delivered", 3.0)), says=(Say(bare(9)),)),
    ),
    (
        6,
        5,
        "answers 9; after the final report comes an older one, still waiting",
        Script(steps=(Step("delivered"), Step("absent", 3.0)), says=(Say(bare(9)),)),
    ),
    (
        6,
        6,
        "answers 9 in a long text whose parts come out of order",
        Script(says=(Say(_LONG, parts_shuffled=True),)),
    ),
    (6, 7, "a bad answer, then 9", Script(says=(Say(_BAD), Say(bare(9))))),
    (6, 8, "9, then a bad answer", Script(says=(Say(bare(9)), Say(_BAD)))),
    (7, 0, "refused for good", _refuses(Refusal.REJECTED, for_good=True)),
    (7, 1, "throttled twice", _refuses(Refusal.THROTTLED, Refusal.THROTTLED)),
    (7, 2, "queue full once", _refuses(Refusal.QUEUE_FULL)),
    (7, 3, "the first try times out and is not accepted", _refuses(Accident.TIMES_OUT)),
    (7, 4, "accepted, then the connection is cut before the answer", _refuses(Accident.CUT_AFTER_ACCEPTING)),
    (7, 5, "unavailable (503) twice", _refuses(Refusal.UNAVAILABLE, Refusal.UNAVAILABLE)),
    (8, 1, "busy", _called(pickup=Pickup.BUSY)),
    (8, 2, "no answer", _called(pickup=Pickup.NO_ANSWER)),
    (8, 3, "voicemail picks up", _called(pickup=Pickup.VOICEMAIL)),
    (8, 4, "hangs up in the middle of the prompt", _called(leaves=0.5)),
    (8, 5, "presses 11; asked again, 9", _called(Turn("11"), Turn("9"))),
    (8, 6, "presses *", _called(Turn("*"))),
    (8, 7, "presses nothing", _called()),
    (8, 8, "presses 9 during the prompt", _called(Turn("9", early=0.5))),
    (8, 9, "presses 1, pauses for 4 s, presses 0", _called(Turn("10", gaps=(LONG_PAUSE,)))),
    (9, 1, "in Dutch", Script(says=(Say(Nine(1)),))),
    (9, 2, "in French", Script(says=(Say(Nine(2)),))),
    (9, 3, "in German", Script(says=(Say(Nine(3)),))),
    (9, 4, "in English", Script(says=(Say(Nine(4)),))),
    (9, 5, "in a text that forces UCS-2", Script(says=(Say(Nine(5)),))),
)


def _rows() -> Iterator[Row]:
    for score in range(11):
        yield Row(0, score, f"answers {score}", _answers(score))
    for family, phenomena in ((1, GOOD_PHENOMENA), (2, BAD_PHENOMENA)):
        for place, (slug, description) in enumerate(phenomena, 1):
            yield Row(family, place, f"{description} ({slug})", Script(says=(Say(Showing(slug)),)))
    for row in _SPECIAL:
        yield Row(*row)


ROWS: tuple[Row, ...] = tuple(_rows())
_BY_PLACE = {(row.family, row.parameter): row for row in ROWS}


def is_mobile(address: str) -> bool:
    """Whether `address` is a Belgian mobile number in E.164 (`+32…`)."""
    return _MOBILE.fullmatch(address) is not None


def is_landline(address: str) -> bool:
    """Whether `address` is a Belgian geographic number in E.164: it rings, and takes no SMS."""
    return _LANDLINE.fullmatch(address) is not None


def decode(address: str) -> Number | None:
    """The parts of a number of the block; None for any other address."""
    match = _MAGIC.fullmatch(address) if address.startswith(BLOCK) else None
    return None if match is None else taken_apart(match, _BY_PLACE)


def taken_apart(match: re.Match[str], rows: Mapping[tuple[int, int], Row]) -> Number:
    """Family, parameter and lane, the groups of `match`, with the row of that place."""
    family, parameter, lane = (int(part) for part in match.groups())
    return Number(family, parameter, lane, rows.get((family, parameter)))


def check_parts(*parts: int) -> None:
    """ValueError unless each is written with two digits."""
    if not all(0 <= part <= 99 for part in parts):
        raise ValueError("family, parameter and lane are from 00 to 99")


def number(family: int, parameter: int, lane: int = 0) -> Address:
    """The number of that family, parameter and lane, each 0..99; ValueError outside."""
    check_parts(family, parameter, lane)
    return Address(f"{BLOCK}{family:02}{parameter:02}{lane:02}")


def describe(address: str) -> str:
    """What stands behind an address, in a few words: `bad answers: two different scores (two-scores), lane
    42`."""
    if is_landline(address):
        return "an ordinary inhabitant, at a landline"
    if not is_mobile(address):
        return "not a Belgian mobile number"
    return inhabitant(decode(address))


def inhabitant(found: Number | None) -> str:
    """Who lives at an address that was taken apart."""
    if found is None or (found.row is None and found.family not in OWN):
        return "an ordinary inhabitant"
    family = FAMILIES[found.family]
    if found.row is None:
        return f"{family}, {found.parameter:02}, lane {found.lane:02}"
    does = found.row.does if found.family == 0 else f"{family}: {found.row.does}"
    return f"{does}, lane {found.lane:02}"


def as_json() -> list[dict[str, object]]:
    """The table for machines."""
    rows: list[dict[str, object]] = [
        {
            "family": f"{row.family:02}",
            "parameter": f"{row.parameter:02}",
            "number": row.pattern,
            "example": number(row.family, row.parameter, 1),
            "about": FAMILIES[row.family],
            "does": row.does,
        }
        for row in ROWS
    ]
    return rows


def as_markdown() -> str:
    """The table for the pages, a heading for each family."""
    lines: list[str] = []
    for family in sorted({row.family for row in ROWS}):
        lines += [f"### {family:02}: {FAMILIES[family]}", "", "| number | does |", "| --- | --- |"]
        lines += [f"| `{row.pattern}` | {_escaped(row.does)} |" for row in ROWS if row.family == family]
        lines.append("")
    lines += ["### 90 to 99: the user's own, from people.yaml", ""]
    return "\n".join(lines)


def as_text() -> str:
    """The table for a terminal."""
    lines: list[str] = []
    for family in sorted({row.family for row in ROWS}):
        lines.append(f"{family:02}  {FAMILIES[family]}")
        lines += [f"    {row.pattern}  {row.does}" for row in ROWS if row.family == family]
    lines.append("90 to 99  the user's own, from people.yaml")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
