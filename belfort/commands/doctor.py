"""`belfort doctor`: what on this machine could get in the way."""

from __future__ import annotations

import os
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from typing import Annotated

from cyclopts import Parameter

from belfort.connect import CONTROL_PORT, GATEWAY_PORT, SERVICE_PORT
from belfort.exits import Exit
from belfort.output import show

PORTS = {"survey service": SERVICE_PORT, "control": CONTROL_PORT, "gateway": GATEWAY_PORT}
SAFE_SQLITE = (3, 51, 3)
"""From here on two writing connections cannot corrupt a write-ahead log; before, we use one and lock the
others out.
"""


def doctor(*, json: Annotated[bool, Parameter(negative="")] = False) -> int:
    """Check versions, ports, proxies and write access; exit 4 if something must be mended.

    Parameters
    ----------
    json
        Answer in JSON.
    """
    findings = [*_versions(), *_ports(), *_surroundings()]
    show(
        [dict(zip(("check", "found", "verdict"), finding, strict=True)) for finding in findings], as_json=json
    )
    return Exit.ENVIRONMENT if any(verdict.startswith("mend") for *_, verdict in findings) else Exit.WELL


def _versions() -> Iterator[tuple[str, str, str]]:
    yield "belfort", version("belfort"), "ok"
    good = sys.version_info >= (3, 11)
    yield "python", sys.version.split()[0], "ok" if good else "mend: 3.11 or newer is needed"
    safe = sqlite3.sqlite_version_info >= SAFE_SQLITE
    remark = "ok" if safe else "ok: one writing connection only, so the old log race cannot strike"
    yield "sqlite", sqlite3.sqlite_version, remark


def _ports() -> Iterator[tuple[str, str, str]]:
    for name, port in PORTS.items():
        with socket.socket() as probe:
            taken = probe.connect_ex(("127.0.0.1", port)) == 0
        yield (
            f"port {port}",
            f"{name}: {'taken' if taken else 'free'}",
            ("ok: if that is not a running belfort, use belfort up --port 0" if taken else "ok"),
        )


def _surroundings() -> Iterator[tuple[str, str, str]]:
    proxies = [
        name for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY") if os.environ.get(name)
    ]
    if proxies and "127.0.0.1" not in os.environ.get("no_proxy", os.environ.get("NO_PROXY", "")):
        yield "proxy", ", ".join(proxies), "ok for us; your curl may need: --noproxy 127.0.0.1"
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"x")
        yield "temporary files", tempfile.gettempdir(), "ok"
    except OSError as error:
        yield (
            "temporary files",
            tempfile.gettempdir(),
            f"mend: {error.strerror}; set TMPDIR to a folder you may write",
        )
