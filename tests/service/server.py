"""A real PostgreSQL server for the tests, started with the programs that the machine has.

It listens on a socket in a folder of its own and is gone at the end. Without the programs the tests that need
it are skipped, and fail where `CI` is set.
"""

from __future__ import annotations

import glob
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

HOW = "PostgreSQL's programs are missing; on Debian: apt-get install postgresql"
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")
START_SECONDS = 60


def program(name: str) -> str | None:
    """Where one of PostgreSQL's programs is."""
    folders = [folder for place in PLACES for folder in sorted(glob.glob(place), reverse=True)]
    return shutil.which(name, path=os.pathsep.join([*folders, os.environ.get("PATH", "")]))


class Server:
    """A running server. `new_database` makes an empty one."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        """`durable`: what is committed survives a power cut, which tests can do without."""
        self._folder, self._durable = folder, durable
        self._numbers = itertools.count()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Of the server's own database."""
        return f"postgresql://belfort@/postgres?host={self._folder}"

    def initialise(self) -> None:
        """Make the files of a cluster."""
        self._run(
            "initdb", "-D", "data", "-U", "belfort", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"
        )

    def start(self) -> None:
        """Begin to serve; returns once it does."""
        self._run(
            *("pg_ctl", "-D", "data", "-w", "-t", str(START_SECONDS), "-l", "log", "start"),
            *("-o", f"-k {self._folder} -c listen_addresses= -c max_connections=60"),
            *(() if self._durable else ("-o", "-c fsync=off")),
        )

    def stop(self, how: str = "fast") -> None:
        """`fast` ends sessions in order, `immediate` as a crash does."""
        self._run("pg_ctl", "-D", "data", "-m", how, "-w", "stop")

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"belfort_{next(self._numbers)}"
        with psycopg.connect(self.url, autocommit=True) as opened:
            opened.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://belfort@/{name}?host={self._folder}"

    def _run(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            [program(name) or name, *arguments],
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
            user="postgres" if os.getuid() == 0 else None,
            timeout=START_SECONDS,
        )
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stdout}{done.stderr}")


@contextmanager
def serving(*, durable: bool = False) -> Iterator[Server]:
    """A server for the length of a block."""
    if program("initdb") is None:
        if os.environ.get("CI"):
            pytest.fail(HOW)
        pytest.skip(HOW)
    with tempfile.TemporaryDirectory(prefix="belfort-pg-") as name:
        folder = Path(name)
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        server = Server(folder, durable=durable)
        server.initialise()
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
