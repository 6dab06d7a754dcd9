"""The programs that are measured, as children tied to this process, and calls to them with the standard
library.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STOP_SECONDS = 20
CALL_SECONDS = 60
QUIET = {"NO_COLOR": "1", "BELFORT_LOG_LEVEL": "error"}
UNLIMITED = {
    **QUIET,
    "BELFORT_SEND_RATE": "1000000",
    "BELFORT_SEND_BURST": "10000000",
    "BELFORT_CALL_RATE": "1000000",
    "BELFORT_CALL_BURST": "10000000",
}
MASTER_KEY = {"BELFORT_MASTER_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}
"""What a database on a server wants to be told."""
CLIENT = ("--client-id", "bench", "--client-secret", "bench-secret")


@dataclass(frozen=True, slots=True)
class Program:
    """A running child and the line of JSON it printed when it was open."""

    process: subprocess.Popen[str]
    card: dict[str, Any]

    def cpu_seconds(self) -> float:
        """Processor time it has used so far; 0 where there is no /proc."""
        stat = Path(f"/proc/{self.process.pid}/stat")
        if not stat.exists():
            return 0.0
        after_name = stat.read_text().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(module: str, *arguments: str, settings: Mapping[str, str] = QUIET) -> Iterator[Program]:
    """`python -m module …` for the length of a block; it ends when its standard input closes."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BELFORT_")}
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env={**kept, **settings},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None  # noqa: S101  # pipes were asked for
    assert process.stdout is not None  # noqa: S101
    try:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"{module} {' '.join(arguments)} ended before it was open")
        yield Program(process, json.loads(line))
    finally:
        process.stdin.close()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


@dataclass(frozen=True, slots=True)
class Api:
    """The survey API of a running service, with the token of our account."""

    base: str
    token: str

    @classmethod
    def of(cls, service: Program) -> Api:
        return cls(f"{service.card['service']}/survey/1.0.0", service.card["token"])

    def bearer(self) -> str:
        """The header line."""
        return f"Authorization: Bearer {self.token}"

    def new_survey(self) -> int:
        """A survey with a question in each of four languages."""
        questions = [{"language": tag, "body": f"0-10? ({tag})"} for tag in ("nl-BE", "fr-BE", "de-BE", "en")]
        body = {"name": "bench", "interactionType": "bench", "questions": questions}
        return int(call("POST", f"{self.base}/surveys", body, self.token)["id"])

    def report(self) -> Any:
        """The report over everything."""
        return call("GET", f"{self.base}/report", None, self.token)


def service(
    database: Path, *arguments: str, gateway: str, port: int = 0, settings: Mapping[str, str] = UNLIMITED
) -> AbstractContextManager[Program]:
    """`belfort service` without limits, with our account."""
    where = ("--port", str(port), "--database", str(database), "--gateway-url", gateway)
    options = (*where, *CLIENT, *arguments)
    return running("belfort", "service", "--json", "--tied", *options, settings=settings)


def call(method: str, url: str, body: Any = None, token: str = "") -> Any:
    """The decoded answer. Errors: OSError, a refusal too."""
    request = urllib.request.Request(url, method=method)  # noqa: S310  # our own loopback address
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=CALL_SECONDS) as answer:  # noqa: S310  # as above
        return json.loads(answer.read() or "null")


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Run, and start children, on one core of several."""
    if not hasattr(os, "sched_setaffinity") or len(os.sched_getaffinity(0)) < 2:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(before)[core]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
