"""Steps that move the world: its clock, what goes wrong in it, the service's process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from belfort.scenario.lanes import known_as
from belfort.scenario.marks import suggestion
from belfort.scenario.names import PEOPLE, Mention, listed
from belfort.scenario.stage import Stage
from belfort.scenario.steps import DATE, PROCESS, WORLD, Step, Unmet, verb
from belfort.scenario.values import (
    DURATIONS,
    Pairs,
    Particular,
    Scalar,
    number,
    seconds,
    spoken,
    text,
    whole,
    word,
)
from belfort.scenario.when import written

QUIET = "until quiet"
LONGEST_DRAIN = "10m"


@dataclass(frozen=True, slots=True)
class Leap:
    """How far the clock moves: by a duration, to a moment, or until nothing is due any more."""

    by: float | None = None
    to: datetime | None = None

    def __str__(self) -> str:
        if self.by is not None:
            return f"by {spoken(self.by)}"
        return f"to {self.to.isoformat(sep=' ', timespec='minutes')}" if self.to else QUIET


def _leap(value: str) -> Leap:
    if value == QUIET:
        return Leap()
    if value.startswith("to "):
        moment = datetime.fromisoformat(value.removeprefix("to ").strip())
        if moment.tzinfo is None:
            raise ValueError("a moment to move to needs its offset, such as +01:00")
        return Leap(to=moment)
    return Leap(by=seconds(value))


LEAPS = Scalar(
    "a duration such as 2h, `to 2030-03-31T12:00:00+02:00`, or `until quiet`", _leap, {"type": "string"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance(Step):
    leap: Leap

    def takes(self) -> frozenset[str]:
        return frozenset({WORLD}) if self.leap.to is None else frozenset({WORLD, DATE})

    def sentence(self) -> str:
        return f"The clock moves on {self.leap}."

    async def play(self, stage: Stage) -> str:
        if self.leap.by is not None:
            clock = await stage.control.ask(
                "POST", "/clock/advance", {"by": spoken(self.leap.by), "within": LONGEST_DRAIN}
            )
        elif self.leap.to is not None:
            body = {"to": written(self.leap.to), "within": LONGEST_DRAIN}
            clock = await stage.control.ask("POST", "/clock/advance", body)
        else:
            clock = await stage.control.ask("POST", "/clock/drain", {"within": LONGEST_DRAIN})
        return f"now {clock['now'][:19].replace('T', ' ')}"


FAULTS: Mapping[str, tuple[str, ...]] = {
    "latency": ("seconds", "distribution", "spread", "cap"),
    "error": ("status", "code", "esme", "retry_after"),
    "disconnect_before": (),
    "disconnect_after": (),
    "half_open": ("seconds",),
    "slow_reader": ("rate", "cap"),
    "garbage": ("bytes",),
    "truncated": (),
    "wrong_sequence": (),
    "unbind": (),
    "receipt_form": ("form",),
    "throttle": ("rate", "burst"),
    "queue": ("rate", "length"),
    "outage": ("retry_after",),
    "report_lost": (),
    "report_late": ("seconds", "distribution", "spread", "cap"),
    "report_duplicated": ("times", "gap"),
    "report_reordered": ("seconds",),
    "reply_lost": (),
    "reply_late": ("seconds", "distribution", "spread", "cap"),
    "reply_duplicated": ("times", "gap"),
    "reply_first": (),
    "parts_lost": (),
    "parts_reordered": (),
}
"""What can go wrong, and what can be said of it, as the gateway's catalogue has it."""
OFF = "off"
DETAILS = tuple(sorted({detail for details in FAULTS.values() for detail in details}))


MAKES: tuple[Callable[[str], float], ...] = (int, float, seconds)


