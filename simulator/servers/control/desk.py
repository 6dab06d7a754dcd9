"""What every part of the control API works upon, and how it writes its answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Protocol

from aiohttp import web

from simulator.clock import Clock
from simulator.config import Settings
from simulator.journal import Journal
from simulator.journal_file import JournalFile
from simulator.servers.events import Events
from simulator.servers.forms import Form, json_body

if TYPE_CHECKING:
    from simulator.carrier import Carrier
    from simulator.faults.desk import FaultDesk
    from simulator.people.town import Town
    from simulator.servers.smpp.door import SmppDoor
    from simulator.servers.voice.door import VoiceDoor
    from simulator.truth import Ledger

PREFIX = "/control/v1"


class World(Protocol):
    """The running simulator, as the control API sees it. `reset` replaces parts of it: ask anew."""

    @property
    def settings(self) -> Settings: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def journal_file(self) -> JournalFile | None: ...
    @property
    def carrier(self) -> Carrier: ...
    @property
    def smpp(self) -> SmppDoor: ...
    @property
    def town(self) -> Town: ...
    @property
    def faults(self) -> FaultDesk: ...
    @property
    def truth(self) -> Ledger: ...
    @property
    def seed(self) -> int: ...
    @property
    def profile(self) -> str: ...
    @property
    def voice(self) -> VoiceDoor: ...
    @property
    def pending(self) -> int: ...
    def mail_source(self, identity: str) -> bytes | None: ...
    def reset(self, *, seed: int | None, profile: str | None) -> None: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The world and the readers of its events; `ending` is set when it stops."""

    world: World
    events: Events
    ending: asyncio.Event = field(default_factory=asyncio.Event)

    async def form(self, request: web.Request) -> Form:
        """The body, ready to be read member by member."""
        return Form(await json_body(request, self.world.settings.body_deadline))


def answer(value: Mapping[str, object], status: int = 200) -> web.Response:
    """`value` as JSON. A stranger's half surrogate is shown as the escape it came as."""
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return web.Response(body=body, status=status, content_type="application/json", charset="utf-8")


def product_version() -> str:
    """The installed version; "0" in a checkout that was never installed."""
    try:
        return version("belfort")
    except PackageNotFoundError:
        return "0"
