"""What came back, settled wrongly: one person twice, the wrong one of several replies, one too few."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from service.clock import Moment
from service.counting import Heard, HeardReply, Stray, answered
from service.domain import answer
from service.domain.request import RequestId, State
from service.domain.verdict import Verdict
from service.settle import Settle, Settled
from service.store import facts
from service.store.changes import GOOD, OPEN, Outcome
from service.store.engine import Tx
from service.store.open_requests import OpenRequests

MOST_REMEMBERED = 100_000
TWIN = """
INSERT INTO request SELECT randomblob(16), survey, question, language, channel, segment_set, accepted_at,
                           state, failed, verdict, score FROM request WHERE id = ?
"""
KEPT = "CREATE TABLE IF NOT EXISTS kept_reply (text TEXT)"
KEEP = "INSERT INTO kept_reply (text) VALUES (?)"


class _Remembers(Settle):
    """Remembers who has answered which request, and may count what they write afterwards."""

    def __init__(self, *collaborators: Any, **options: Any) -> None:
        super().__init__(*collaborators, **options)
        self._answered: dict[Hashable, RequestId] = {}

    def count(self, known: OpenRequests, heard: Heard, now: Moment) -> Settled:
        if not isinstance(heard, HeardReply):
            return super().count(known, heard, now)
        found, reply = answered(known, heard, now), heard.reply
        settled = super().count(known, heard, now)
        person = reply.request or heard.sender
        if settled is Verdict.GOOD and found is not None and len(self._answered) < MOST_REMEMBERED:
            self._answered[person] = found.request
        elif settled is Stray.UNKNOWN_REPLY and person in self._answered:
            score = answer.read(reply.text, "und").score
            if score is not None:
                known.write()
                self.score_again(known.tx, self._answered[person], score)
        return settled

    def score_again(self, tx: Tx, request: RequestId, score: int) -> None:
        raise NotImplementedError


class CountsEveryReply(_Remembers):
    """Counts a person again with each further score, as a report that joins requests to replies does."""

    def score_again(self, tx: Tx, request: RequestId, score: int) -> None:
        fact = facts.of(tx, request)
        if fact is not None:  # the request once more, and in the roll-ups too
            tx._connection.execute(TWIN, (request.bytes,))
            tx.changes.made(fact.place)
            tx.changes.changed(fact.place, OPEN, fact.outcome)


class LastReplyWins(_Remembers):
    """Overwrites the score with that of each further reply, as an update without a condition does."""

    def score_again(self, tx: Tx, request: RequestId, score: int) -> None:
        fact = facts.of(tx, request)
        if fact is not None:
            facts.become(tx, request, fact, fact.state, Outcome(verdict=GOOD, score=score))


class FirstReplyWins(Settle):
    """Closes a request with the first reply, good or bad."""

    def count(self, known: OpenRequests, heard: Heard, now: Moment) -> Settled:
        if isinstance(heard, HeardReply):
            found = answered(known, heard, now)
            if found is not None and found.verdict is not None and known.is_first_copy(heard.copy):
                return Stray.FURTHER_BAD_REPLY
        return super().count(known, heard, now)


class NeedsReport(Settle):
    """Takes a reply only to what was reported delivered: one that overtakes its report is lost."""

    def count(self, known: OpenRequests, heard: Heard, now: Moment) -> Settled:
        if isinstance(heard, HeardReply):
            found = answered(known, heard, now)
            if found is not None and found.state in (State.ACCEPTED, State.SUBMITTED):
                known.is_first_copy(heard.copy)
                return Stray.UNKNOWN_REPLY
        return super().count(known, heard, now)


class KeepsReplies(Settle):
    """Keeps what people wrote, for later."""

    def count(self, known: OpenRequests, heard: Heard, now: Moment) -> Settled:
        if isinstance(heard, HeardReply):
            known.tx._connection.execute(KEPT)
            known.tx._connection.execute(KEEP, (heard.reply.text,))
        return super().count(known, heard, now)
