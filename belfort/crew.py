"""Several processes of the service on one port and one database: started together, started again when one
dies, ended together.

Each is `belfort service` itself, with the settings of this process. The system hands every connection to one
of them; what each does stands in the database, so none is needed for what another has begun.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any, Self

from belfort.exits import Trouble

AGAIN_SECONDS = 1.0
"""A process that died is started again after this time."""


class Crew:
    """Make it with `start`, end it with `stop`."""

    def __init__(self, environ: Mapping[str, str], size: int, port: int) -> None:
        self._environ = {**environ, "BELFORT_PORT": str(port)}
        self._size = size
        self._places: list[asyncio.Task[None]] = []
        self._processes: set[Process] = set()
        self._stopping = asyncio.Event()
        self._held = AsyncExitStack()
        self.url = ""

    @classmethod
    async def start(cls, environ: Mapping[str, str], size: int, host: str, port: int) -> Self:
        """Start them, and return once all take calls. Errors: Trouble."""
        async with AsyncExitStack() as held:
            reserved = held.enter_context(_reserved(host, port))
            crew = cls(environ, size, reserved.getsockname()[1])
            first = await asyncio.gather(*(crew._begin() for _ in range(size)))
            crew.url = first[0][1]["service"]
            crew._places = [asyncio.create_task(crew._keep(process)) for process, _ in first]
            crew._held = held.pop_all()
        return crew

    async def stop(self) -> None:
        """Let each finish what it has begun."""
        self._stopping.set()
        for process in self._processes:
            process.terminate()
        await asyncio.gather(*self._places)
        await self._held.aclose()

    async def _begin(self) -> tuple[Process, dict[str, Any]]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-m", "belfort", "service", "--json", "--tied"),
            env=self._environ,
            stdin=PIPE,
            stdout=PIPE,
        )
        self._processes.add(process)
        if self._stopping.is_set():  # `stop` has not seen it
            process.terminate()
        assert process.stdout is not None  # noqa: S101  # asked for above
        line = await process.stdout.readline()
        if not line:
            self._processes.discard(process)
            code = await process.wait()
            raise Trouble(f"a worker ended with {code} before it took calls; it said why above")
        return process, json.loads(line)

    async def _keep(self, process: Process) -> None:
        """One place of the crew, whoever fills it."""
        while True:
            code = await process.wait()
            self._processes.discard(process)
            if self._stopping.is_set():
                return
            print(f"belfort: worker {process.pid} ended with {code}; starting another", file=sys.stderr)
            replaced = await self._replacement()
            if replaced is None:
                return
            process = replaced

    async def _replacement(self) -> Process | None:
        """None once the crew is to end."""
        while not self._stopping.is_set():
            await asyncio.sleep(AGAIN_SECONDS)
            try:
                return (await self._begin())[0]
            except Trouble as trouble:
                print(f"belfort: {trouble}", file=sys.stderr)
        return None


def _reserved(host: str, port: int) -> socket.socket:
    """A socket that holds the port for the crew without listening on it."""
    held = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        held.bind((host, port))
    except OSError:
        held.close()
        raise
    return held
