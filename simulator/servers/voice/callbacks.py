"""Status call-backs of one call: in order, signed, tried again until they are taken or given up.

The next waits for the one before. An answer from 400 to 499 says that the peer does not want it, and it is
given up; a peer that cannot be reached, or says 5xx, 408, 425 or 429, is asked again after 1 s doubling to
10 min of the world's time, for 24 h.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from simulator.clock import Clock, Handle
from simulator.faults.desk import FaultDesk
from simulator.journal import Journal, Kind
from simulator.servers.voice.fetch import Asker, Unreachable
from simulator.wire.calls_order import Hook

GIVE_UP_MS = 24 * 3_600_000
FIRST_WAIT, LONGEST_WAIT = 1.0, 600.0
STAGE = "voice.push"


def _nothing(*_: object) -> None:
    return None


@dataclass(slots=True)
class Notice:
    """One call-back, and whom to tell how it went."""

    hook: Hook
    event: str
    parameters: Mapping[str, str] = field(repr=False)
    handed: Callable[[], None] = _nothing
    failed: Callable[[str], None] = _nothing
    lost: Callable[[str], None] = _nothing
    since: int = 0
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """Whose call-backs they are, for the journal, the faults and the signature."""

    sid: str
    message: str
    address: str
    account: str
    token: str = field(repr=False)
    repeats: bool = True


class Callbacks:
    """The queue of one call."""

    def __init__(
        self, line: Line, *, clock: Clock, journal: Journal, faults: FaultDesk, asker: Asker
    ) -> None:
        self._line, self._clock, self._journal, self._faults = line, clock, journal, faults
        self._asker = asker
        self._waiting: deque[Notice] = deque()
        self._task: asyncio.Task[None] | None = None
        self._again: Handle | None = None
        self._count = 0

    @property
    def waiting(self) -> int:
        """Call-backs that the peer has yet to take."""
        return len(self._waiting)

    def put(self, notice: Notice) -> None:
        """Send it once those before it are through."""
        notice.since = self._clock.now()
        self._waiting.append(notice)
        self._go_on()

    async def close(self) -> None:
        """Stop; what waits is dropped."""
        self._waiting.clear()
        if self._again is not None:
            self._again.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _go_on(self) -> None:
        if self._task is None and self._again is None and self._waiting:
            self._task = asyncio.get_running_loop().create_task(self._send())

    async def _send(self) -> None:
        """Send what waits until something must be tried again later."""
        with self._clock.at_work():
            while self._waiting and self._again is None:
                notice = self._waiting[0]
                again = await self._try(notice)
                if not self._waiting:  # closed meanwhile
                    return
                if again is None:
                    self._waiting.popleft()
                else:
                    self._again = self._clock.call_later(again, self._ask_again)
            self._task = None

    def _ask_again(self) -> None:
        self._again = None
        self._go_on()

    async def _try(self, notice: Notice) -> float | None:
        """Seconds until it is to be tried again; None when it is through."""
        notice.tries += 1
        line, hook = self._line, notice.hook
        trouble = self._faults.meet(STAGE, address=line.address, account=line.account)
        try:
            await self._asker.ask(
                hook.url,
                hook.method,
                notice.parameters,
                token=line.token,
                once=f"{line.sid}-{notice.event}-{notice.since}",
                trouble=trouble,
            )
        except Unreachable as error:
            return self._not_taken(notice, str(error))
        self._note(notice, "taken")
        notice.handed()
        return None

    def _not_taken(self, notice: Notice, why: str) -> float | None:
        self._note(notice, why)
        notice.failed(why)
        late = self._clock.now() >= notice.since + GIVE_UP_MS
        if late or not self._line.repeats or _is_unwanted(why):
            notice.lost(f"not taken within {GIVE_UP_MS // 3_600_000} hours" if late else why)
            return None
        return min(FIRST_WAIT * 2.0 ** min(notice.tries - 1, 30), LONGEST_WAIT)

    def _note(self, notice: Notice, how: str) -> None:
        line = self._line
        self._journal.record(
            Kind.CALL_BACK,
            message=line.message,
            address=line.address,
            account=line.account,
            event=notice.event,
            status=notice.parameters.get("CallStatus"),
            how=how,
            tries=notice.tries,
        )


def _is_unwanted(why: str) -> bool:
    """A clear no, or an address that may not be asked."""
    status = why.removeprefix("answered ")
    if status.isdecimal():
        return 400 <= int(status) < 500 and int(status) not in (408, 425, 429)
    return "may not be asked" in why
