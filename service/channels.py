"""The channels in use: for each its gateway and the worker that feeds it. What came back has one inbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from service.clock import Clock
from service.domain.request import Channel
from service.gateways.choice import OpenDoor, OpenGateway
from service.interfaces import Inbox
from service.meters import Meters
from service.store import outbox
from service.store.engine import Store, Tx
from service.submit import Submit
from service.workers import Fetch, Worker


@dataclass(frozen=True, slots=True)
class Line:
    """A gateway, the worker that hands its channel's messages to it, and its own door if it has one."""

    gateway: OpenGateway
    submit: Submit
    door: OpenDoor | None = None


class Channels:
    """Make it with one `Line` for each channel that is configured; `close` it when its workers have ended."""

    def __init__(self, lines: Sequence[Line], store: Store, clock: Clock, meters: Meters) -> None:
        self._lines = {line.gateway.channel: line for line in lines}
        self._store, self._clock, self._meters = store, clock, meters

    @property
    def configured(self) -> frozenset[Channel]:
        """Those that have a gateway."""
        return frozenset(self._lines)

    async def open(self, inbox: Inbox) -> None:
        """Open the gateways' own doors; `shut` them again. Errors: OSError."""
        for line in self._lines.values():
            if line.door is not None:
                await line.door.open(inbox)

    async def shut(self) -> None:
        """Close those doors: nothing more comes in."""
        for line in self._lines.values():
            if line.door is not None:
                await line.door.close()

    def address(self, channel: Channel) -> str:
        """Where a channel's own door listens, `host:port`; empty without one."""
        line = self._lines.get(channel)
        return "" if line is None or line.door is None else line.door.address

    def workers(self) -> dict[str, Worker]:
        """The workers that feed the gateways, by their names in logs and meters."""
        return {f"submit_{channel.value}": line.submit for channel, line in self._lines.items()}

    def fetches(self, inbox: Inbox) -> dict[str, Fetch]:
        """What brings back reports and replies, by their names in logs and meters."""
        return {
            f"fetch_{channel.value}": partial(line.gateway.run, inbox)
            for channel, line in self._lines.items()
        }

    def routes(self, inbox: Inbox) -> list[web.RouteDef]:
        """Where the gateways call back over HTTP."""
        return [route for line in self._lines.values() for route in line.gateway.routes(inbox)]

    def ring(self, channels: Iterable[Channel]) -> None:
        """Something on these channels became due."""
        for channel in channels:
            self._lines[channel].submit.bell.ring()

    def look(self) -> None:
        """Let every worker look whether there is anything to do."""
        self.ring(self._lines)

    def share(self, processes: int) -> None:
        """So many processes feed the same gateways."""
        for line in self._lines.values():
            line.submit.share(processes)

    async def idle(self) -> bool:
        """Whether on no channel anything is being handed over or is due to be."""
        if await self._store.read(self._anything_due):
            return False
        # Only now: what was leased before the read is not due any more, but somebody is at it.
        return not any(line.submit.busy for line in self._lines.values())

    async def measure(self) -> None:
        """Set the gauges that only the store can tell."""
        for channel, many in (await self._store.read(self._queued)).items():
            self._meters.queued.labels(channel.value).set(many)

    async def close(self) -> None:
        """Close every gateway's connections."""
        for line in self._lines.values():
            await line.gateway.close()

    def _anything_due(self, tx: Tx) -> bool:
        now = self._clock.now()
        return any(outbox.anything_due(tx, channel, now) for channel in self._lines)

    def _queued(self, tx: Tx) -> dict[Channel, int]:
        return {channel: outbox.queued(tx, channel) for channel in self._lines}
