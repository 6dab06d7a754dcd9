"""Takes mails to the peer's door for replies: kept connections, tried again on 4xx and lost connections.

The peer's door is where the settings say; MX is not looked up. While a mail is ready or under way the clock
is held, so that `auto` does not jump past it. A peer that does not listen pauses the whole queue, and one
mail in a while finds out whether it is back. A 5xx is for good: the writer's server would tell the writer;
here the journal says so, and nothing goes round.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import AbstractContextManager

import aiosmtplib

from simulator.clock import Clock, Handle
from simulator.faults.desk import FaultDesk
from simulator.faults.trouble import CALM, Ending, Trouble
from simulator.servers.mail.mischief import CODES
from simulator.servers.mail.options import DOOR, HOST
from simulator.servers.mail.outgoing import Parcel
from simulator.servers.push import nap

FIRST_WAIT, LONGEST_WAIT = 1.0, 600.0
PATIENCE = 30.0
"""Seconds of this machine, for each answer."""
CLOSES = 421
"""An answer that ends the connection (RFC 5321 §3.8)."""


class Postman:
    """The queue to one peer. Give it parcels; close it when done."""

    def __init__(self, clock: Clock, faults: FaultDesk, *, window: int, most: int, give_up: float) -> None:
        self._clock, self._faults = clock, faults
        self._window, self._most, self._give_up_ms = window, most, round(give_up * 1000)
        self._target: tuple[str, int] | None = None
        self._ready: deque[Parcel] = deque()
        self._later: dict[Parcel, Handle] = {}
        self._rounds: set[asyncio.Task[None]] = set()
        self._failures = 0
        """Consecutive rounds that found nobody; while there are any, one at a time asks again."""
        self._pause: Handle | None = None
        self._hold: AbstractContextManager[None] | None = None

    def deliver_to(self, target: tuple[str, int] | None) -> None:
        """Where the peer's door for replies is."""
        self._target = target

    @property
    def waiting(self) -> int:
        """Mails that the peer has yet to take."""
        return len(self._ready) + len(self._later) + len(self._rounds)

    def put(self, parcel: Parcel) -> None:
        """Deliver it as soon as there is room."""
        if self._target is None:
            parcel.lost("nobody takes replies: no address is set for them (smtp_replies)")
        elif self.waiting >= self._most:
            parcel.lost("too many wait")
        else:
            parcel.since = self._clock.now()
            self._ready.append(parcel)
            self._go_on()

    def put_later(self, parcel: Parcel, seconds: float) -> None:
        """The same, so many of the world's seconds from now."""

        def ripe() -> None:
            del self._later[parcel]
            self.put(parcel)

        self._later[parcel] = self._clock.call_later(seconds, ripe)

    def clear(self) -> None:
        """Forget everything that waits; what is under way ends by itself."""
        self._ready.clear()
        for handle in self._later.values():
            handle.cancel()
        self._later.clear()
        if self._pause is not None:
            self._pause.cancel()
        self._pause, self._failures = None, 0
        self._keep_hold()

    async def close(self) -> None:
        """Stop: what is under way is cut off, what waits is dropped."""
        self.clear()
        for task in list(self._rounds):
            task.cancel()
        await asyncio.gather(*self._rounds, return_exceptions=True)
        self._rounds.clear()
        self._keep_hold()

    # Rounds

    def _go_on(self) -> None:
        """Start as many rounds as there is room and mail for."""
        room = 1 if self._failures else self._window
        while self._pause is None and len(self._rounds) < min(room, len(self._rounds) + len(self._ready)):
            task = asyncio.get_running_loop().create_task(self._round(self._ready.popleft()))
            self._rounds.add(task)
            task.add_done_callback(self._ended)
        self._keep_hold()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._rounds.discard(task)
        self._go_on()

    def _keep_hold(self) -> None:
        """The clock is held exactly while something is under way or could be."""
        busy = bool(self._rounds) or (bool(self._ready) and self._pause is None)
        if busy and self._hold is None:
            self._hold = self._clock.at_work()
            self._hold.__enter__()
        elif not busy and self._hold is not None:
            hold, self._hold = self._hold, None
            hold.__exit__(None, None, None)

    async def _round(self, parcel: Parcel | None) -> None:
        """Deliver `parcel`, and more as long as there is more, on one connection."""
        client = self._client()
        try:
            while parcel is not None:
                if not self._is_over(parcel):
                    parcel.tries += 1
                    await self._deliver(client, parcel)
                    self._failures = 0
                parcel = self._ready.popleft() if self._ready and self._pause is None else None
            await _leave(client)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            if parcel is not None:
                parcel.failed(_why(error))
                self._rest(parcel)
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        host, port = self._target or ("127.0.0.1", 0)
        return aiosmtplib.SMTP(
            hostname=host, port=port, timeout=PATIENCE, validate_certs=False, local_hostname=HOST
        )

    def _is_over(self, parcel: Parcel) -> bool:
        over = parcel.tries > 0 and self._clock.now() >= parcel.since + self._give_up_ms
        if over:
            parcel.lost("not taken for days, given up")
        return over

    async def _deliver(self, client: aiosmtplib.SMTP, parcel: Parcel) -> None:
        """One mail. What the peer answers is told here; a connection that breaks is the caller's."""
        trouble = self._trouble(parcel)
        if trouble.delay:
            await nap(trouble.delay)
        if trouble.ending is Ending.CUT_BEFORE:
            raise ConnectionResetError("cut by a fault")
        code, said = _fault_answer(trouble) or await _send(client, parcel)
        if trouble.ending is not None:
            raise ConnectionResetError("the answer was lost by a fault")
        if 200 <= code < 300:
            parcel.handed()
        elif code == CLOSES:
            raise ConnectionResetError(f"answered {code} {said}")
        elif 400 <= code < 500:
            parcel.failed(f"answered {code} {said}"[:200])
            self._again(parcel)
        else:
            parcel.lost(f"refused for good: {code} {said}"[:200])

    def _trouble(self, parcel: Parcel) -> Trouble:
        if not self._faults:
            return CALM
        return self._faults.meet(f"{DOOR}.push", address=parcel.about, account=parcel.account)

    # Again

    def _again(self, parcel: Parcel) -> None:
        """Have this mail again after a while."""

        def back() -> None:
            del self._later[parcel]
            self._ready.append(parcel)
            self._go_on()

        self._later[parcel] = self._clock.call_later(_backoff(parcel.tries), back)

    def _rest(self, parcel: Parcel) -> None:
        """Nobody is there: leave the peer alone for a while, then ask with the oldest mail."""
        self._ready.appendleft(parcel)
        if self._pause is None:
            self._failures += 1
            self._pause = self._clock.call_later(_backoff(self._failures), self._ask_again)

    def _ask_again(self) -> None:
        self._pause = None
        self._go_on()


