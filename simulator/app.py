"""The composition root: builds one simulated world, opens its doors, and puts everything away again.

Nothing is global, so several worlds can live in one process. Parts are opened in an order in which each finds
what it needs, and closed in the reverse one: readers of events first, then the doors, then the file.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self

from simulator.carrier import Carrier, Limits
from simulator.clock import Clock, Mode, Streams
from simulator.config import PREFIX, Settings, SettingsError, is_loopback
from simulator.faults.desk import FaultDesk
from simulator.journal import Journal, Kind
from simulator.journal_file import JournalFile
from simulator.logs import Log, open_log
from simulator.measures import KEEP_MESSAGES, measure
from simulator.meters import LoopLag, Meters
from simulator.people.file import Sheet, read
from simulator.people.population import PROFILES
from simulator.people.town import Town
from simulator.servers import listener
from simulator.servers.control.desk import Desk
from simulator.servers.control.routes import control_app
from simulator.servers.events import Events
from simulator.servers.guard import Guard
from simulator.servers.mail.door import MailDoor
from simulator.servers.mail.start import mail_options
from simulator.servers.ops import Ops
from simulator.servers.push import Target, origin_of
from simulator.servers.smpp.door import SmppDoor
from simulator.servers.smpp.start import smpp_options
from simulator.servers.sms_http import Options, SmsDoor
from simulator.servers.voice.door import VoiceDoor
from simulator.servers.voice.options import Options as VoiceOptions
from simulator.truth import Ledger
from simulator.wire import webhook

BLOCKED = 5.0
"""Seconds the loop may be late before the simulator says that it is not ready."""


class Simulator:
    """One running world. Make it with `start`, end it with `stop`."""

    def __init__(self, settings: Settings, clock: Clock, journal: Journal, file: JournalFile | None) -> None:
        self.settings, self.clock, self.journal, self.journal_file = settings, clock, journal, file
        self.seed = settings.seed
        self.log: Log = open_log(settings.log_level)
        self.truth = Ledger(settings.keep_messages)
        streams = Streams(settings.seed)
        self._sheet = sheet_of(settings)
        self.town = Town(streams, self._sheet.population, self._sheet.people)
        self.faults = FaultDesk(clock, streams, journal)
        keep = min(settings.keep_messages, KEEP_MESSAGES)
        limits = Limits(throughput=settings.throughput, keep_messages=keep)
        self.carrier = Carrier(clock, self.town, journal, self.faults, limits)
        self.meters = Meters()
        self.voice = self._voice_door()
        self._gateway = self._sms_door()
        self.smpp = SmppDoor(
            self.carrier, clock=clock, journal=journal, faults=self.faults, options=smpp_options(settings)
        )
        self.mail = MailDoor(
            self.carrier,
            clock=clock,
            journal=journal,
            faults=self.faults,
            log=self.log,
            options=mail_options(settings),
        )
        self._closing = AsyncExitStack()
        self._open = False

    @classmethod
    async def start(cls, settings: Settings, *, clock: Clock | None = None) -> Self:
        """Build the world and open every door.

        `clock` may be handed in, to share it; it is not closed then. Raises SettingsError for settings that
        cannot be used and OSError for a port that cannot be had; nothing is left behind.
        """
        async with AsyncExitStack() as closing:
            file, first = _open_file(settings, closing)
            if clock is None:
                clock = _make_clock(settings)
                closing.callback(clock.close)
            journal = Journal(clock, settings.keep_entries, first)
            simulator = cls(settings, clock, journal, file)
            await simulator._open_doors(closing)
            simulator._closing = closing.pop_all()
        return simulator

    async def stop(self) -> None:
        """Take no more calls, let those under way finish, leave nothing running. Twice is once."""
        self._open = False
        await self._closing.aclose()

    async def _open_doors(self, closing: AsyncExitStack) -> None:
        settings = self.settings
        closing.callback(self.journal.listen(self.truth, self.truth.kinds, take=self.truth.take))
        if (file := self.journal_file) is not None:
            closing.callback(self.journal.listen(file, take=file.take))
            self.journal.burden = file.waiting
        self.journal.record(Kind.WORLD_OPENED, seed=self.seed, profile=self.profile)
        lag = LoopLag(asyncio.get_running_loop())
        closing.callback(lag.close)
        events = Events(self.journal, most=settings.max_waits)
        measure(self, lag, events, closing)
        desk = Desk(self, events)
        self._control = self._control_door(desk, lag)
        closing.callback(self.carrier.close)  # what was submitted while the doors closed
        closing.push_async_callback(self._control.close)
        closing.push_async_callback(self.voice.close)
        closing.push_async_callback(self._gateway.close)
        closing.push_async_callback(self.smpp.close)
        closing.push_async_callback(self.mail.close)
        closing.callback(events.close)
        closing.callback(desk.ending.set)
        closing.callback(self.carrier.close)
        await self._control.open(settings.host, settings.control_port)
        await self._gateway.open(settings.host, settings.gateway_port)
        await self.smpp.open(settings.host, settings.smpp_listens)
        await self.mail.open(settings.host, settings.smtp_listens)
        self._open = True
        if not is_loopback(settings.host):
            self.log.warning("open to other machines", host=settings.host)

    def _sms_door(self) -> SmsDoor:
        settings = self.settings
        door = SmsDoor(
            self.carrier,
            clock=self.clock,
            journal=self.journal,
            faults=self.faults,
            log=self.log,
            options=Options(
                clients=settings.gateway_clients,
                dedicated=settings.dedicated,
                short_number=settings.short_number,
                callback_window=settings.callback_window,
                callback_origins=frozenset(filter(None, [origin_of(settings.callback_url or "")])),
            ),
            limits=self._limits(),
            beside=self.voice.apps,
        )
        if settings.callback_url is not None:
            door.call_back(Target(settings.callback_url, webhook.key(settings.callback_secret or "")))
        return door

    def _voice_door(self) -> VoiceDoor:
        settings = self.settings
        return VoiceDoor(
            self.carrier,
            clock=self.clock,
            journal=self.journal,
            faults=self.faults,
            options=VoiceOptions(
                accounts=settings.voice_clients,
                origins=frozenset(settings.voice_origins),
                per_second=settings.voice_per_second,
                at_once=settings.voice_at_once,
            ),
            closed=lambda: (self._control.port,),
        )

    def _control_door(self, desk: Desk, lag: LoopLag) -> listener.Listener:
        settings = self.settings
        guard = Guard(
            host=settings.host, names=settings.host_names, token=settings.control_token, journal=self.journal
        )
        ops = Ops(self.meters, lambda: self._troubles(lag), lambda: self.gateway_url)
        self.control_app = control_app(desk, ops, guard)
        return listener.Listener(
            self.control_app,
            door="control",
            limits=self._limits(),
            journal=self.journal,
            log=self.log,
            patience=1.0,
        )

    def _limits(self) -> listener.Limits:
        settings = self.settings
        return listener.Limits(
            connections=settings.max_connections,
            idle_seconds=settings.idle_deadline,
            body_bytes=settings.body_limit,
            body_seconds=settings.body_deadline,
        )

    def _troubles(self, lag: LoopLag) -> Sequence[str]:
        """Why the simulator is not ready."""
        file = self.journal_file
        checks = (
            (not self._open, "the doors are not open"),
            (file is not None and file.trouble is not None, file.trouble if file else ""),
            (lag.seconds > BLOCKED, f"the event loop was {lag.seconds:.1f} s late"),
        )
        return [str(trouble) for wrong, trouble in checks if wrong]

    # What others ask of it

    @property
    def connections(self) -> dict[str, float]:
        """How many connections each door has open."""
        return {
            "control": self._control.connections,
            "sms": self._gateway.connections,
            "smpp": self.smpp.connections,
            "mail": self.mail.connections,
        }

    @property
    def control_url(self) -> str:
        """Base address of the control API."""
        return self._control.url

    @property
    def gateway_url(self) -> str:
        """Base address of the SMS gateway."""
        return self._gateway.url

    @property
    def smpp_address(self) -> str:
        """`host:port` of the SMPP door."""
        return self.smpp.address

    @property
    def smtp_address(self) -> str:
        """`host:port` of the mail door."""
        return self.mail.address

    @property
    def voice_url(self) -> str:
        """Base address of call control; the dialects' own paths come after it."""
        return self._gateway.url

    def token_of(self, client_id: str) -> str:
        """The token that never ends of a client of the SMS gateway over HTTP."""
        return self._gateway.access.permanent_token(client_id)

    @property
    def pending(self) -> int:
        """Reports, replies and states that are due, and those the peer has yet to take."""
        doors = self._gateway.waiting + self.smpp.waiting + self.mail.waiting + self.voice.waiting
        return self.carrier.due + doors

    def mail_source(self, identity: str) -> bytes | None:
        """The mail behind a message or a reply as it was on the wire, while it is kept."""
        return self.mail.kept.get(identity)

    def mail_to(self, host: str, port: int) -> None:
        """Deliver replies and bounces to this address from now on."""
        self.mail.deliver_to(host, port)

    def push_to(self, url: str, secret: str) -> None:
        """Push replies and reports to this address from now on, signed with `secret` (`whsec_…`)."""
        self._gateway.call_back(Target(url, webhook.key(secret)))

    @property
    def profile(self) -> str:
        """The name of the population that lives here."""
        return self.town.population.name

    def reset(self, *, seed: int | None = None, profile: str | None = None) -> None:
        """Begin anew: no message, nobody set by hand, no fault. Seed and population stay unless given."""
        self.seed = self.seed if seed is None else seed
        population = self.town.population if profile is None else PROFILES[profile]
        self.carrier.reset(self.seed, population)
        for address, person in self._sheet.people.items():
            self.town.set_person(address, person)

    def addresses(self) -> dict[str, str]:
        """What is open, as the line of addresses shows it."""
        return {
            "gateway": self.gateway_url,
            "control": self.control_url,
            "console": f"{self.control_url}/",
            "smpp": self.smpp_address,
            "smtp": self.smtp_address,
            "voice": self.voice_url,
        }


