"""What a perfect service makes of one person's messages, and the report it gives (answers.md, survey-api.md).

Written from the pages alone, apart from the service: the two check each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import Enum
from zoneinfo import ZoneInfo

from simulator.world import Moment, Status

BRUSSELS = ZoneInfo("Europe/Brussels")
GOOD = "good"
DELIVERED = frozenset({Status.DELIVERED_TO_TERMINAL.value})
UNDELIVERED = frozenset({Status.DELIVERY_IMPOSSIBLE.value, Status.ADDRESS_INVALID.value})


class State(Enum):
    """Where a request stands, in the contract's words; QUEUED while the gateway has yet to take it."""

    QUEUED = "QUEUED"
    SUBMITTED = "SUBMITTED"
    DELIVERED = "DELIVERED"
    ANSWERED = "ANSWERED"
    FAILED = "FAILED"
    CLOSED = "CLOSED"


@dataclass(slots=True)
class Asked:
    """One question to one person, as the gateway saw it. `seq` orders everything that was seen."""

    seq: int
    at: Moment
    account: str
    channel: str
    address: str
    text: str = field(repr=False)
    reference: str | None = None
    message: str | None = None
    handed: tuple[int, Moment] | None = None
    """Number and moment of the hand-over; None while every try was refused."""
    refused: bool = False
    """Refused for good."""
    reports: list[tuple[int, Moment, str]] = field(default_factory=list)

    @property
    def counted_from(self) -> Moment:
        """The moment by which a period counts it."""
        return self.handed[1] if self.handed else self.at


@dataclass(frozen=True, slots=True)
class Written:
    """A reply as its writer meant it. `meaning` None: written by hand, and nobody said what it means."""

    id: str
    text: str = field(repr=False)
    meaning: str | None
    score: int | None


@dataclass(frozen=True, slots=True)
class Heard:
    """A reply as the peer acknowledged it, the first time."""

    seq: int
    at: Moment
    reply: Written
    about: int | None = None
    """The `seq` of the question it is addressed to (keys pressed in a call, mail to an address of its own);
    None: the latest open one."""


@dataclass(slots=True)
class Account:
    """What became of one question: its state, the replies it was given, and the one that counts."""

    asked: Asked
    state: State
    replies: list[tuple[Heard, str]] = field(default_factory=list)
    """Each reply with what it did: `good`, `bad`, `changes nothing`, or `unknown`."""
    counts: Written | None = None

    @property
    def response(self) -> str | None:
        """`good`, `bad`, or None without a response."""
        if self.counts is None:
            return None
        return "good" if self.counts.meaning == GOOD else "bad"


def settle(
    asked: Sequence[Asked], heard: Sequence[Heard], *, now: Moment, window_ms: int, validity_ms: int
) -> list[Account]:
    """What became of each question to one person on one channel, by `now`; in the order of `asked`."""
    accounts = [Account(each, _at_first(each, now, validity_ms)) for each in asked]
    handed: list[Account] = []
    still_open: list[Account] = []  # by hand-over: whose window is over stands before whose is not
    for _, at, account, what in sorted(_events(accounts, heard), key=lambda event: event[0]):
        if isinstance(what, Heard):
            latest = _addressee(what, still_open)
            if latest is not None and at >= _closes(latest.asked, window_ms):
                latest = None
            _take_reply(latest, what, otherwise=_addressee(what, handed))
            if latest is not None and latest.state is State.ANSWERED:
                still_open = [account for account in still_open if account is not latest]
        elif account is not None and what is None:
            handed.append(account)
            still_open.append(account)
        elif account is not None and what is not None and at < _closes(account.asked, window_ms):
            _take_report(account, what)
    for account in accounts:
        if account.state in (State.SUBMITTED, State.DELIVERED) and now >= _closes(account.asked, window_ms):
            account.state = State.CLOSED
    return accounts


Event = tuple[int, Moment, Account | None, str | Heard | None]
"""Number and moment; a question with None when it is handed over or a status when reported; or a reply."""