async def _send(client: aiosmtplib.SMTP, parcel: Parcel) -> tuple[int, str]:
    """Hand the mail over; the peer's last answer."""
    try:
        if not client.is_connected:
            await client.connect()
        utf8 = not (parcel.to.isascii() and parcel.sender.isascii())
        options = ["BODY=8BITMIME"] if client.supports_extension("8bitmime") else []
        options += ["SMTPUTF8"] if utf8 else []
        encoding = "utf-8" if utf8 else "ascii"
        await client.mail(parcel.sender, options=options, encoding=encoding)
        await client.rcpt(parcel.to, encoding=encoding)
        answer = await client.data(parcel.mail)
    except aiosmtplib.SMTPConnectError:
        raise
    except aiosmtplib.SMTPResponseException as no:
        if client.is_connected and no.code != CLOSES:
            await client.rset()
        return no.code, no.message
    return answer.code, answer.message


async def _leave(client: aiosmtplib.SMTP) -> None:
    if client.is_connected:
        await client.quit()


def _fault_answer(trouble: Trouble) -> tuple[int, str] | None:
    if trouble.error is None:
        return None
    return (trouble.error.status if trouble.error.status in CODES else 451), "made by a fault"


def _backoff(tries: int) -> float:
    return min(FIRST_WAIT * 2.0 ** min(tries - 1, 30), LONGEST_WAIT)


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    said = getattr(error, "message", "") or str(error)
    return f"{type(error).__name__}: {said}"[:200] if said else type(error).__name__
