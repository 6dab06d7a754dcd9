"""Reports and replies meet their requests: statements about many of them at once.

A reply belongs to the latest open request to that person on that channel that was handed over, whatever its
account; each report and reply changes the figures at most once (survey-api "From a request to a response").
`OpenRequests` puts these together.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar
from uuid import UUID

from service.clock import Moment
from service.domain.request import AccountId, Event, RequestId, State
from service.store import facts
from service.store.changes import NO_SCORE, Outcome
from service.store.engine import Row, Tx
from service.store.facts import Fact
from service.store.tx import listed

_Key = TypeVar("_Key")
Found = Callable[[], dict[_Key, bytes | None]]
"""Gives the request of each that was asked about. What is asked until somebody calls travels together."""


class Person(NamedTuple):
    """Somebody on a channel: by its name, and the fingerprint of their destination, 32 bytes."""

    channel: str
    fingerprint: bytes


class Named(NamedTuple):
    """A message as its gateway names it."""

    channel: str
    gateway_id: str


class Addressed(NamedTuple):
    """A message as its gateway names it, to somebody."""

    channel: str
    gateway_id: str
    fingerprint: bytes


@dataclass(slots=True)
class OpenRequest:
    """A request that can still change: its envelope is there and its survey is not deleted."""

    key: bytes
    """Its id."""
    account: AccountId
    fact: Fact
    fingerprint: bytes = field(repr=False)
    queued: bool
    """The gateway's answer to the submission is not known yet."""
    polled: bool
    """The gateway is to be asked what became of it."""
    gateway_id: str | None
    handed_at: Moment | None
    closes_at: Moment

    @property
    def request(self) -> RequestId:
        """Its id."""
        return UUID(bytes=self.key)

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

    @property
    def person(self) -> Person:
        """Whom it went to."""
        return Person(self.fact.place.channel, self.fingerprint)


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
    return open_of(tx, [request.bytes]).get(request.bytes)


def open_of(tx: Tx, keys: Collection[bytes]) -> dict[bytes, OpenRequest]:
    """Those of these requests that are open, by their ids; nobody else changes them before this transaction
    ends."""
    if not keys:
        return {}
    rows = tx.all("open_requests", **listed(keys))
    return {row["request"]: _open(row) for row in rows}


def latest_handed(tx: Tx, people: Mapping[Person, Moment]) -> Found[Person]:
    """The request that a reply of each of them belongs to, at a moment."""
    asked = json.dumps([(person.channel, now) for person, now in people.items()])
    return _asked(tx, "latest_handed", list(people), people=_prints(people), asked=asked)


def by_gateway_ids(tx: Tx, names: Sequence[Named]) -> Found[Named]:
    """The requests that the gateway knows by these ids."""
    return _asked(tx, "requests_by_gateway_ids", names, ids=json.dumps(names))


def to_people(tx: Tx, messages: Sequence[Addressed]) -> Found[Addressed]:
    """Of the requests to each person that the gateway knows by an id, the latest."""
    return _asked(tx, "requests_to_people", messages, people=_prints(messages), ids=_names(messages))


def being_handed_over(tx: Tx, people: Collection[Person]) -> dict[Person, list[bytes]]:
    """Requests to these people of which a message may be with the gateway under an id that is not known yet.
    Somebody may be writing one down at this moment: `open_of` waits for that."""
    channels = json.dumps([person.channel for person in people])
    found: dict[Person, list[bytes]] = {}
    for row in tx.all("being_handed_over", people=_prints(people), channels=channels):
        found.setdefault(Person(row["channel"], row["fingerprint"]), []).append(row["request"])
    return found


def early_reports(tx: Tx, messages: Sequence[Addressed]) -> dict[Addressed, Event | None]:
    """What reports said of these messages before their ids were known."""
    found: dict[Addressed, Event | None] = dict.fromkeys(messages)
    if messages:
        for row in tx.all("early_reports", people=_prints(messages), ids=_names(messages)):
            found[messages[row["place"]]] = Event[row["event"]]
    return found


def keep_early(tx: Tx, reports: Mapping[Addressed, tuple[Event, Moment]]) -> None:
    """Let these reports wait for the ids of their messages, until a moment."""
    if not reports:
        return
    messages = sorted(reports)
    rows = [(one.channel, one.gateway_id, reports[one][0].name, reports[one][1]) for one in messages]
    tx.send("keep_early_reports", people=_prints(messages), reports=json.dumps(rows))


