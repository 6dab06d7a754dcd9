"""Endings: requests whose time is over, deleted surveys, keys and traces that nobody needs any more.

Everything goes in slices of bounded size, so that no ending holds up the writer and each fits a full disk's
reserve.
"""

from __future__ import annotations

from collections import Counter

from service.clock import Moment
from service.domain.request import Event, State, after
from service.store.engine import Tx

_FORGETTING = ("drop_contacts", "drop_answers", "drop_taken_replies")


def close_expired(tx: Tx, now: Moment, limit: int) -> Counter[State]:
    """End up to `limit` requests whose window or validity is over; how many ended in each state."""
    rows = tx.all("expired", now=now, limit=limit)
    ended = [(row["request"], State(row["state"]), _end(row["due_at"], State(row["state"]))) for row in rows]
    tx.many("set_failed", _changed(ended, State.FAILED))
    tx.many("set_state", _changed(ended, State.CLOSED))
    tx.many("drop_envelope", [{"request": request} for request, _, _ in ended])
    return Counter(state for _, _, state in ended)


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
    if tx.run("drop_requests", survey=survey, limit=limit) or tx.run("drop_tally", survey=survey):
        return True
    if tx.run("drop_segment_sets", survey=survey, limit=limit):
        return True
    tx.run("drop_survey", survey=survey)
    return True


def destroy_keys(tx: Tx) -> int:
    """Destroy the data keys that nothing is sealed with any more; how many. Then let `Vault.forget`
    follow."""
    return tx.run("destroy_data_keys")


def keys_left(tx: Tx) -> bool:
    """Whether a data key is still needed."""
    return tx.one("any_data_key") is not None


def forget(tx: Tx, now: Moment, wall: float, limit: int) -> int:
    """Drop contacts, first answers, taken replies and tokens that are over; how many, at most `limit` of
    each."""
    gone = sum(tx.run(query, now=now, limit=limit) for query in _FORGETTING)
    return gone + tx.run("drop_expired_tokens", wall=int(wall * 1000), limit=limit)


def _end(due_at: int | None, state: State) -> State:
    queued = due_at is not None and state is State.ACCEPTED
    return after(state, Event.OUTLIVED if queued else Event.WINDOW_ENDED)


def _changed(ended: list[tuple[bytes, State, State]], to: State) -> list[dict[str, object]]:
    return [
        {"request": request, "state": state}
        for request, before, state in ended
        if state is to and before is not to
    ]
