"""Reads the order for a fault: JSON in, a `Fault` or every mistake in it out, with JSON pointers (RFC 6901).

{"fault": "latency", "where": "sms.submit", "match": {"numbers": ["+32470*"], "accounts": []},
 "when": {"first": 3, "every": 2, "probability": 0.5, "counted": "person", "from": "…Z", "to": "…Z"},
 "limit": 10, "ttl": "5m", "with": {"seconds": 0.2, "cap": 2}}
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import partial
from typing import Any

from simulator.config import duration
from simulator.faults import fault
from simulator.faults.catalogue import CATALOGUE, DOORS, STAGES, FaultKind, Parameter
from simulator.world import Moment

MEMBERS = ("fault", "where", "match", "when", "limit", "ttl", "with")
WHEN_MEMBERS = ("first", "every", "probability", "counted", "from", "to")
MOST = 1_000_000_000
PATTERNS = 100  # patterns in one match


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one member, and what would be right."""

    pointer: str
    detail: str


class BadOrder(ValueError):
    """The order for a fault cannot be carried out; `mistakes` has everything that is wrong with it."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("; ".join(f"{each.pointer or '/'}: {each.detail}" for each in mistakes))
        self.mistakes = mistakes


@dataclass(slots=True)
class _Reading:
    """An order under inspection; collects mistakes instead of stopping at the first."""

    mistakes: list[Mistake] = field(default_factory=list)

    def wrong(self, pointer: str, detail: str) -> None:
        self.mistakes.append(Mistake(pointer, detail))

    def members(self, value: object, pointer: str, known: Sequence[str]) -> Mapping[str, Any]:
        """`value` as an object with known members only; what is null is as if left out."""
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.wrong(pointer, "must be an object")
            return {}
        for name in value:
            if name not in known:
                self.wrong(
                    f"{pointer}/{_escaped(str(name))}", f"unknown member; {did_you_mean(str(name), known)}"
                )
        return {name: each for name, each in value.items() if name in known and each is not None}

    def attempt(self, pointer: str, read: Callable[[], Any], default: Any = None) -> Any:
        """What `read` returns; its ValueError becomes a mistake."""
        try:
            return read()
        except ValueError as error:
            self.wrong(pointer, str(error))
            return default


def read_order(order: object, number: int, now: Moment) -> fault.Fault:
    """The fault that `order` (parsed JSON) asks for, as number `number` of the list; BadOrder otherwise."""
    reading = _Reading()
    if not isinstance(order, Mapping):
        raise BadOrder([Mistake("", "must be an object")])
    given = reading.members(order, "", MEMBERS)
    name = reading.attempt("/fault", lambda: _name(given.get("fault")), "")
    kind = CATALOGUE.get(name)
    ttl = reading.attempt("/ttl", lambda: _ttl(given.get("ttl")))
    found = fault.Fault(
        id=number,
        name=name,
        where=reading.attempt("/where", lambda: _where(given.get("where", "*"), name, kind), "*"),
        given=_with(reading, given.get("with"), kind),
        match=_match(reading, given.get("match")),
        when=_when(reading, given.get("when")),
        limit=reading.attempt("/limit", lambda: _whole(given.get("limit"))),
        ttl=ttl,
        expires=None if ttl is None else Moment(now + round(ttl * 1000)),
    )
    if reading.mistakes:
        raise BadOrder(reading.mistakes)
    return found


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """The known word that looks like `word`, else all of them."""
    near = get_close_matches(word, known, n=1)
    return f'did you mean "{near[0]}"?' if near else f"known: {', '.join(known)}"


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _name(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"name the fault: {', '.join(CATALOGUE)}")
    if value not in CATALOGUE:
        raise ValueError(f"there is no fault {value[:60]!r}; {did_you_mean(value, tuple(CATALOGUE))}")
    return value


def _where(value: object, name: str, kind: FaultKind | None) -> str:
    if value == "*" or kind is None:
        return "*"
    places = [f"{door}.{stage}" for door in kind.doors or DOORS for stage in kind.stages]
    if value in places or value in (kind.doors or DOORS):
        return str(value)
    elsewhere = [*DOORS, *(f"{door}.{stage}" for door in DOORS for stage in STAGES)]
    if value in elsewhere:
        raise ValueError(f"{name} does not act there, but at: {', '.join(places)}")
    raise ValueError(f"there is no such place; {did_you_mean(str(value)[:60], elsewhere)}")


def _whole(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST:
        raise ValueError(f"must be a whole number from 1 to {MOST}")
    return value


def _ttl(value: object) -> float | None:
    if value is None:
        return None
    seconds = _seconds(value)
    if seconds <= 0:
        raise ValueError("must be longer than nothing")
    return seconds


def _seconds(value: object) -> float:
    """A duration: a number of seconds or a text such as "250ms"."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError('must be a number of seconds or a text such as "250ms", "30s", "5m", "2h", "3d"')
    return duration(value) if isinstance(value, str) else duration(f"{_finite(value):.9f}")


