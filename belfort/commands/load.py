"""`belfort load`: the load test with its harness and a shape; the rest is Locust's."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from sysconfig import get_path
from typing import Annotated

from cyclopts import Parameter

import belfort
from belfort.connect import CLIENT_ID, CLIENT_SECRET, CONTROL_PORT
from belfort.exits import Exit, Trouble
from belfort.locusts import leaving_nothing, run
from belfort.premises import free_port
from belfort.rig import LOOPBACK, rig
from belfort.scenario.child import Child
from belfort.scenario.scenario import read_scenario
from belfort.settings import settings_of

SHAPES = ("smoke", "load", "stress", "spike", "soak")
DURATION = re.compile(r"(?=.)(\d+h)?(\d+m)?(\d+s?)?")


def load(
    name: str = "smoke",
    *,
    users: int | None = None,
    rate: float | None = None,
    time: str | None = None,
    processes: int = 1,
    scenario: Sequence[Path] = (),
    thresholds: Path | None = None,
    report: Path = Path("belfort-report"),
    workers: int = 1,
    database_url: Annotated[str, Parameter(show_default=False)] = "",
    bug: str | None = None,
    against: str | None = None,
    control: str | None = None,
    control_token: Annotated[str | None, Parameter(show_default=False)] = None,
    smpp: str | None = None,
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
    scenario
        Play this scenario again and again, on people of its own each time, instead of the usual mix of users.
        May be said several times.
    thresholds
        What the run must keep to, instead of the file in loadtests/ that goes with the shape.
    report
        The folder for page, tables, JUnit XML and JSON.
    workers
        Processes of the service; more than one need --database-url.
    database_url
        PostgreSQL database for the service instead of a file that is gone at the end.
    bug
        Build the service with this planted bug.
    against
        Base URL of a running survey service, ours or anybody's.
    control
        Base URL of the control API of the simulator beside it.
    control_token
        Its token, if it asks for one.
    smpp
        Its SMPP door, host:port, so that ESMEs are among the users; their accounts are BELFORT_SMPP_ACCOUNTS.
    client_id
        OAuth client id of the account to call as.
    client_secret
        Its secret.
    """
    _check(name, users, rate, time, processes, workers)
    settings = settings_of() | ({"database_url": database_url} if database_url else {})
    _check_service(bug, workers, settings, against, scenario)
    for each in scenario:
        read_scenario(each)
    told = {"shape": name, "report": str(report.absolute())}
    told |= {"rate": str(rate)} if rate else {}
    told |= {"thresholds": str(thresholds.absolute())} if thresholds else {}
    told |= {"stories": os.pathsep.join(str(each.absolute()) for each in scenario)} if scenario else {}
    if against:
        there = _there(against, control, control_token, smpp)
        harness: AbstractContextManager[Mapping[str, str]] = nullcontext(
            there | {"client_id": client_id, "client_secret": client_secret}
        )
    elif scenario:
        harness = _up(bug)
    else:
        harness = rig(settings, bug, workers)
    file = _locustfile("stories.py" if scenario else "locustfile.py")
    with leaving_nothing(), harness as where:
        return run(file, _options(users, time, processes), {**told, **where})


def _check(
    name: str,
    users: int | None,
    rate: float | None,
    time: str | None,
    processes: int,
    workers: int,
) -> None:
    """Everything that is wrong with the question, before anything is started."""
    if find_spec("locust") is None:
        raise Trouble("load tests need Locust: pip install 'belfort[load]'")
    if name not in SHAPES:
        raise Trouble(f"there is no shape {name!r}; there are {', '.join(SHAPES)}", Exit.USAGE)
    if time is not None and not DURATION.fullmatch(time):
        raise Trouble(f"--time {time}: give a time such as 30s, 10m or 1h30m", Exit.USAGE)
    for option, given in (("users", users), ("processes", processes), ("workers", workers), ("rate", rate)):
        if given is not None and given <= 0:
            raise Trouble(f"--{option} begins above 0, and is {given:g}", Exit.USAGE)


def _check_service(
    bug: str | None,
    workers: int,
    settings: Mapping[str, str],
    against: str | None,
    scenario: Sequence[Path],
) -> None:
    """Which service can be built as asked for, if one is to be built."""
    several, database = workers > 1, "database_url" in settings
    if against and (bug or several or database):
        raise Trouble("--bug, --workers and --database-url build a service; leave out --against", Exit.USAGE)
    if scenario and (several or database):
        raise Trouble("stories get one process on SQLite: leave out --workers, --database-url", Exit.USAGE)
    if bug and several:
        raise Trouble("a bug is planted in one process: leave --workers out", Exit.USAGE)
    if several and not database:
        raise Trouble("several workers need a database that they can share: --database-url", Exit.USAGE)
    if bug:
        from belfort.zoo.bugs import parts_of

        parts_of(bug)


def _options(users: int | None, time: str | None, processes: int) -> list[str]:
    options = ["--headless", "--only-summary"]
    options += ["--users", str(users)] if users else []
    options += ["--run-time", time] if time else []
    return options + (_processes(processes) if processes > 1 else [])


def _processes(count: int) -> list[str]:
    """They meet at a port of their own, so that two tests on one machine do not."""
    place = zip(("host", "port"), (LOOPBACK, str(free_port(LOOPBACK))), strict=True)
    ends = [(f"--master-{end}{part}", given) for part, given in place for end in ("", "bind-")]
    return ["--processes", str(count), *(word for pair in ends for word in pair)]


def _there(against: str, control: str | None, control_token: str | None, smpp: str | None) -> dict[str, str]:
    """Where a harness is that somebody has running, and what it asks for."""
    told = {
        "control": control or f"http://127.0.0.1:{CONTROL_PORT}", "control_token": control_token,
        "smpp": smpp, "smpp_accounts": settings_of().get("smpp_accounts"),
    }  # fmt: skip
    return {"url": against, **{name: value for name, value in told.items() if value}}


@contextmanager
def _up(bug: str | None) -> Iterator[Mapping[str, str]]:
    """What stories need: every channel, and a clock that they can move."""
    arguments = ["up", "--port", "0", *(["--bug", bug] if bug else [])]
    with tempfile.TemporaryDirectory(prefix="belfort-load-") as folder:
        child = Child.start(arguments, {"clock": "auto"} | settings_of(), Path(folder) / "up.log", apart=True)
        try:
            card = child.card
            yield {
                "url": card["service"], "control": card["control"],
                "client_id": card["client_id"], "client_secret": card["client_secret"],
            }  # fmt: skip
        finally:
            child.stop()


def _locustfile(name: str) -> Path:
    """Beside the package in the project; among the shared data where it is installed."""
    installed = Path(get_path("data")) / "share" / "belfort"
    for folder in (Path(belfort.__file__).parent.parent, installed):
        file = folder / "loadtests" / name
        if file.exists():
            return file
    raise Trouble(f"loadtests/{name} is not there; was it installed?", Exit.INTERNAL)
