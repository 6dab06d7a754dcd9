"""Waiting for messages to match: told by the journal, never by looking again and again.

Every journal entry about a message makes that message a candidate; candidates are looked at once the loop
comes round, when the carrier has noted everything. Time runs on the world's clock, or on this machine's while
the world's stands still.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from simulator.clock import Mode
from simulator.delivery import ALL, Message, Which
from simulator.journal import Entry, Kind, Match
from simulator.servers.control.desk import Desk, World
from simulator.servers.problems import Problem
from simulator.world import MessageId, Moment

NEAR_MISSES = 5
NEAR_SEARCH = 2_000
MOST_FOUND = 100_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages are meant. `heard`: the peer has taken a reply; `reply`: part of what was written."""

    which: Which = ALL
    heard: bool = False
    reply: str | None = None

    def takes(self, message: Message, wrote: Iterable[str] = ()) -> bool:
        """Whether every condition holds."""
        return (
            self.which.takes(message)
            and (not self.heard or heard_replies(message) > 0)
            and self.takes_reply(wrote)
        )

    def differences(self, message: Message, wrote: Iterable[str]) -> list[str]:
        """Every condition that does not hold, in words."""
        which, told = self.which, message.submission
        checks = (
            ("to", which.to, told.to),
            ("account", which.account, told.account),
            ("channel", which.channel and which.channel.value, told.channel.value),
            ("reference", which.reference, told.reference),
            ("state", which.state and which.state.value, message.state.value),
        )
        found = [
            f"{name} is {now}, not {wanted}" for name, wanted, now in checks if wanted not in (None, now)
        ]
        if which.replied and not message.replies:
            found.append("the person has not written")
        if self.heard and not heard_replies(message):
            found.append("no reply was taken by the peer")
        if which.text is not None and which.text.casefold() not in told.text.casefold():
            found.append(f"the text does not hold {which.text!r}")
        if not self.takes_reply(wrote):
            found.append(f"wrote {list(wrote)!r}, which does not hold {self.reply!r}")
        return found

    def means(self, message: Message) -> bool:
        """Whether `message` is to whom, and under the reference, that is asked about; false if neither is."""
        to, reference, told = self.which.to, self.which.reference, message.submission
        return (
            (to is not None or reference is not None)
            and to in (None, told.to)
            and reference in (None, told.reference)
        )

    def takes_reply(self, wrote: Iterable[str]) -> bool:
        """Whether one of the texts is the one that is waited for."""
        return self.reply is None or any(self.reply.casefold() in text.casefold() for text in wrote)


def heard_replies(message: Message) -> int:
    """How many replies to `message` the peer has taken."""
    return sum(event.what == "reply handed" for event in message.events)


NearMiss = tuple[Message, list[str]]


async def wait(
    desk: Desk, wanted: Wanted, *, after: int, count: int, within: float
) -> tuple[list[Message], list[NearMiss]]:
    """Up to `count` messages that match, oldest first; when time is over fewer, and near misses."""
    watch = _Watch(desk.world, wanted, after, count)
    stop = desk.world.journal.listen(watch.hear)
    try:
        watch.look_at_all()
        await _until(desk, watch, within)
    finally:
        stop()
    found = watch.found()
    return found, [] if len(found) >= count else watch.near_misses()


async def _until(desk: Desk, watch: _Watch, within: float) -> None:
    """Return when enough match or the time is over; Problem 503 when the simulator stops meanwhile."""
    clock = desk.world.clock
    frozen = clock.mode is Mode.FROZEN
    ends = [watch.enough(), desk.ending.wait()]
    if not frozen:
        ends.append(clock.sleep_until(Moment(clock.now() + round(within * 1000))))
    tasks = [asyncio.ensure_future(end) for end in ends]
    try:
        await asyncio.wait(tasks, timeout=within if frozen else None, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for result in ended:
        if isinstance(result, Exception):
            raise result
    if desk.ending.is_set():
        raise Problem(503, "the simulator is stopping")


class _Watch:
    """One caller's view of what happens."""

    def __init__(self, world: World, wanted: Wanted, after: int, count: int) -> None:
        self._world, self._wanted, self._after, self._count = world, wanted, after, count
        self._matching: dict[MessageId, Message] = {}
        self._candidates: set[MessageId] = set()
        self._wrote: defaultdict[MessageId, list[str]] = defaultdict(list)
        self._bell = asyncio.Event()

    def hear(self, entry: Entry) -> None:
        """Told by the journal, in the midst of the carrier's work."""
        if entry.message is not None:
            if entry.kind is Kind.REPLY_WRITTEN and self._wanted.reply is not None:
                self._wrote[MessageId(entry.message)].append(str(entry.facts.get("text", "")))
            self._candidates.add(MessageId(entry.message))
            self._bell.set()

    def look_at_all(self) -> None:
        """What matches already."""
        if self._wanted.reply is not None:
            for entry in self._world.journal.read(
                0, Match(kinds=frozenset({Kind.REPLY_WRITTEN}), address=self._wanted.which.to), 2**31
            ).entries:
                self.hear(entry)
        for message in self._world.carrier.messages(self._wanted.which, after=self._after, limit=MOST_FOUND):
            self._judge(message)

    async def enough(self) -> None:
        """Return once `count` messages match at the same time."""
        while len(self._matching) < self._count:
            await self._bell.wait()
            self._bell.clear()
            candidates, self._candidates = self._candidates, set()
            for identity in candidates:
                message = self._world.carrier.message(identity)
                if message is not None and message.order > self._after:
                    self._judge(message)

    def _judge(self, message: Message) -> None:
        if self._wanted.takes(message, self._wrote.get(message.id, ())):
            self._matching[message.id] = message
        else:
            self._matching.pop(message.id, None)

    def found(self) -> list[Message]:
        return sorted(self._matching.values(), key=lambda message: message.order)[: self._count]

    def near_misses(self) -> list[NearMiss]:
        """The messages meant that are not as wished; without any, those that break the fewest conditions.
        Newest first."""
        newest = self._world.carrier.newest(ALL, NEAR_SEARCH)
        misses = [(message, self._reasons(message)) for message in newest]
        misses = [(message, because) for message, because in misses if because]
        misses = [miss for miss in misses if self._wanted.means(miss[0])] or misses
        fewest = min((len(because) for _, because in misses), default=0)
        return [miss for miss in misses if len(miss[1]) == fewest][:NEAR_MISSES]

    def _reasons(self, message: Message) -> list[str]:
        because = self._wanted.differences(message, self._wrote.get(message.id, ()))
        if message.order <= self._after:
            because.append(f"its order is {message.order}, not above {self._after}")
        return because