def sheet_of(settings: Settings) -> Sheet:
    """Who lives here by the settings; SettingsError names what is wrong with them, or with the file."""
    population = PROFILES.get(settings.profile)
    if population is None:
        known = ", ".join(PROFILES)
        raise SettingsError(f"{PREFIX}PROFILE: {settings.profile!r} is no profile; allowed: {known}")
    if settings.people_file is None:
        return Sheet(population, {})
    try:
        return read(Path(settings.people_file).read_text("utf-8"), population)
    except (OSError, ValueError) as error:
        raise SettingsError(f"{PREFIX}PEOPLE_FILE: {settings.people_file} cannot be used: {error}") from None


def _make_clock(settings: Settings) -> Clock:
    mode = Mode(settings.clock)
    return Clock(mode, rate=settings.clock_rate if mode is Mode.SCALED else None)


def _open_file(settings: Settings, closing: AsyncExitStack) -> tuple[JournalFile | None, int]:
    """The journal's file, if one is wanted, and the number of the first entry."""
    if settings.journal is None:
        return None, 1
    file = JournalFile(Path(settings.journal))
    try:
        newest = file.open()
    except (sqlite3.Error, OSError) as error:
        raise SettingsError(f"{PREFIX}JOURNAL: {settings.journal} cannot be a journal: {error}") from None
    closing.push_async_callback(file.close)
    return file, newest + 1
