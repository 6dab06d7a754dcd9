"""What was sent: the harness's own book, beside the service's and the simulator's.

Every row carries four tags of its own among its segments: the run's, and a tree of groups of 1024, 32 and
1. A report filtered by one tag is therefore a run's or a group's report, and by the last a person's, on any
service that implements the documented API: that is how culprits are found from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

LEVELS = (10, 5, 0)
"""Bits cut off a row's number to name its group at each level of the tree."""


def tags_of(run: str, number: int) -> tuple[str, ...]:
    """The tags of row `number`, widest group first: `("belfort-4f1c", "belfort-4f1c-10-0", …)`."""
    return (f"belfort-{run}", *(f"belfort-{run}-{bits}-{number >> bits}" for bits in LEVELS))


@dataclass(frozen=True, slots=True)
class Sent:
    """One accepted request."""

    number: int
    request: str
    address: str
    survey: int
    channel: str
    language: str
    segments: frozenset[str]
    wave: str = ""
    """When it was sent, as an ISO 8601 date-time: the world's clock, where the sender knows it."""


@dataclass(slots=True)
class Ledger:
    """All accepted requests of a run, in the order they were sent."""

    run: str
    """Tells this run's tags from another's in the same account."""
    rows: list[Sent] = field(default_factory=list)

    def add(self, row: Sent) -> None:
        self.rows.append(row)

    def tags(self, number: int) -> tuple[str, ...]:
        """The tags of a row of this run."""
        return tags_of(self.run, number)

    def __iter__(self) -> Iterator[Sent]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Scope:
    """One report that can be asked for, and which rows it is about."""

    title: str
    holds: Callable[[Sent], bool]
    survey: int | None = None
    query: Mapping[str, str] = field(default_factory=dict)


def scopes(ledger: Ledger, surveys: Mapping[int, str]) -> list[Scope]:
    """Every report worth comparing: all, each survey, channel, segment and wave, and pairs of segments in
    both modes.
    """
    channels = sorted({row.channel for row in ledger})
    segments = sorted(set().union(*(row.segments for row in ledger))) if len(ledger) else []
    waves = sorted({row.wave for row in ledger if row.wave})
    return [
        Scope("all surveys", lambda row: True),
        *(_of_survey(survey, name) for survey, name in surveys.items()),
        *(_of_channel(channel) for channel in channels),
        *(_of_segments((segment,), "ALL") for segment in segments),
        *(_of_segments(pair, mode) for pair in _neighbours(segments) for mode in ("ALL", "ANY")),
        *(_of_survey_and_segment(survey, name, tag) for survey, name in surveys.items() for tag in segments),
        *(_of_wave(wave) for wave in waves),
    ]


def scopes_of_run(ledger: Ledger) -> list[Scope]:
    """What can be compared in an account that others use as well: reports filtered by the run's own tag."""
    run = tags_of(ledger.run, 0)[0]
    segments = sorted(set().union(*(row.segments for row in ledger))) if len(ledger) else []
    return [
        Scope("this run", lambda row: True, query={"segments": run}),
        *(_of_run_and_segment(run, segment) for segment in segments),
    ]


def _of_run_and_segment(run: str, tag: str) -> Scope:
    return Scope(f"this run, {tag}", lambda row: tag in row.segments, query={"segments": f"{run},{tag}"})


def _neighbours(segments: list[str]) -> Iterable[tuple[str, str]]:
    return pairwise(segments)


def _of_survey(survey: int, name: str) -> Scope:
    return Scope(f"survey {name}", lambda row: row.survey == survey, survey=survey)


def _of_channel(channel: str) -> Scope:
    return Scope(f"channel {channel}", lambda row: row.channel == channel, query={"channel": channel})


def _of_segments(tags: tuple[str, ...], mode: str) -> Scope:
    chosen = frozenset(tags)
    query = {"segments": ",".join(tags), "segmentMode": mode}
    if mode == "ALL":
        return Scope(" and ".join(tags), lambda row: chosen <= row.segments, query=query)
    return Scope(" or ".join(tags), lambda row: bool(chosen & row.segments), query=query)


def _of_survey_and_segment(survey: int, name: str, tag: str) -> Scope:
    return Scope(
        f"survey {name}, {tag}",
        lambda row: row.survey == survey and tag in row.segments,
        survey=survey,
        query={"segments": tag},
    )


def _of_wave(wave: str) -> Scope:
    return Scope(f"sent at {wave}", lambda row: row.wave == wave, query={"startDate": wave, "endDate": wave})