def _detail(value: str) -> float | str:
    """A number, whole if it was written so, a duration in seconds, or a word."""
    for make in MAKES:
        try:
            return make(value)
        except ValueError:
            continue
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultIs(Step):
    what: str
    at: str | None = None
    people_hit: tuple[Mention, ...] = ()
    first: int | None = None
    every: int | None = None
    probability: float | None = None
    limit: int | None = None
    lasting: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def takes(self) -> frozenset[str]:
        """What strikes only people of this scenario is nobody else's business."""
        return frozenset() if self.what == OFF or self.people_hit else frozenset({WORLD})

    def complaint(self) -> str | None:
        known = FAULTS.get(self.what, ())
        strange = [name for name in self.details if name not in known]
        if not strange:
            return None
        return f"{self.what} takes no {strange[0]}; {suggestion(strange[0], known)}"

    def sentence(self) -> str:
        if self.what == OFF:
            return "Nothing goes wrong any more."
        words = f"From now on: {self.what.replace('_', ' ')}"
        words += f" at {self.at}" if self.at else ""
        words += f" for {listed(self.people_hit)}" if self.people_hit else ""
        words += "".join(f", {name.replace('_', ' ')} {value}" for name, value in self._when().items())
        words += "".join(f", {name.replace('_', ' ')} {value}" for name, value in self.details.items())
        return f"{words}{f', lasting {spoken(self.lasting)}' if self.lasting else ''}."

    def _when(self) -> dict[str, Any]:
        told = {"first": self.first, "every": self.every, "probability": self.probability}
        return {name: value for name, value in told.items() if value is not None}

    def people(self) -> Sequence[Mention]:
        return self.people_hit

    async def play(self, stage: Stage) -> str:
        if self.what == OFF:
            return f"{await stage.harness.faults_off(stage.control)} taken off"
        order: dict[str, Any] = {"fault": self.what, "where": self.at, "limit": self.limit}
        order["ttl"] = None if self.lasting is None else spoken(self.lasting)
        order["when"] = self._when() or None
        order["with"] = dict(self.details) or None
        numbers = [known_as(each) for each in stage.cast.addresses(self.people_hit)]
        order["match"] = {"numbers": numbers} if numbers else None
        on = await stage.control.ask(
            "POST", "/faults", {name: value for name, value in order.items() if value is not None}
        )
        stage.harness.faults.append(str(on["id"]))
        return f"fault {on['id']} is on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart(Step):
    what: str
    signal: str = "SIGTERM"

    def takes(self) -> frozenset[str]:
        return frozenset({PROCESS})

    def sentence(self) -> str:
        how = "is killed with SIGKILL" if self.signal == "SIGKILL" else "is stopped"
        return f"The service {how} and started again."

    async def play(self, stage: Stage) -> str:
        ended = await stage.harness.restart(self.signal)
        if self.signal == "SIGTERM" and ended != 0:
            raise Unmet("the service to end in order", f"exit code {ended}")
        return f"the service ended with {ended} and is open again"


VERBS = (
    verb(
        "advance",
        "move the world's clock; everything due happens in order",
        Advance,
        ("leap", LEAPS, "how far"),
    ),
    verb(
        "fault",
        "let something go wrong at the gateway; `off` ends all faults of this scenario",
        FaultIs,
        ("what", word(*FAULTS, OFF), "what goes wrong (belfort fault lists them)"),
        Particular(
            "at", text("a door and stage such as sms.submit", 40), "where, if it can strike at several"
        ),
        Particular("to", PEOPLE, "for whom; for all if left out", "people_hit"),
        Particular("first", whole(1, 1_000_000), "only the first so many times for each person"),
        Particular("every", whole(1, 1_000_000), "only every so many times for each person"),
        Particular("probability", number(0, 1), "by chance"),
        Particular("limit", whole(1, 1_000_000), "so many times in all"),
        Particular("lasting", DURATIONS, "then it ends by itself"),
        Particular(
            "with",
            Pairs(
                "what the fault takes",
                word(*DETAILS),
                Scalar("a number, a duration or a word", _detail, {"type": ["number", "string"]}),
            ),
            "more about it: seconds, rate, status, …",
            "details",
        ),
    ),
    verb(
        "restart",
        "end the service's process and start it again on the same data",
        Restart,
        ("what", word("service"), "what is restarted"),
        Particular("signal", word("SIGTERM", "SIGKILL"), "how it ends; `SIGTERM` if left out"),
    ),
)
