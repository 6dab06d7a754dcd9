"""A harness as a scenario uses it: addresses, credentials, and what may be done to it.

One of its own is started as child processes: `belfort up` with the clock frozen, or, when the scenario
restarts the service, simulator and service apart. Then each keeps its own time, so the clock is real.
"""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from belfort.client import Answered, Control, Credentials, SurveyApi
from belfort.exits import Exit, Trouble
from belfort.premises import free_port, passing_memory
from belfort.scenario.child import Child
from belfort.scenario.values import DURATIONS, Particular, number, text, whole, word

NOT_FOUND = 404
CLIENT_ID, CLIENT_SECRET = "belfort", "belfort-secret"
LOOPBACK = "127.0.0.1"

SETTINGS = (
    Particular("profile", word("everyday", "clean-list", "first-time-list", "bad-day", "instant"),
               "how the town's people are; `everyday` if left out"),
    Particular("gateway", word("enco", "smpp"), "how the service speaks to the SMS gateway"),
    Particular("contact_interval", DURATIONS, "between two surveys to one person"),
    Particular("response_window", DURATIONS, "how long a reply counts"),
    Particular("validity", DURATIONS, "how long a message may wait to be handed over"),
    Particular("gateway_rate", number(0, 1_000_000), "messages a second that the service hands over"),
    Particular("gateway_deadline", DURATIONS, "for the gateway's answer to one call"),
    Particular("throughput", number(0, 1_000_000), "messages a second that the gateway takes"),
    Particular("send_rate", number(0.001, 1_000_000), "requests to send a second and account"),
    Particular("smpp_sessions", whole(1, 64), "sessions the service holds open to the message centre"),
    Particular("short_number", text("a short number", 15), "whom the messages come from"),
)  # fmt: skip
"""What a scenario may set of its own harness: settings of the two programs by their own names."""


@dataclass(slots=True)
class Harness:
    """A running harness, ours for this scenario alone or lent by somebody."""

    service: str
    control: str
    client_id: str = CLIENT_ID
    client_secret: str = field(default=CLIENT_SECRET, repr=False)
    token: str | None = field(default=None, repr=False)
    control_token: str | None = field(default=None, repr=False)
    borrowed: bool = False
    own_clock: bool = False
    """Whether the service keeps a clock of its own, which nobody here can move or wait for."""
    folder: Path | None = None
    """Where the service keeps its files, and its log."""
    inhabitants_before: int = 0
    """How many of the town are other lanes'."""
    faults: list[str] = field(default_factory=list)
    fine: bool = False
    """Whether the scenario has ended well on it, so that another may use it."""

    def api(self) -> SurveyApi:
        return SurveyApi(self.service, Credentials(self.client_id, self.client_secret), self.token)

    def controls(self) -> Control:
        return Control(self.control, self.control_token)

    async def restart(self, how: str) -> int:
        """End the service by a signal and open it again; returns how it ended."""
        raise Trouble(f"the service at {self.service} is not ours to restart by {how}", Exit.USAGE)

    async def faults_off(self, control: Control) -> int:
        """Take off the faults of this scenario that are still on; returns how many."""
        taken = 0
        while self.faults:
            try:
                await control.ask("DELETE", f"/faults/{self.faults.pop()}")
                taken += 1
            except Answered as answer:
                if answer.status != NOT_FOUND:  # it may have come to its end by itself
                    raise
        return taken


@dataclass(frozen=True, slots=True)
class Wish:
    """What kind of harness a scenario needs."""

    settings: Mapping[str, str] = field(default_factory=dict)
    seed: int = 1
    alone: bool = False
    """Whether nobody else may have used it before."""
    apart: bool = False
    """Whether the service is a process of its own."""
    bug: str | None = None


def scratch() -> Path:
    """A folder for a harness; in memory if the machine offers that, since nobody reads it again."""
    return Path(tempfile.mkdtemp(prefix="belfort-", dir=passing_memory()))


def start_together(wish: Wish, folder: Path, accounts: int = 2) -> Child:
    """`belfort up` with a clock that stands still."""
    settings = {"seed": str(wish.seed), "clock": "frozen", "log_level": "info", **wish.settings}
    bug = ("--bug", wish.bug) if wish.bug else ()
    arguments = ("up", "--port", "0", "--data", str(folder), "--accounts", str(accounts), *bug)
    return Child.start(arguments, settings, folder / "service.log")


@contextmanager
def opened(wish: Wish) -> Iterator[Harness]:
    """A harness of one's own for the length of a block; nothing of it is left afterwards."""
    folder = scratch()
    try:
        with ExitStack() as closing:
            yield (_apart if wish.apart else _together)(wish, folder, closing)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _together(wish: Wish, folder: Path, closing: ExitStack) -> Harness:
    child = start_together(wish, folder)
    closing.callback(child.stop)
    card = child.card
    return Harness(card["service"], card["control"], token=card["token"], folder=folder)


def _apart(wish: Wish, folder: Path, closing: ExitStack) -> Harness:
    settings = {"seed": str(wish.seed), "log_level": "info", **wish.settings}
    (folder / "gateway").mkdir()
    (folder / "service").mkdir()
    log = folder / "gateway" / "simulator.log"
    simulator = Child.start(("simulator", "--port", "0"), settings, log)
    closing.callback(simulator.stop)
    apart = Apart.beside(simulator.card, folder / "service", settings, wish.bug)
    apart.open()
    closing.callback(apart.close)
    return apart


@dataclass(slots=True)
class Apart(Harness):
    """A service as a process of its own, which can be killed and opened again on the same data and port."""

    settings: Mapping[str, str] = field(default_factory=dict)
    bug: str | None = None
    child: Child | None = None

    @classmethod
    def beside(
        cls, card: Mapping[str, Any], folder: Path, settings: Mapping[str, str], bug: str | None
    ) -> Apart:
        """A service beside the simulator that printed `card`."""
        port = free_port(LOOPBACK)
        own = {
            **settings,
            "port": str(port),
            "database": str(folder / "belfort.sqlite3"),
            "gateway_url": card["gateway"],
            "gateway_mode": "poll",
            "smpp_port": card["smpp"].rpartition(":")[2],
        }
        return cls(f"http://{LOOPBACK}:{port}", card["control"], own_clock=True, folder=folder,
                   settings=own, bug=bug)  # fmt: skip

    def open(self) -> None:
        assert self.folder is not None  # noqa: S101  # given by `beside`
        bug = ("--bug", self.bug) if self.bug else ()
        arguments = ("service", "--client-id", CLIENT_ID, "--client-secret", CLIENT_SECRET, *bug)
        self.child = Child.start(arguments, self.settings, self.folder / "service.log")

    def close(self, how: signal.Signals = signal.SIGTERM) -> int:
        child, self.child = self.child, None
        return 0 if child is None else child.stop(how)

    async def restart(self, how: str) -> int:
        ended = self.close(signal.Signals[how])
        self.open()
        return ended
