"""The facts of one request, changed together with the roll-ups of them."""

from __future__ import annotations

from typing import NamedTuple

from service.domain.request import Event, RequestId, State, after
from service.store.changes import NO_SCORE, NO_VERDICT, Outcome, Place
from service.store.tx import Row, Tx

_STATES = {state.value: state for state in State}


class Fact(NamedTuple):
    """A request as it is written down."""

    place: Place
    state: State
    outcome: Outcome


def of(tx: Tx, request: RequestId) -> Fact | None:
    """The facts, held against others until the transaction ends; None when there is no such request."""
    row = tx.one("facts", request=request.bytes)
    return None if row is None else fact(row)


def fact(row: Row) -> Fact:
    """From the columns of the table."""
    return Fact(
        Place(row["survey"], row["segment_set"], row["channel"], row["language"], row["accepted_at"]),
        _STATES[row["state"]],
        Outcome(
            bool(row["failed"]),
            NO_VERDICT if row["verdict"] is None else row["verdict"],
            NO_SCORE if row["score"] is None else row["score"],
        ),
    )


def move(tx: Tx, request: RequestId, fact: Fact, event: Event) -> Fact:
    """Let `event` happen to a request whose facts this transaction has just read; the facts afterwards."""
    state = after(fact.state, event)
    if state is fact.state:
        return fact
    outcome = fact.outcome
    if outcome.failed != (state is State.FAILED):
        outcome = outcome._replace(failed=state is State.FAILED)
    become(tx, request, fact, state, outcome)
    return Fact(fact.place, state, outcome)


def become(tx: Tx, request: RequestId, before: Fact, state: State, outcome: Outcome) -> None:
    """Write another state and outcome down."""
    if outcome == before.outcome:
        tx.send("set_state", request=request.bytes, state=state)
        return
    tx.send(
        "set_outcome",
        request=request.bytes,
        state=state,
        failed=int(outcome.failed),
        verdict=outcome.verdict or None,
        score=None if outcome.score == NO_SCORE else outcome.score,
    )
    tx.changes.changed(before.place, before.outcome, outcome)
