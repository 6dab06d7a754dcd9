"""The SMPP door: one socket, every connection, every account's mailbox (gateway.md, "Doors").

It takes messages from sessions to the carrier; what comes back goes through the `postroom` to the mailboxes.
One timer of the loop serves the timers of all sessions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import astuple

from simulator.carrier import Carrier
from simulator.clock import Clock
from simulator.config import is_loopback
from simulator.faults.desk import FaultDesk
from simulator.journal import Entry, Journal, Kind
from simulator.servers.smpp import binding, deliveries
from simulator.servers.smpp.asking import Asking
from simulator.servers.smpp.connection import READ_OCTETS, Connection
from simulator.servers.smpp.express import Express
from simulator.servers.smpp.intake import Intake
from simulator.servers.smpp.mailbox import Letter, Mailbox
from simulator.servers.smpp.options import DOOR, Options
from simulator.servers.smpp.postroom import Postroom
from simulator.servers.smpp.record import PduRecord
from simulator.servers.smpp.serving import Serving
from simulator.wire.smpp.pdu import Command, Pdu
from simulator.wire.smpp.status import Status
from simulator.world import Channel

BACKLOG = 1_024
LONGEST_TICK = 1.0
JOURNAL_BURDEN = 100_000
"""Entries that wait for the disk."""
GOODBYE = 1.0
"""Seconds that peers get to answer the unbind when the door closes."""
HANDSHAKE = 10.0
OUTBIND_SECONDS = 10.0


class SmppDoor:
    """Open it, and ESMEs can bind."""

    def __init__(
        self, carrier: Carrier, *, clock: Clock, journal: Journal, faults: FaultDesk, options: Options
    ) -> None:
        self._carrier, self._clock, self._journal = carrier, clock, journal
        self.faults, self.options = faults, options
        self._intake = Intake(carrier, clock, journal, options)
        self.serving = Serving(self._intake, Asking(carrier, clock, self._intake, options))
        self.express = Express(carrier, clock, options)
        self.record = PduRecord(journal, options)
        bounds = options.bounds
        self._mailboxes = {
            account: Mailbox(clock, carrier, most=bounds.waiting, give_up=bounds.give_up)
            for account in options.accounts
        }
        self._postroom = Postroom(self, carrier, clock, self._mailboxes)
        self.buffer = memoryview(bytearray(READ_OCTETS))
        self._connections: set[Connection] = set()
        self._bound: dict[str, set[Connection]] = {account: set() for account in options.accounts}
        self._later: set[asyncio.TimerHandle] = set()
        self._numbers = 0
        self._server: asyncio.Server | None = None
        self._ticker: asyncio.TimerHandle | None = None
        self._quiet = asyncio.Event()
        self._closing = False
        self._leave = [carrier.attach(Channel.SMS, self._postroom, account) for account in options.accounts]
        self._leave.append(journal.listen(self._hear, frozenset({Kind.WORLD_RESET})))
        self.host, self.port = "", 0

    # The socket

    async def open(self, host: str, port: int) -> None:
        """Listen; `port` 0 takes a free one. OSError when the address cannot be had."""
        loop, tls = asyncio.get_running_loop(), self.options.tls
        handshake = HANDSHAKE if tls else None
        self._server = await loop.create_server(
            self._connect, host, port, backlog=BACKLOG, ssl=tls, ssl_handshake_timeout=handshake
        )
        self.host, self.port = host, self._server.sockets[0].getsockname()[1]
        self._arm()

    @property
    def address(self) -> str:
        """`host:port`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    async def close(self) -> None:
        """Take no more connections, unbind those there are, and cut who does not answer."""
        self._closing = True
        for leave in self._leave:
            leave()
        for timer in (self._ticker, *self._later):
            if timer is not None:
                timer.cancel()
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            connection.leave()
        await self._all_gone()
        for connection in list(self._connections):
            connection.cut("the message centre closes")
        for mailbox in self._mailboxes.values():
            mailbox.clear()
        if self._server is not None:
            await self._server.wait_closed()

    async def _all_gone(self) -> None:
        if self._connections:
            self._quiet.clear()
            try:
                async with asyncio.timeout(GOODBYE):
                    await self._quiet.wait()
            except TimeoutError:
                return

    def _connect(self) -> Connection:
        self._numbers += 1
        return Connection(self, self._numbers)

    @property
    def connections(self) -> int:
        return len(self._connections)

    @property
    def waiting(self) -> int:
        """Reports and replies that no peer has taken yet."""
        return sum(map(len, self._mailboxes.values()))

    async def outbind(self, host: str, port: int, account: str) -> int:
        """Call an ESME, so that it binds as a receiver (§2.2.1); the number of the session. ValueError for a
        host that is not this machine, KeyError for an account that is none, OSError when nobody answers."""
        if not is_loopback(host):
            raise ValueError("only this machine may be called")
        password = self.options.accounts[account]
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(OUTBIND_SECONDS):
            _, connection = await loop.create_connection(self._connect, host, port)
        if connection not in self._connections:
            raise ConnectionAbortedError("gone, or one connection too many")
        connection.outbind(account, password)
        return connection.number

    # What connections tell

    def opened(self, connection: Connection) -> None:
        """A peer has come; one too many is cut at once."""
        if self._closing or len(self._connections) >= self.options.bounds.connections:
            connection.transport.abort()
            return
        self._connections.add(connection)

    def lost(self, connection: Connection, letters: list[Letter]) -> None:
        """A connection is over; what it had not acknowledged goes elsewhere."""
        if connection not in self._connections:
            return
        self._connections.discard(connection)
        account = connection.account
        if account is not None:
            self.unbound(connection)
            self._mailboxes[account].returned(letters)
            self._journal.record(
                Kind.DOOR_CLOSED, account=account, door=DOOR, session=connection.number, why=connection.why
            )
        if not self._connections:
            self._quiet.set()

    def judge(self, bind: Pdu) -> tuple[Status, str]:
        """Whether a bind is accepted, and for which account."""
        status, account = binding.judge(bind, self.options.accounts)
        if not status and len(self._bound[account]) >= self.options.bounds.sessions:
            return Status.RBINDFAIL, ""
        return status, account

    def bound(self, connection: Connection, *, receives: bool) -> None:
        """A session is bound: one that receives gets what has waited."""
        account = connection.account or ""
        self._bound[account].add(connection)
        self._journal.record(
            Kind.DOOR_BOUND,
            account=account,
            door=DOOR,
            session=connection.number,
            bind=connection.session.state.name.lower().removeprefix("bound_"),
        )
        if receives:
            self._mailboxes[account].join(connection)

    def unbound(self, connection: Connection) -> None:
        """It takes no more messages."""
        account = connection.account or ""
        self._bound[account].discard(connection)
        self._mailboxes[account].leave(connection)

    def malformed(self, connection: Connection, what: str) -> None:
        """Name in the journal what was wrong."""
        self._journal.record(
            Kind.INPUT_MALFORMED, account=connection.account, door=DOOR, session=connection.number, what=what
        )

    def answered(self, connection: Connection, letter: Letter, answer: Pdu) -> None:
        """A letter is taken, or is not. What waits goes out after the read."""
        status = answer.status
        if answer.command is Command.GENERIC_NACK and not status:
            status = Status.RUNKNOWNERR
        self._mailboxes[connection.account or ""].answered(letter, status)

    def taken(self, connection: Connection, letters: Sequence[Letter]) -> None:
        """Letters are taken. What waits goes out after the read."""
        self._mailboxes[connection.account or ""].taken(letters)

    def unanswered(self, connection: Connection, letter: Letter) -> None:
        self._mailboxes[connection.account or ""].unanswered(letter)

    def sessions_of(self, account: str) -> Collection[Connection]:
        """Those that are bound."""
        return self._bound[account]

    def room_for(self, connection: Connection) -> None:
        """A session may take more."""
        if connection.account is not None:
            self._mailboxes[connection.account].go_on()

    def is_behind(self, connection: Connection) -> bool:
        """Whether so much waits, for the account of a session or for the disk, that it had better not hand in
        more."""
        waits = len(self._mailboxes[connection.account or ""])
        return waits > self.options.bounds.behind or self._journal.burden() > JOURNAL_BURDEN

    def later(self, seconds: float, step: Callable[[], None]) -> None:
        """Do something after so many of this machine's seconds, unless the door closes before."""

        def run() -> None:
            self._later.discard(timer)
            step()

        timer = asyncio.get_running_loop().call_later(seconds, run)
        self._later.add(timer)

    # The world and time

    def _hear(self, entry: Entry) -> None:
        """A world that begins anew has no messages from the one before."""
        if entry.kind is Kind.WORLD_RESET:
            self._intake.begin()
            for mailbox in self._mailboxes.values():
                mailbox.clear()

    def _arm(self) -> None:
        timers = self.options.timers
        shortest = min(each for each in astuple(timers) if each)
        loop = asyncio.get_running_loop()
        self._ticker = loop.call_later(min(LONGEST_TICK, shortest / 4), self._tick)

    def _tick(self) -> None:
        now = asyncio.get_running_loop().time()
        for connection in list(self._connections):
            connection.tick(now)
        for given_up in self._intake.give_up():
            for report in deliveries.never_whole(given_up, self._clock.now()):
                self._postroom.report(report)
        self._arm()
