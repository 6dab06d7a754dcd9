"""What a run must keep to, read from a TOML file: one line, one verdict.

    [requests]
    "POST /surveys/{id}/send (1)" = ["p95 < 250ms", "failures < 1%"]

What a line names must be there and must have been measured: a threshold on nothing is crossed.
"""

from __future__ import annotations

import operator
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

LINE = re.compile(r"\s*(?:([a-z]\w*)\s*)?(<=|>=|==|<|>)\s*(-?[0-9]+(?:\.[0-9]+)?)\s*(ms|s|/s|%)?\s*")
COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq,
}  # fmt: skip
TIMES = ("p50", "p90", "p95", "p99", "mean", "max")
ROW: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(TIMES, ("ms", "s")),
    "failures": ("%", ""),
    "rate": ("/s",),
}
"""What can be said of a row, and in which units."""
FACTORS = {"s": 1000.0, "%": 0.01}
SINGLE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "truth": dict.fromkeys(("lost", "duplicated", "misfiled", "nps.delta", "stories"), ("",)),
    "offered": {"shortfall": ("%",)},
    "growth": {
        **dict.fromkeys(("memory.service", "memory.simulator", "latency.p95", "sent→delivered.p95"), ("%",)),
        "queue": ("",),
    },
}
"""What stands by itself: section, name, units."""
FIGURES = ("lost", "duplicated", "misfiled", "nps.delta")
"""What is true of the figures of a run whose users send."""
SECTIONS = ("requests", "flows", *SINGLE)


class BadThresholds(ValueError):
    """The file, the line, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """`metric` is empty for what stands by itself. `limit` in milliseconds, parts of one, or pieces."""

    section: str
    name: str
    metric: str
    sign: str
    limit: float
    written: str

    def holds(self, value: float) -> bool:
        return COMPARE[self.sign](value, self.limit)

    def __str__(self) -> str:
        return f"{self.section} {self.name}"


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of one name. Times in milliseconds, `failures` those that nothing explains."""

    count: int
    failures: int
    rate: float
    times: Mapping[str, float]
    expected: int = 0

    def value(self, threshold: Threshold) -> float | None:
        """What `threshold` looks at; None without a sample."""
        if not self.count and not self.failures:
            return None
        if threshold.metric == "rate":
            return self.rate
        if threshold.metric == "failures":
            return self.failures / (self.count or 1) if threshold.written.endswith("%") else self.failures
        return self.times.get(threshold.metric) if self.count else None


@dataclass(frozen=True, slots=True)
class Judged:
    """One threshold and what was seen."""

    threshold: Threshold
    name: str
    seen: float | None
    why: str = ""

    @property
    def kept(self) -> bool:
        return self.seen is not None and self.threshold.holds(self.seen)

    def told(self) -> str:
        """What was seen, in the unit of the line."""
        if self.seen is None:
            return self.why
        if self.threshold.metric in TIMES:
            return f"{self.seen:,.0f} ms"
        if self.threshold.metric == "rate":
            return f"{self.seen:,.1f}/s"
        return f"{self.seen:.2%}" if self.threshold.written.endswith("%") else f"{self.seen:,.0f}"


def read(path: Path, truths: Sequence[str] = FIGURES) -> list[Threshold]:
    """The thresholds of a file; `BadThresholds` for the first line that is wrong. What must be true of the
    figures need not be said: whatever of `truths` the file leaves out must be 0.
    """
    try:
        text = path.read_text("utf-8")
        tables = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise BadThresholds(f"{path}: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise BadThresholds(f"{path}: {error}") from None
    found = list(_thresholds(tables, lambda word, what: _wrong(path, text, word, what)))
    said = {each.name for each in found if each.section == "truth"}
    return found + [Threshold("truth", name, "", "==", 0, "== 0") for name in truths if name not in said]


Wrong = Callable[[str, str], BadThresholds]


def _thresholds(tables: Mapping[str, Any], wrong: Wrong) -> Iterator[Threshold]:
    for section, lines in tables.items():
        if section not in SECTIONS or not isinstance(lines, dict):
            raise wrong(section, f"there is no section {section!r}; there are {', '.join(SECTIONS)}")
        for name, written in lines.items():
            if not isinstance(written, list) or not written or not all(isinstance(e, str) for e in written):
                raise wrong(name, f'{name!r} must be a list of lines such as ["p95 < 250ms"]')
            for line in written:
                yield _threshold(section, name, line, wrong)


def _threshold(section: str, name: str, line: str, wrong: Wrong) -> Threshold:
    single = SINGLE.get(section)
    if single is not None and name not in single:
        raise wrong(name, f"{section} has no {name!r}; it has {', '.join(single)}")
    shape = "== 0" if single else "p95 < 250ms"
    match = LINE.fullmatch(line)
    if match is None:
        raise wrong(line, f"{line!r} is no threshold; one reads {shape!r}")
    metric, sign, limit, unit = match[1] or "", match[2], float(match[3]), match[4] or ""
    units = single[name] if single is not None and not metric else ROW.get(metric) if single is None else None
    if units is None:
        known = "no word before the sign" if single is not None else ", ".join(ROW)
        raise wrong(line, f"{line!r}: {metric or 'nothing'} cannot be measured here; known: {known}")
    if unit not in units:
        raise wrong(line, f"{line!r}: the unit must be {' or '.join(u or 'none' for u in units)}")
    return Threshold(section, name, metric, sign, limit * FACTORS.get(unit, 1), " ".join(line.split()))


def _wrong(path: Path, text: str, word: str, what: str) -> BadThresholds:
    line = next((n for n, each in enumerate(text.splitlines(), 1) if word in each), 1)
    return BadThresholds(f"{path}, line {line}: {what}")


def judge(
    thresholds: Sequence[Threshold],
    rows: Mapping[str, Mapping[str, Row]],
    single: Mapping[str, Mapping[str, float | None]],
) -> list[Judged]:
    """Hold what was measured against every threshold: `rows` and `single` by section and name."""
    return [judged for each in thresholds for judged in _judge(each, rows, single)]


def _judge(
    threshold: Threshold,
    rows: Mapping[str, Mapping[str, Row]],
    single: Mapping[str, Mapping[str, float | None]],
) -> Iterator[Judged]:
    if threshold.section in single:
        yield Judged(threshold, threshold.name, single[threshold.section].get(threshold.name), "not measured")
        return
    measured = rows.get(threshold.section, {})
    matching = [name for name in measured if _means(threshold.name, name)]
    if not matching:
        known = ", ".join(measured) or "none"
        yield Judged(threshold, threshold.name, None, f"matches nothing; there are: {known}")
    for name in matching:
        yield Judged(threshold, name, measured[name].value(threshold), "no sample")


def _means(pattern: str, name: str) -> bool:
    return fnmatchcase(name, pattern.replace("[", "[[]"))