def _events(accounts: Iterable[Account], heard: Iterable[Heard]) -> Iterator[Event]:
    for account in accounts:
        if account.asked.handed:
            yield (*account.asked.handed, account, None)
        for seq, at, status in account.asked.reports:
            yield seq, at, account, status
    for each in heard:
        yield each.seq, each.at, None, each


def _addressee(heard: Heard, accounts: Sequence[Account]) -> Account | None:
    """The question that a reply is addressed to, or else the latest."""
    found = (each for each in reversed(accounts) if heard.about in (None, each.asked.seq))
    return next(found, None)


def _at_first(asked: Asked, now: Moment, validity_ms: int) -> State:
    if asked.handed:
        return State.SUBMITTED
    outlived = now >= asked.at + validity_ms
    return State.FAILED if asked.refused or outlived else State.QUEUED


def _closes(asked: Asked, window_ms: int) -> int:
    return asked.handed[1] + window_ms if asked.handed else 0


def _take_report(account: Account, status: str) -> None:
    """The first final report decides; a delivered or answered question cannot become undelivered."""
    if account.state is not State.SUBMITTED:
        return
    if status in DELIVERED:
        account.state = State.DELIVERED
    elif status in UNDELIVERED:
        account.state = State.FAILED


def _take_reply(account: Account | None, heard: Heard, *, otherwise: Account | None) -> None:
    """The first good reply closes; until then bad ones make it bad. Any reply proves delivery.

    With nothing open the reply changes nothing, and is shown with the question it comes after (`otherwise`).
    """
    reply = heard.reply
    if account is None:
        if otherwise is not None:
            otherwise.replies.append((heard, "changes nothing"))
    elif reply.meaning is None:
        account.replies.append((heard, "unknown"))
    elif reply.meaning == GOOD:
        account.replies.append((heard, "good"))
        account.state, account.counts = State.ANSWERED, reply
    else:
        account.replies.append((heard, "bad" if account.counts is None else "changes nothing"))
        account.state, account.counts = State.DELIVERED, account.counts or reply


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of a report."""

    requests: int = 0
    promoters: int = 0
    passives: int = 0
    detractors: int = 0
    bad: int = 0
    failed: int = 0

    @property
    def good(self) -> int:
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> int | None:
        """100 × (promoters − detractors) ÷ good, halves away from zero; None without a good response."""
        if not self.good:
            return None
        lead = self.promoters - self.detractors
        size = (200 * abs(lead) + self.good) // (2 * self.good)
        return size if lead > 0 else -size


def count(accounts: Iterable[Account]) -> Figures:
    """The figures of these questions together."""
    requests = promoters = passives = detractors = bad = failed = 0
    for each in accounts:
        requests += 1
        failed += each.state is State.FAILED
        if each.counts is None:
            continue
        score = each.counts.score if each.counts.meaning == GOOD else None
        bad += score is None
        if score is not None:
            promoters += score >= 9
            passives += 7 <= score <= 8
            detractors += score <= 6
    return Figures(requests, promoters, passives, detractors, bad, failed)


def report(
    figures: Figures, *, now: Moment, since: Moment, until: Moment, zone: tzinfo = BRUSSELS
) -> dict[str, object]:
    """The documented report (customer-survey-api.txt): these members and no others."""
    return {
        "date": wall_clock(now, BRUSSELS),
        "from": wall_clock(since, zone),
        "to": wall_clock(until, zone),
        "segments": [],
        "segmentMode": "ALL",
        "nps": {
            "promoters": figures.promoters,
            "detractors": figures.detractors,
            "score": figures.score,
        },
        "responseStatistics": {
            "totalRequests": figures.requests,
            "totalResponses": figures.good + figures.bad,
            "goodResponses": figures.good,
            "badResponses": figures.bad,
            "failed": figures.failed,
        },
    }


def wall_clock(moment: Moment, zone: tzinfo) -> str:
    """`2020-02-07T16:54:42.179`: local, with milliseconds and no offset."""
    seconds, rest = divmod(moment, 1000)
    return f"{datetime.fromtimestamp(seconds, zone):%Y-%m-%dT%H:%M:%S}.{rest:03}"
