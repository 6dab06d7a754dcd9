"""The outbox: what waits for a gateway, is being handed over, or must be asked about.

Every function works inside the caller's transaction. A request's life follows `domain.request.TRANSITIONS`.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from service.clock import Moment
from service.domain.request import AccountId, Channel, Event, RequestId, State
from service.store import facts
from service.store.engine import Tx
from service.store.presence import ETERNITY
from service.store.tx import listed

NOBODY = 0
"""Holds a lease of which no worker is known."""


@dataclass(frozen=True, slots=True)
class Leased:
    """A request that is this process's to hand over. `sealed` opens with `Vault.opener`."""

    request: RequestId
    account: AccountId
    sealed: bytes = field(repr=False)
    day: int
    tries: int
    """Which try this is, from 1."""
    closes_at: Moment
    """End of its validity: no later than this may it be tried again."""
    language: str
    text: str = field(repr=False)
    handed_at: Moment
    """Since when replies can belong to it: from there its response window counts."""
    perhaps_taken: bool
    """An earlier try ended without a clear answer: a reply may belong to it."""


@dataclass(frozen=True, slots=True)
class Poll:
    """A request whose gateway should be asked what became of it."""

    request: RequestId
    gateway_id: str
    handed_at: Moment


def lease_due(
    tx: Tx, channel: Channel, now: Moment, until: Moment, limit: int, *, worker: int = NOBODY
) -> list[Leased]:
    """Take up to `limit` requests that are due on `channel`, until `until` at the latest; from now on
    replies can come."""
    rows = tx.all("due", channel=channel.value, now=now, limit=limit)
    if rows:
        keys = [row["request"] for row in rows]
        tx.send("lease", **listed(keys), now=now, until=until, worker=worker)
    return [
        Leased(
            request=UUID(bytes=row["request"]),
            account=AccountId(row["account"]),
            sealed=row["sealed"],
            day=row["day"],
            tries=row["tries"] + 1,
            closes_at=Moment(row["closes_at"]),
            language=row["language"],
            text=row["body"],
            handed_at=now if row["handed_at"] is None else Moment(row["handed_at"]),
            perhaps_taken=row["handed_at"] is not None,
        )
        for row in rows
    ]


def void_leases(tx: Tx, channel: Channel, now: Moment, *, worker: int = NOBODY, alive: int = ETERNITY) -> int:
    """What `worker`, or anybody not seen since `alive` (wall milliseconds; without it everybody), was handing
    over is due again. How many."""
    return tx.run("void_leases", channel=channel.value, now=now, worker=worker, alive=alive)


def return_leases(tx: Tx, channel: Channel, now: Moment, *, worker: int, but: Container[RequestId]) -> int:
    """What this worker has leased and does not know of is due again, but for those named: a transaction that
    leased them was committed, and nobody was told. How many."""
    held = [UUID(bytes=row["request"]) for row in tx.all("leases", channel=channel.value, worker=worker)]
    unknown = [request for request in held if request not in but]
    hold(tx, unknown)
    for request in unknown:
        defer(tx, request, due_at=now, taken=True, worker=worker)
    return len(unknown)


class Taken(NamedTuple):
    """The gateway took a message under an id of its own."""

    request: RequestId
    gateway_id: str | None
    handed_at: Moment
    poll_at: Moment | None


def mark_taken(tx: Tx, taken: Sequence[Taken], window_ms: int) -> None:
    """The gateway took these: erases their destinations, starts their response windows. Only SUBMITTED is
    entered here, and what a report said that came before an id was known."""
    ordered = sorted(taken)  # so that two processes never wait for each other in a circle
    keys = [one.request.bytes for one in ordered]
    hand(tx, ordered, window_ms)
    tx.send("set_submitted", **listed(keys))
    names = json.dumps([one.gateway_id for one in ordered])
    for row in tx.all("reports_waiting", ids=b"".join(keys), names=names):
        facts.move(tx, ordered[row["place"]].request, facts.fact(row), Event[row["event"]])


def hand(tx: Tx, taken: Sequence[Taken], window_ms: int) -> None:
    """These have left, and must not leave again; of some perhaps nobody knows the gateway's id."""
    if not taken:
        return
    ids = b"".join([one.request.bytes for one in taken])
    hands = json.dumps([(one.gateway_id, one.handed_at, one.poll_at) for one in taken])
    tx.send("hand", ids=ids, hands=hands, window=window_ms)


def defer(tx: Tx, request: RequestId, *, due_at: Moment, taken: bool, worker: int = NOBODY) -> None:
    """Try again at `due_at` what `worker` was the last to lease. `taken`: the gateway may have taken it all
    the same (no answer came), so that a reply may belong to this try; False when the gateway itself said no.
    """
    tx.send("defer", request=request.bytes, due_at=due_at, handed=taken, worker=worker)


def refuse(tx: Tx, request: RequestId) -> None:
    """The gateway refused it for good: FAILED, and nothing personal is kept. Unless a report or a reply has
    proved otherwise meanwhile."""
    if move(tx, request, Event.REFUSED) is State.FAILED:
        tx.send("drop_envelope", request=request.bytes)


def hold(tx: Tx, requests: Iterable[RequestId]) -> None:
    """Nobody else changes these before the transaction ends. Whoever changes several in an order of its own
    holds them first, in everybody's: so two processes never wait for each other in a circle."""
    tx.send("hold_requests", **listed(sorted([request.bytes for request in requests])))


def move(tx: Tx, request: RequestId, event: Event) -> State | None:
    """Let `event` happen to the request. The state it is in now; None when there is no such request."""
    fact = facts.of(tx, request)
    return None if fact is None else facts.move(tx, request, fact, event).state


def next_due(tx: Tx, channel: Channel, now: Moment) -> Moment | None:
    """When a queued request becomes due after `now`; a lease's end counts too. What is due already is for
    `lease_due`, or past its validity and for the sweep."""
    row = tx.one("next_due", channel=channel.value, now=now)
    return None if row is None else Moment(row["moment"])


def anything_due(tx: Tx, channel: Channel, now: Moment) -> bool:
    """Whether `lease_due` would find anything."""
    return tx.one("anything_due", channel=channel.value, now=now) is not None


def queued(tx: Tx, channel: Channel) -> int:
    """How many wait for the channel's gateway, those being handed over included."""
    return int(tx.sole("queued", channel=channel.value)["many"])


def polls_due(tx: Tx, channel: Channel, now: Moment, limit: int) -> list[Poll]:
    """What the gateway should be asked about."""
    rows = tx.all("polls_due", channel=channel.value, now=now, limit=limit)
    return [Poll(UUID(bytes=row["request"]), row["gateway_id"], Moment(row["handed_at"])) for row in rows]


def poll_again(tx: Tx, requests: Sequence[RequestId], at: Moment | None) -> None:
    """Ask about them at `at`, or (None) never again."""
    tx.many("poll_at", [{"request": request.bytes, "poll_at": at} for request in sorted(requests)])


def next_poll(tx: Tx, channel: Channel) -> Moment | None:
    """When the next question to the gateway is due."""
    moment = tx.sole("next_poll", channel=channel.value)["moment"]
    return None if moment is None else Moment(moment)


def anything_out(tx: Tx, channel: Channel, now: Moment) -> bool:
    """Whether a report or a reply can still come on this channel."""
    return tx.one("anything_out", channel=channel.value, now=now) is not None
