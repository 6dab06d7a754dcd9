"""Reports and replies meet their requests.

A reply belongs to the latest open request to that person on that channel that was handed over, whatever its
account; each report and reply changes the figures at most once (survey-api "From a request to a response").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from service.clock import Moment
from service.domain.request import AccountId, Channel, Event, RequestId, State
from service.store import facts
from service.store.changes import GOOD, Outcome
from service.store.engine import Row, Tx
from service.store.facts import Fact


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that can still change: its envelope is there and its survey is not deleted."""

    request: RequestId
    account: AccountId
    fact: Fact
    fingerprint: bytes = field(repr=False)
    queued: bool
    """The gateway's answer to the submission is not known yet."""
    polled: bool
    """The gateway is to be asked what became of it."""
    handed_at: Moment | None
    closes_at: Moment

    @property
    def language(self) -> str:
        """Of the question."""
        return self.fact.place.language

    @property
    def state(self) -> State:
        """Where it is in its life."""
        return self.fact.state

    @property
    def verdict(self) -> str | None:
        """Of the response that counts so far."""
        return self.fact.outcome.verdict or None


@dataclass(frozen=True, slots=True)
class Asked:
    """The question of a request. `open`: an answer to it still counts."""

    text: str = field(repr=False)
    language: str
    open: bool


def asked(tx: Tx, request: RequestId, now: Moment) -> Asked | None:
    """What a person is asked by this request; None when there is no such request, or its survey is gone."""
    row = tx.one("asked", request=request.bytes)
    if row is None:
        return None
    return Asked(row["body"], row["language"], row["closes_at"] is not None and row["closes_at"] > now)


def by_request(tx: Tx, request: RequestId) -> OpenRequest | None:
    """The open request of this id. Its window may have ended a moment ago: compare `closes_at`."""
    row = tx.one("open_by_request", request=request.bytes)
    return None if row is None else _open(row, request)


def by_gateway_id(tx: Tx, channel: Channel, gateway_id: str) -> OpenRequest | None:
    """The open request that the gateway knows by this id."""
    row = tx.one("request_by_gateway_id", channel=channel.value, gateway_id=gateway_id)
    return None if row is None else by_request(tx, UUID(bytes=row["request"]))


def to_person(tx: Tx, channel: Channel, gateway_ids: Iterable[str], fingerprint: bytes) -> OpenRequest | None:
    """The open request to this person that the gateway knows by the first of these ids that fits."""
    for gateway_id in gateway_ids:
        row = tx.one(
            "requests_to_person", channel=channel.value, gateway_id=gateway_id, fingerprint=fingerprint
        )
        if row is not None:
            return by_request(tx, UUID(bytes=row["request"]))
    return None


def is_being_handed_over(tx: Tx, channel: Channel, fingerprint: bytes) -> bool:
    """Whether a message to this person may be with the gateway under an id that is not known yet. Whoever is
    writing one down at this moment is waited for, and has done so."""
    return tx.one("being_handed_over", channel=channel.value, fingerprint=fingerprint) is not None


def keep_early(
    tx: Tx,
    channel: Channel,
    gateway_ids: Iterable[str],
    fingerprint: bytes,
    event: Event,
    expires_at: Moment,
) -> None:
    """Let a report wait for the id of a message to this person."""
    rows = [
        {
            "channel": channel.value,
            "gateway_id": gateway_id,
            "fingerprint": fingerprint,
            "event": event.name,
            "expires_at": expires_at,
        }
        for gateway_id in gateway_ids
    ]
    tx.many("keep_early_report", rows)


def latest_open(tx: Tx, channel: Channel, fingerprint: bytes, now: Moment) -> OpenRequest | None:
    """The request that a reply from this person on this channel belongs to."""
    row = tx.one("latest_handed", channel=channel.value, fingerprint=fingerprint, now=now)
    return None if row is None else _open(row, UUID(bytes=row["request"]))


def record_bad(tx: Tx, request: RequestId, verdict: str, state: State) -> None:
    """Count one bad response, if none is counted yet; move to `state`."""
    fact = facts.of(tx, request)
    if fact is not None:
        outcome = fact.outcome._replace(failed=False, verdict=fact.outcome.verdict or verdict)
        facts.become(tx, request, fact, state, outcome)


def record_good(tx: Tx, request: RequestId, score: int, state: State, fact: Fact | None = None) -> None:
    """Count the good response in place of any bad one, move to `state`, and let go of all that is
    personal. `fact`: as this transaction has just read it."""
    if fact is None:
        fact = facts.of(tx, request)
    if fact is not None:
        facts.become(tx, request, fact, state, Outcome(verdict=GOOD, score=score))
    tx.send("drop_envelope", request=request.bytes)


def opt_out(tx: Tx, account: AccountId, fingerprint: bytes, now: Moment) -> None:
    """This account never writes to this person again."""
    tx.send("opt_out", account=account, fingerprint=fingerprint, now=now)


def opt_out_everywhere(tx: Tx, fingerprint: bytes) -> bool:
    """A STOP from a person without an open request, to a short number that all accounts share: none of those
    that have written to them writes again. False when none has, as far as is still known."""
    return tx.run("opt_out_everywhere", fingerprint=fingerprint) > 0


def first_copy(tx: Tx, digest: bytes, expires_at: Moment) -> bool:
    """Whether this reply (keyed hash of channel and message id) was not taken before; it is now."""
    return tx.run("take_reply", digest=digest, expires_at=expires_at) > 0


def _open(row: Row, request: RequestId) -> OpenRequest:
    return OpenRequest(
        request=request,
        account=AccountId(row["account"]),
        fact=facts.fact(row),
        fingerprint=row["fingerprint"],
        queued=row["due_at"] is not None,
        polled=row["poll_at"] is not None,
        handed_at=None if row["handed_at"] is None else Moment(row["handed_at"]),
        closes_at=Moment(row["closes_at"]),
    )
