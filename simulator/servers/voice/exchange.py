"""The exchange: every call of this world, those under way as lines, those that are over as they ended.

It is the carrier's course for voice, and the outlet by which reports and keys come back.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Iterable
from typing import cast

from simulator.callee import decide
from simulator.calls.call import Call
from simulator.carrier import Carrier
from simulator.clock import Clock
from simulator.delivery import Message
from simulator.faults.desk import FaultDesk
from simulator.journal import Entry, Journal, Kind
from simulator.people.subscriber import Subscriber
from simulator.servers.voice.documents import Switch
from simulator.servers.voice.fetch import Asker
from simulator.servers.voice.line import Line
from simulator.servers.voice.options import Options
from simulator.wire.calls_order import CallOrder
from simulator.world import (
    Accepted,
    Address,
    Botched,
    Channel,
    Moment,
    Refused,
    ReplyOut,
    ReportOut,
    Submission,
)


class Exchange:
    """Takes orders, and gives calls by their sid."""

    def __init__(
        self,
        carrier: Carrier,
        *,
        clock: Clock,
        journal: Journal,
        faults: FaultDesk,
        asker: Asker,
        options: Options,
    ) -> None:
        self._carrier, self._clock, self._journal, self._options = carrier, clock, journal, options
        self._switch = Switch(clock, journal, faults, carrier.returns, asker, options, self)
        self._ending: set[asyncio.Task[None]] = set()
        self._lines: OrderedDict[str, Line] = OrderedDict()
        self._count = 0
        self._under_way: Counter[str] = Counter()
        self._unsettled: set[str] = set()
        self._dials: dict[str, Moment] = {}
        self._leave = [
            carrier.attach(Channel.VOICE, self),
            journal.listen(self._hear, frozenset({Kind.WORLD_RESET})),
        ]
        carrier.entrust(Channel.VOICE, self._begin)

    async def close(self) -> None:
        """Stop every call where it stands."""
        for leave in self._leave:
            leave()
        self._clock.call_off(self)
        await asyncio.gather(*(line.close() for line in self._lines.values()), *self._ending)
        self._lines.clear()

    @property
    def waiting(self) -> int:
        """Calls under way, and what their peers have yet to take."""
        self._unsettled = {sid for sid in self._unsettled if _is_unsettled(self._lines.get(sid))}
        return sum(max(1, self._lines[sid].waiting) for sid in self._unsettled)

    @property
    def under_way(self) -> int:
        """Calls that are not over."""
        return sum(self._under_way.values())

    # Orders

    def is_full(self, account: str) -> bool:
        """Whether an account has as many calls under way as it may."""
        return bool(self._options.at_once) and self._under_way[account] >= self._options.at_once

    def take(self, order: CallOrder) -> Accepted | Refused | Botched:
        """Make a call, or say why not."""
        text = order.document.url if order.document else (order.twiml or "")
        return self._carrier.submit(
            Submission(
                order.account,
                Channel.VOICE,
                Address(order.to),
                order.sender,
                text,
                order.reference,
                slip=order,
            )
        )

    def _begin(self, message: Message, who: Subscriber) -> None:
        """Let the person decide, and dial as soon as the account's rate allows."""
        town, order = self._carrier.town, cast(CallOrder, message.submission.slip)
        conduct = decide(who, town.population, message.nth, town.streams)
        self._switch.note(Kind.PERSON_DECIDED, message, **conduct.facts())
        self._count += 1
        call = Call(sid_of(message.id), message.id, order, message.at, message.at, self._count)
        account = order.account
        self._under_way[account] += 1
        line = Line(self._switch, call, message, conduct, over=lambda: self._ended(account))
        self._lines[call.sid] = line
        self._unsettled.add(call.sid)
        self._forget()
        self._clock.call_at(self._dial_at(account), line.dial, self)

    def _dial_at(self, account: str) -> Moment:
        now, rate = self._clock.now(), self._options.per_second
        if not rate:
            return now
        at = max(now, self._dials.get(account, now))
        self._dials[account] = Moment(at + round(1000 / rate))
        return at

    def _ended(self, account: str) -> None:
        self._under_way[account] -= 1

    def _forget(self) -> None:
        """Drop the oldest calls that are over and told."""
        if len(self._lines) <= self._options.keep:
            return
        for sid, line in self._lines.items():
            if line.call.is_over and not line.waiting:
                del self._lines[sid]
                return

    # Calls

    def line(self, sid: str) -> Line | None:
        """One call."""
        return self._lines.get(sid)

    def lines(self) -> Iterable[Line]:
        """Every call that is known, newest first."""
        return reversed(self._lines.values())

    def remove(self, sid: str) -> None:
        """Forget a call that is over."""
        self._lines.pop(sid, None)

    # What comes back

    def report(self, report: ReportOut) -> None:
        line = self._lines.get(sid_of(report.message))
        if line is not None:
            line.tell(report)

    def reply(self, reply: ReplyOut) -> None:
        """Keys travel with the request for the next document, which is on its way already."""

    def _hear(self, entry: Entry) -> None:
        """A new world begins: the calls belong to the old one."""
        if entry.kind is not Kind.WORLD_RESET:
            return
        self._clock.call_off(self)
        for line in self._lines.values():
            task = asyncio.get_running_loop().create_task(line.close())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
        self._lines.clear()
        self._under_way.clear()
        self._unsettled.clear()
        self._dials.clear()


def _is_unsettled(line: Line | None) -> bool:
    """Whether something of a call is still to come."""
    return line is not None and (not line.call.is_over or line.waiting > 0)


def sid_of(message: str) -> str:
    """The call sid of a message: `CA` and 32 digits, as the SDKs expect."""
    return f"CA{message:0>32}"
