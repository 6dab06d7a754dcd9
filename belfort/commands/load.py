"""`belfort load`: the load test with its harness and a shape; the rest is Locust's."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from sysconfig import get_path
from types import FrameType
from typing import Annotated

from cyclopts import Parameter

import belfort
from belfort.connect import CLIENT_ID, CLIENT_SECRET, CONTROL_PORT
from belfort.exits import Exit, Trouble
from belfort.scenario.child import Child, clean_environment
from belfort.settings import settings_of

SHAPES = ("smoke", "load", "stress", "spike", "soak")
DURATION = re.compile(r"(?=.)(\d+h)?(\d+m)?(\d+s?)?")
HARNESS = {"profile": "instant", "keep_messages": "2000000", "send_rate": "1000000", "call_rate": "1000000"}
"""How the harness of a load test differs from `belfort up`: people answer at once, nothing is throttled by
an account's limit, the truth reaches back to the first message.
"""


def load(
    name: str = "smoke",
    *,
    users: int | None = None,
    rate: float | None = None,
    time: str | None = None,
    processes: int = 1,
    thresholds: Path | None = None,
    report: Path = Path("belfort-report"),
    bug: str | None = None,
    against: str | None = None,
    control: str | None = None,
    client_id: str = CLIENT_ID,
    client_secret: Annotated[str, Parameter(show_default=False)] = CLIENT_SECRET,
) -> int:
    """Load the whole chain, then compare every report with the truth.

    Without --against it starts gateway and service on free ports and ends them again.

    Parameters
    ----------
    name
        The shape: smoke, load, stress, spike or soak.
    users
        How many users there are at the top, instead of the shape's own number.
    rate
        Calls a second of each user, instead of its own pace.
    time
        How long the shape takes, such as 30s or 10m, instead of its own time.
    processes
        Worker processes of Locust; with 1 there are none beside the one that judges.
    thresholds
        What the run must keep to, instead of loadtests/thresholds.toml.
    report
        The folder for page, tables, JUnit XML and JSON.
    bug
        Build the service with this planted bug.
    against
        Base URL of a running survey service, ours or anybody's.
    control
        Base URL of the control API of the simulator beside it.
    client_id
        OAuth client id of the account to call as.
    client_secret
        Its secret.
    """
    _check(name, users, rate, time, processes)
    if bug and against:
        raise Trouble("--bug builds a service of its own; leave out --against", Exit.USAGE)
    options = _options(users, time, processes)
    told = {"shape": name, "report": str(report.absolute())}
    told |= {"rate": str(rate)} if rate else {}
    told |= {"thresholds": str(thresholds.absolute())} if thresholds else {}
    if against:
        there = {
            "url": against, "control": control or f"http://127.0.0.1:{CONTROL_PORT}",
            "client_id": client_id, "client_secret": client_secret,
        }  # fmt: skip
        return _locust(options, {**told, **there})
    with _harness(bug) as where:
        return _locust(options, {**told, **where})


def _check(name: str, users: int | None, rate: float | None, time: str | None, processes: int) -> None:
    """Everything that is wrong with the question, before anything is started."""
    if find_spec("locust") is None:
        raise Trouble("load tests need Locust: pip install 'belfort[load]'")
    if name not in SHAPES:
        raise Trouble(f"there is no shape {name!r}; there are {', '.join(SHAPES)}", Exit.USAGE)
    if time is not None and not DURATION.fullmatch(time):
        raise Trouble(f"--time {time}: give a time such as 30s, 10m or 1h30m", Exit.USAGE)
    if (users is not None and users < 1) or processes < 1 or (rate is not None and rate <= 0):
        raise Trouble("--users, --processes and --rate begin above 0", Exit.USAGE)


def _options(users: int | None, time: str | None, processes: int) -> list[str]:
    options = ["--headless", "--only-summary"]
    options += ["--users", str(users)] if users else []
    options += ["--run-time", time] if time else []
    return options + (["--processes", str(processes)] if processes > 1 else [])


@contextmanager
def _harness(bug: str | None) -> Iterator[Mapping[str, str]]:
    """`belfort up` for the length of the test. Ctrl-C is for the test alone: it still needs its harness to
    judge.
    """
    arguments = ["up", "--port", "0", *(["--bug", bug] if bug else [])]
    with tempfile.TemporaryDirectory(prefix="belfort-load-") as folder:
        child = Child.start(arguments, HARNESS | settings_of(), Path(folder) / "up.log", apart=True)
        try:
            card = child.card
            yield {
                "url": card["service"], "control": card["control"],
                "client_id": card["client_id"], "client_secret": card["client_secret"],
            }  # fmt: skip
        finally:
            child.stop()


def _locust(options: list[str], told: Mapping[str, str]) -> int:
    """Locust as a child; its exit code is the verdict."""
    command = [sys.executable, "-m", "locust", "-f", str(_locustfile()), *options]
    process = subprocess.Popen(command, env=clean_environment(told))  # noqa: S603  # our own choice of words
    with _signals_go_to(process):
        code = process.wait()
    return code if code in set(Exit) - {Exit.CHECK_FAILED} else Exit.INTERNAL


@contextmanager
def _signals_go_to(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Ctrl-C reaches the whole group, so it is only waited out; who ends this process ends the test."""

    def end(_number: int, _frame: FrameType | None) -> None:
        process.send_signal(signal.SIGINT)

    before = {signal.SIGINT: signal.signal(signal.SIGINT, signal.SIG_IGN)}
    before[signal.SIGTERM] = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _locustfile() -> Path:
    """Beside the package in the project; among the shared data where it is installed."""
    installed = Path(get_path("data")) / "share" / "belfort"
    for folder in (Path(belfort.__file__).parent.parent, installed):
        file = folder / "loadtests" / "locustfile.py"
        if file.exists():
            return file
    raise Trouble("loadtests/locustfile.py is not there; was it installed?", Exit.INTERNAL)
