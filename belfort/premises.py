"""Where the programs of a run live: a folder that nobody reads again, a port that nobody has."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def passing_memory() -> Path | None:
    """Where to put folders that are gone at the end, in memory; None where the machine offers none. An fsync
    for each of a run's thousand events would only wait for a disk.
    """
    memory = Path("/dev/shm")  # noqa: S108  # the folder below it has a name nobody can guess
    return memory if memory.is_dir() and os.access(memory, os.W_OK) else None


def free_port(host: str) -> int:
    """One that nobody has at this moment, for whoever must know it before its program is open."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
