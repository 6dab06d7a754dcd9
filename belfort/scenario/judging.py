"""The oracle's turn: which reports are laid beside the truth, and what is said if they part.

Compared is every report the scenario asked for, and every combination of survey, channel, segments and mode
that it used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import product

from belfort.ledger import Scope, Sent, tags_of
from belfort.oracle import Comparison, Finding, Oracle
from belfort.scenario.book import Asked, Book
from belfort.scenario.stage import Stage

MOST_SCOPES = 120
"""Reports compared after a story; how many more there would be is said."""
TRIES = 12
LONGEST_PAUSE = 2.0

Tags = tuple[str, ...]


async def judge(stage: Stage) -> tuple[Finding, int]:
    """Lay the reports beside the truth; how many were left out, since there were too many. A service with a
    clock of its own gets some seconds to catch up.
    """
    await stage.settle()
    found = scopes(stage)
    chosen = found[:MOST_SCOPES]
    return await _judge(stage, chosen), len(found) - len(chosen)


async def _judge(stage: Stage, chosen: Sequence[Scope]) -> Finding:
    oracle = Oracle(stage.api, stage.control, stage.book.ledger)
    pause = 0.05
    for _ in range(TRIES if stage.harness.own_clock else 1):
        finding = await oracle.judge(chosen)
        if untrue(finding) is None:
            return finding
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
    return await oracle.judge(chosen)


def untrue(finding: Finding) -> str | None:
    """What is wrong, in a sentence; None if everything agrees."""
    if not finding.agrees:
        return f"{len(finding.differences)} of {len(finding.comparisons)} reports that differ"
    return None


async def compare(stage: Stage, asked: Asked) -> Comparison | None:
    """One report that is asked for beside the truth; None if it cannot be told who belongs to it."""
    await stage.settle()
    scope = _scope(stage.book, asked)
    if scope is None:
        return None
    return await Oracle(stage.api, stage.control, stage.book.ledger).compare(scope)


def scopes(stage: Stage) -> list[Scope]:
    """The reports to compare, each once, those that were asked for first."""
    found: dict[tuple[int | None, tuple[tuple[str, str], ...]], Scope] = {}
    for scope in (*_asked(stage), *_combined(stage)):
        found.setdefault((scope.survey, tuple(sorted(scope.query.items()))), scope)
    return list(found.values())


def _asked(stage: Stage) -> Iterator[Scope]:
    for asked in stage.book.asked:
        scope = _scope(stage.book, asked)
        if scope is not None and scope.survey not in stage.book.deleted:
            yield scope


def _scope(book: Book, asked: Asked) -> Scope | None:
    survey = None if asked.survey is None else book.surveys[asked.survey]
    holds = _holder(book, survey, asked.channel, asked.segments, asked.mode, asked)
    return None if holds is None else Scope(asked.title, holds, survey=survey, query=asked.query)


def _combined(stage: Stage) -> Iterator[Scope]:
    book = stage.book
    surveys: list[tuple[str, int | None]] = [("all surveys", None), *book.live.items()]
    channels = sorted({row.channel for row in book.rows})
    for (name, survey), channel, (tags, mode) in product(
        surveys, [None, *(channels if len(channels) > 1 else ())], _tag_sets(book.rows, book.asked)
    ):
        holds = _holder(book, survey, channel, tags, mode)
        if holds is not None:
            title = " ".join(
                filter(None, (name, channel, f" {'or' if mode == 'ANY' else 'and'} ".join(tags)))
            )
            yield Scope(title, holds, survey=survey, query=_query(stage, survey, channel, tags, mode))


def _tag_sets(rows: Iterable[Sent], asked: Sequence[Asked]) -> list[tuple[Tags, str]]:
    """No segment, each one, and each set of them that was sent or asked for, in both modes."""
    sets = {tuple(sorted(row.segments)) for row in rows} | {tuple(sorted(each.segments)) for each in asked}
    single = sorted({(tag,) for tags in sets for tag in tags})
    several = sorted(tags for tags in sets if len(tags) > 1)
    return [((), "ALL"), *((tags, "ALL") for tags in single), *product(several, ("ALL", "ANY"))]


def _holder(
    book: Book, survey: int | None, channel: str | None, tags: Tags, mode: str, asked: Asked | None = None
) -> Callable[[Sent], bool] | None:
    """Which rows belong to a report; None if that cannot be told, since an end falls into a call to send."""
    live = {row.number for row in book.rows}
    ends = (asked.since, asked.until) if asked else (None, None)
    if not _is_certain(book, ends):
        return None
    chosen = frozenset(tags)

    def holds(row: Sent) -> bool:
        tagged = bool(chosen & row.segments) if mode == "ANY" and tags else chosen <= row.segments
        span = book.spans[row.number]
        return (
            row.number in live
            and survey in (None, row.survey)
            and channel in (None, row.channel)
            and tagged
            and (ends[0] is None or span.first >= ends[0])
            and (ends[1] is None or span.last <= ends[1])
        )

    return holds


def _is_certain(book: Book, ends: tuple[datetime | None, datetime | None]) -> bool:
    """Whether every acceptance lies clearly on one side of each end."""
    return all(
        span.first == span.last or not span.first <= end <= span.last
        for end in ends
        if end is not None
        for span in book.spans.values()
    )


def _query(stage: Stage, survey: int | None, channel: str | None, tags: Tags, mode: str) -> Mapping[str, str]:
    """On an account that others use, a report on all surveys is narrowed to this run by the ledger's tag."""
    sent = [stage.segment(tag) for tag in tags]
    if stage.shared and survey is None and not sent:
        sent = [tags_of(stage.book.ledger.run, 0)[0]]
    query = {
        "segments": ",".join(sent),
        "segmentMode": mode if len(sent) > 1 else "",
        "channel": channel or "",
    }
    return {name: value for name, value in query.items() if value}