def first_copies(tx: Tx, replies: Mapping[bytes, Moment]) -> Callable[[], set[bytes]]:
    """Which of these replies (keyed hashes of channel and message id, and until when to remember them) were
    not taken before; they are now."""
    if not replies:
        return set
    digests = sorted(replies)
    ends = json.dumps([replies[digest] for digest in digests])
    rows = tx.ask("take_replies", digests=b"".join(digests), ends=ends)
    return lambda: {row["digest"] for row in rows()}


def set_states(tx: Tx, states: Mapping[bytes, State]) -> None:
    """Move requests between states that no report tells apart."""
    if not states:
        return
    tx.send("set_states", ids=b"".join(states), states=json.dumps(list(states.values())))


def set_outcomes(tx: Tx, outcomes: Mapping[bytes, tuple[State, Outcome]]) -> None:
    """Write states and outcomes down; `tx.changes` is told beside."""
    if not outcomes:
        return
    rows = [
        (state, int(outcome.failed), outcome.verdict or None, _score(outcome))
        for state, outcome in outcomes.values()
    ]
    tx.send("set_outcomes", ids=b"".join(outcomes), outcomes=json.dumps(rows))


def drop_envelopes(tx: Tx, keys: Collection[bytes]) -> None:
    """Let go of all that is personal about these requests."""
    if not keys:
        return
    tx.send("drop_envelopes", **listed(keys))


def ask_no_more(tx: Tx, keys: Collection[bytes]) -> None:
    """What became of these requests is known."""
    if not keys:
        return
    tx.send("ask_no_more", **listed(keys))


def opt_out(tx: Tx, account: AccountId, fingerprint: bytes, now: Moment) -> None:
    """This account never writes to this person again."""
    all_opt_out(tx, {(account, fingerprint): now})


def all_opt_out(
    tx: Tx, people: Mapping[tuple[AccountId, bytes], Moment], everywhere: Collection[bytes] = ()
) -> None:
    """These accounts never write to these people again, and none that is known to have written to those whom
    `everywhere` names. Person by person, as `acceptance.claim` does, so that two processes never wait for
    each other in a circle."""
    asked: dict[bytes, list[tuple[str, dict[str, object]]]] = {}
    for fingerprint in everywhere:
        asked[fingerprint] = [("opt_out_everywhere", {"fingerprint": fingerprint})]
    for account, fingerprint in sorted(people):
        row = {"account": account, "fingerprint": fingerprint, "now": people[account, fingerprint]}
        asked.setdefault(fingerprint, []).append(("opt_out", row))
    for fingerprint in sorted(asked):
        for query, row in asked[fingerprint]:
            tx.send(query, **row)


def opt_out_everywhere(tx: Tx, fingerprint: bytes) -> bool:
    """A STOP from a person without an open request, to a short number that all accounts share: none of those
    that have written to them writes again. False when none has, as far as is still known."""
    return tx.run("opt_out_everywhere", fingerprint=fingerprint) > 0


def _asked(tx: Tx, query: str, asked: Sequence[_Key], /, **params: object) -> Found[_Key]:
    if not asked:
        return dict
    rows = tx.ask(query, **params)
    return lambda: {asked[row["place"]]: row["request"] for row in rows()}


def _prints(people: Iterable[Person | Addressed]) -> bytes:
    return b"".join([one.fingerprint for one in people])


def _names(messages: Iterable[Addressed]) -> str:
    return json.dumps([(one.channel, one.gateway_id) for one in messages])


def _score(outcome: Outcome) -> int | None:
    return None if outcome.score == NO_SCORE else outcome.score


def _open(row: Row) -> OpenRequest:
    handed_at = row["handed_at"]
    return OpenRequest(
        key=row["request"],
        account=AccountId(row["account"]),
        fact=facts.fact(row),
        fingerprint=row["fingerprint"],
        queued=row["due_at"] is not None,
        polled=row["poll_at"] is not None,
        gateway_id=row["gateway_id"],
        handed_at=None if handed_at is None else Moment(handed_at),
        closes_at=Moment(row["closes_at"]),
    )