def _finite(value: float) -> float:
    if not math.isfinite(value) or not 0 <= value <= MOST:
        raise ValueError(f"must be a number from 0 to {MOST}")
    return float(value)


def _match(reading: _Reading, value: object) -> fault.Match:
    given = reading.members(value, "/match", ("numbers", "accounts"))
    return fault.Match(
        numbers=reading.attempt("/match/numbers", lambda: _patterns(given.get("numbers")), ()),
        accounts=reading.attempt("/match/accounts", lambda: _patterns(given.get("accounts")), ()),
    )


def _patterns(value: object) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else [] if value is None else value
    if isinstance(listed, list) and len(listed) <= PATTERNS:
        patterns = tuple(each for each in listed if isinstance(each, str) and 0 < len(each) <= 255)
        if len(patterns) == len(listed):
            return patterns
    raise ValueError(f'must be a list of up to {PATTERNS} patterns such as "+32470*"')


def _when(reading: _Reading, value: object) -> fault.When:
    given = reading.members(value, "/when", WHEN_MEMBERS)
    return fault.When(
        first=reading.attempt("/when/first", lambda: _whole(given.get("first"))),
        every=reading.attempt("/when/every", lambda: _whole(given.get("every"))),
        probability=reading.attempt("/when/probability", lambda: _share(given.get("probability", 1)), 1.0),
        counted=reading.attempt("/when/counted", lambda: _counted(given.get("counted", "person"))),
        since=reading.attempt("/when/from", lambda: _moment(given.get("from"))),
        until=reading.attempt("/when/to", lambda: _moment(given.get("to"))),
    )


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError("must be a number from 0 to 1")
    return float(value)


def _counted(value: object) -> fault.Counted:
    if value not in ("person", "all"):
        raise ValueError('must be "person" (each person\'s visits) or "all" (everybody\'s together)')
    return fault.Counted(value)


def _moment(value: object) -> Moment | None:
    if value is None:
        return None
    try:
        if not isinstance(value, str):
            raise ValueError
        parsed = datetime.fromisoformat(value)
        if parsed.tzinfo is None:
            raise ValueError
    except ValueError:
        raise ValueError("must be a moment with an offset, such as 2026-11-24T10:00:00Z") from None
    return Moment((parsed - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1))


def _with(reading: _Reading, value: object, kind: FaultKind | None) -> dict[str, fault.Parameter]:
    """Every parameter of that fault, with its default where nothing is said."""
    if kind is None:
        return {}
    given = reading.members(value, "/with", tuple(kind.parameters))
    return {
        name: reading.attempt(f"/with/{name}", partial(_parameter, given.get(name), known))
        for name, known in kind.parameters.items()
    }


def _parameter(value: object, known: Parameter) -> fault.Parameter:
    if value is None:
        return known.default
    if known.words:
        if value not in known.words:
            raise ValueError(f"{known.about}: {did_you_mean(str(value)[:60], known.words)}")
        return str(value)
    if isinstance(value, str) and known.about.startswith("seconds"):
        value = duration(value)
    kind = "whole number" if known.whole else "number"
    bounds = f"{known.about}: must be a {kind} from {known.least:g} to {known.most:g}"
    if isinstance(value, bool) or not isinstance(value, int if known.whole else int | float):
        raise ValueError(bounds)
    if not known.least <= value <= known.most:
        raise ValueError(bounds)
    return value
