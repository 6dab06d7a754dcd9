"""Endings: requests whose time is over, deleted surveys, keys and traces that nobody needs any more.

Everything goes in slices of bounded size, so that no ending holds up the writer and each fits a full disk's
reserve.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from service.clock import Moment
from service.domain.request import Event, State, after
from service.store import facts
from service.store.engine import Tx

_OF_A_SURVEY = ("drop_requests", "drop_figures", "drop_details", "drop_segment_sets")
_FORGETTING = (
    "drop_contacts",
    "drop_answers",
    "drop_taken_replies",
    "drop_early_reports",
    "drop_long_replies",
)


@dataclass(frozen=True, slots=True)
class Swept:
    """What one slice of a sweep did, and what is left."""

    ended: Counter[State]
    """How many requests ended, by their last state."""
    keys_destroyed: int
    erased: bool
    """Something was removed, which the write-ahead log may still show."""
    more: bool
    """The slice was full: there may be more to do at once."""
    next_closing: Moment | None
    """When the next window or validity ends."""
    keys_left: bool
    """A data key is still needed."""


def sweep(tx: Tx, now: Moment, wall: float, limit: int) -> Swept:
    """End, at most `limit` of each kind, what is over at `now` (tokens: at `wall`, seconds).

    When keys were destroyed `Vault.forget` must follow the commit."""
    purged = purge_deleted(tx, limit)
    ended = close_expired(tx, now, limit)
    keys_destroyed = _destroy_keys(tx)  # before contacts: a send call holds the two in this order
    forgotten = [tx.run(query, now=now, limit=limit) for query in _FORGETTING]
    forgotten.append(tx.run("drop_expired_tokens", wall=int(wall * 1000), limit=limit))
    return Swept(
        ended,
        keys_destroyed,
        erased=purged or ended.total() + sum(forgotten) + keys_destroyed > 0,
        more=purged or max(ended.total(), *forgotten) >= limit,
        next_closing=next_closing(tx),
        keys_left=tx.one("any_data_key") is not None,
    )


def _destroy_keys(tx: Tx) -> int:
    """Those that seal nothing any more. What somebody is sealing is waited for, and then seen."""
    if not tx.all("unneeded_data_keys"):
        return 0
    tx.all("hold_data_keys")
    return tx.run("destroy_data_keys")


def close_expired(tx: Tx, now: Moment, limit: int) -> Counter[State]:
    """End up to `limit` requests whose window or validity is over; how many ended in each state."""
    rows = tx.all("expired", now=now, limit=limit)
    ended = [(facts.fact(row), _end(row["due_at"], State(row["state"]))) for row in rows]
    for row, (fact, state) in zip(rows, ended, strict=True):
        if state is not fact.state:
            outcome = fact.outcome._replace(failed=state is State.FAILED)
            facts.become(tx, UUID(bytes=row["request"]), fact, state, outcome)
    tx.many("drop_envelope", [{"request": row["request"]} for row in rows])
    return Counter(state for _, state in ended)


def next_closing(tx: Tx) -> Moment | None:
    """When the next window or validity ends."""
    moment = tx.sole("next_closing")["moment"]
    return None if moment is None else Moment(moment)


def purge_deleted(tx: Tx, limit: int) -> bool:
    """Remove a slice of what belonged to deleted surveys; True while there may be more."""
    row = tx.one("deleted_survey")
    if row is None:
        return False
    survey = row["id"]
    if not any(tx.run(query, survey=survey, limit=limit) for query in _OF_A_SURVEY):
        tx.run("drop_survey", survey=survey)
    return True


def _end(due_at: int | None, state: State) -> State:
    queued = due_at is not None and state is State.ACCEPTED
    return after(state, Event.OUTLIVED if queued else Event.WINDOW_ENDED)
