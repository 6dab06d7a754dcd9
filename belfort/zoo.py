"""The bug zoo: known bugs, planted by composition into the parts that the service is built from.

Nothing in the product knows of them. Each is a mistake that real survey services make, and each must be
found by the oracle, which names whom it befell: that is how the oracle itself is tested.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from belfort.exits import Exit, Trouble
from service.clock import Moment
from service.domain import answer
from service.domain.nps import Split
from service.domain.request import Reply, RequestId
from service.domain.segments import SegmentMode
from service.domain.verdict import Reading, Verdict
from service.report import Findings, Report
from service.settle import Settle, Stray
from service.store import facts, responses
from service.store.changes import OPEN
from service.store.engine import Tx
from service.store.figures import Selection

FIRST_NUMBER = re.compile(r"\b(10|[0-9])\b")
MOST_REMEMBERED = 100_000

TWIN = """
INSERT INTO request SELECT randomblob(16), survey, question, language, channel, segment_set, accepted_at,
                           state, failed, verdict, score FROM request WHERE id = ?
"""


def first_number_wins(text: str, language: str, /) -> Reading:
    """Reads the first number it sees, as a regular expression in a hurry does: “2 keer gebeld, 9” is 2."""
    found = FIRST_NUMBER.search(text)
    if found is None:
        return answer.read(text, language)
    return Reading(Verdict.GOOD, int(found[0]), "the first number")


class SevenDetracts(Report):
    """Puts the boundary between detractors and passives one too high."""

    def findings(self, tx: Tx, selection: Selection, *, details: bool = False) -> Findings | None:
        found = super().findings(tx, selection, details=True)
        if found is None:
            return None
        split, sevens = found.total.split, found.total.scores[7]
        wrong = Split(split.promoters, split.passives - sevens, split.detractors + sevens)
        return replace(
            found, total=replace(found.total, split=wrong), details=found.details if details else None
        )


class CountsEveryReply(Settle):
    """Counts a person again with each further score, as a report that joins requests to replies does."""

    _answered: dict[bytes, RequestId]

    def settle_reply(self, tx: Tx, reply: Reply, now: Moment) -> Verdict | Stray:
        person = self._vault.fingerprint(reply.sender)
        found = responses.latest_open(tx, reply.channel, person, now)
        settled = super().settle_reply(tx, reply, now)
        answered = self.__dict__.setdefault("_answered", {})
        if settled is Verdict.GOOD and found is not None and len(answered) < MOST_REMEMBERED:
            answered[person] = found.request
        elif (
            settled is Stray.UNKNOWN_REPLY
            and person in answered
            and answer.read(reply.text, "und").score is not None
        ):
            _double(tx, answered[person])
        return settled


def _double(tx: Tx, request: RequestId) -> None:
    """The request once more, and in the roll-ups too."""
    fact = facts.of(tx, request)
    if fact is not None:
        tx._connection.execute(TWIN, (request.bytes,))
        tx.changes.made(fact.place)
        tx.changes.changed(fact.place, OPEN, fact.outcome)


class AnyMeansAll(Report):
    """Reads `segmentMode=ANY` as `ALL`."""

    def findings(self, tx: Tx, selection: Selection, *, details: bool = False) -> Findings | None:
        return super().findings(tx, replace(selection, mode=SegmentMode.ALL), details=details)


@dataclass(frozen=True, slots=True)
class Bug:
    """A planted bug: what it does, and the parts the service is built from instead of its own."""

    about: str
    parts: dict[str, Any]


BUGS = {
    "first-number-wins": Bug(
        "the first number in a reply is taken for the score", {"reader": first_number_wins}
    ),
    "double-count": Bug("a person who answers twice counts twice", {"settle": CountsEveryReply}),
    "boundary-6-7": Bug("a 7 is taken for a detractor", {"report": SevenDetracts}),
    "any-as-all": Bug("segmentMode ANY is read as ALL", {"report": AnyMeansAll}),
}


def parts_of(name: str) -> dict[str, Any]:
    """The parts of the service with this bug. `Trouble` for a name that is not in the zoo."""
    if name not in BUGS:
        raise Trouble(f"no bug {name!r} in the zoo; there are: {', '.join(BUGS)}", Exit.USAGE)
    return BUGS[name].parts
