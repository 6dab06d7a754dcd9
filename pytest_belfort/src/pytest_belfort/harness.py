"""A running harness: the one at BELFORT_URL, or `belfort up` as an isolated child."""

from __future__ import annotations

import json
import os
import select
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from pytest_belfort.calls import CONTROL, call, log_in

START_SECONDS, STOP_SECONDS = 30.0, 15.0
PROTOCOL = 1
"""Of the control API: what this plug-in speaks."""
OURS = ("BELFORT_COMMAND", "BELFORT_URL", "BELFORT_CONTROL", "BELFORT_TOKEN")
"""Variables that speak to this plug-in, and would only puzzle the child."""


class NotStarted(Exception):
    """There is no harness to test with; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Harness:
    """Where it is and how to log in. `own`: nobody else uses it."""

    service: str
    control: str
    token: str
    own: bool
    card: Mapping[str, Any]
    client: tuple[str, str] | None = None
    """Id and secret for another token, once this one is over; None if somebody else gave the token."""
    control_token: str | None = None
    """What the simulator asks for, if it asks."""


@contextmanager
def running(environ: Mapping[str, str], *, clock: str) -> Iterator[Harness]:
    """The harness for the length of a test session. Errors: NotStarted, Unreachable, Refused."""
    if environ.get("BELFORT_URL"):
        yield _checked(_found(environ))
        return
    with tempfile.TemporaryFile() as said, _child(environ, clock, said) as child:
        card = _card(child, said)
        client = (card["client_id"], card["client_secret"])
        own = environ.get("BELFORT_CONTROL_TOKEN")  # the child has read it, too
        yield _checked(Harness(card["service"], card["control"], card["token"], True, card, client, own))


def _found(environ: Mapping[str, str]) -> Harness:
    url = environ["BELFORT_URL"].rstrip("/")
    control = environ.get("BELFORT_CONTROL", "http://127.0.0.1:8033").rstrip("/")
    secret = environ.get("BELFORT_CLIENT_SECRET", "belfort-secret")
    client = (environ.get("BELFORT_CLIENT_ID", "belfort"), secret)
    given = environ.get("BELFORT_TOKEN")
    token = given or log_in(url, *client)
    card = {"service": url, "control": control, "token": token}
    own = environ.get("BELFORT_CONTROL_TOKEN")
    return Harness(url, control, token, False, card, None if given else client, own)


def _checked(harness: Harness) -> Harness:
    version = call("GET", f"{harness.control}{CONTROL}/version", token=harness.control_token)
    if version.get("protocol") != PROTOCOL:
        raise NotStarted(
            f"the harness at {harness.control} speaks protocol {version.get('protocol')}, this plug-in "
            f"{PROTOCOL}: install the pytest-belfort that belongs to it"
        )
    return harness


def command(environ: Mapping[str, str]) -> list[str]:
    """How to run `belfort`: BELFORT_COMMAND, the script on the path, or this interpreter's module."""
    if environ.get("BELFORT_COMMAND"):
        return shlex.split(environ["BELFORT_COMMAND"])
    script = shutil.which("belfort", path=environ.get("PATH"))
    return [script] if script else [sys.executable, "-I", "-m", "belfort"]


def isolated(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of the child: nothing of this project's Python may change whose code it runs."""
    return {
        name: value for name, value in environ.items() if not name.startswith("PYTHON") and name not in OURS
    }


@contextmanager
def _child(environ: Mapping[str, str], clock: str, said: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """`belfort up`, which ends when we close its input, or when we are killed."""
    words = [*command(environ), "up", "--json", "--tied", "--port", "0", "--clock", clock]
    try:
        child = subprocess.Popen(
            words, env=isolated(environ), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said
        )
    except OSError as error:
        raise NotStarted(_how_to_install(words, str(error))) from error
    try:
        yield child
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.stdin is not None:
        child.stdin.close()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _card(child: subprocess.Popen[bytes], said: IO[bytes]) -> dict[str, Any]:
    """The line of addresses that it prints once every door is open. Errors: NotStarted."""
    assert child.stdout is not None  # noqa: S101  # it was asked for
    ready, _, _ = select.select([child.stdout], [], [], START_SECONDS)
    line = child.stdout.readline() if ready else b""
    if line:
        return dict(json.loads(line))
    if not ready:
        child.kill()
    said.seek(0)
    last = said.read().decode(errors="replace").strip().splitlines()[-15:]
    raise NotStarted(_how_to_install(child.args, "\n".join(last) or "it printed no line of addresses"))


def _how_to_install(words: object, why: str) -> str:
    shown = shlex.join(words) if isinstance(words, Sequence) and not isinstance(words, str) else str(words)
    return (
        f"`{shown}` did not start: {why}\n"
        "Install Belfort in an environment of its own (pipx install belfort, uv tool install belfort) and "
        "set BELFORT_COMMAND to its script, or BELFORT_URL to a harness that runs."
    )


def environment() -> dict[str, str]:
    """This process's."""
    return dict(os.environ)
