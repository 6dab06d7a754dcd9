"""The time of a report over many requests, asked for over HTTP: 30 days, 50 sets of segments, four languages,
four surveys of one account. Beside it the same answer counted request by request, with and without the index.

The table of requests is filled directly, and the roll-ups by the service's own code for them. On PostgreSQL
too where BELFORT_BENCH_DATABASE_URL names an empty database.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg
from psycopg.rows import dict_row

from benchmarks.figure import Figure, duration
from benchmarks.programs import MASTER_KEY, UNLIMITED, Api, Program, free_port, service
from service.domain.period import ALWAYS, Period
from service.domain.request import AccountId
from service.domain.segments import SegmentMode
from service.store import figures, rollups
from service.store.changes import NO_SCORE, NO_VERDICT, OPEN, Changes, Outcome
from service.store.changes import Place as Spot
from service.store.database import Database
from service.store.postgres import Postgres
from service.store.sqlite import Sqlite
from service.store.tx import Tx

REQUESTS, DAYS, SURVEYS = 5_000_000, 90, 4
NAIVE_ROUNDS = 3
FIRST = datetime(2026, 9, 1, 6, tzinfo=UTC)
LANGUAGES = {"nl-BE": 57, "fr-BE": 32, "de-BE": 1, "en": 10}
CITIES = (
    "antwerp",
    "brugge",
    "charleroi",
    "gent",
    "leuven",
    "liege",
    "mechelen",
    "mons",
    "namur",
    "oostende",
)
KINDS = ("business", "private", "repair", "shop", "support")
SETS = [f'["{city}","{kind}"]' for city, kind in itertools.product(CITIES, KINDS)]
COLUMNS = "id, survey, question, language, channel, segment_set, accepted_at, state, failed, verdict, score"
INSERT = f"INSERT INTO request ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  # ours
POSTGRES = "BELFORT_BENCH_DATABASE_URL"
NAIVE = """SELECT request.failed, request.verdict, request.score, count(*)
           FROM survey CROSS JOIN request {index} ON request.survey = survey.id
           WHERE survey.account = 1 GROUP BY 1, 2, 3"""


@dataclass(frozen=True, slots=True)
class Place:
    """A database, and how the service is told of it."""

    name: str
    database: Database
    file: Path
    arguments: tuple[str, ...] = ()

    def serve(self) -> AbstractContextManager[Program]:
        settings = {**UNLIMITED, **MASTER_KEY}
        gateway = f"http://127.0.0.1:{free_port()}"
        return service(self.file, *self.arguments, gateway=gateway, settings=settings)


def measure(scale: float) -> list[Figure]:
    """Every kind of selection, in the process and over HTTP, then the naive counts."""
    count, found = round(REQUESTS * scale), []
    with tempfile.TemporaryDirectory() as folder:
        for place in places(Path(folder)):
            surveys = prepare(place)
            cells = fill(place.database, surveys, count)
            over = f"{place.name}; {count:,} requests, {cells:,} rows by hour, day and fortnight"
            found += ask(place, surveys[0], over)
        found += _counted(Path(folder) / "reports.sqlite3")
    return found


def places(folder: Path) -> Iterator[Place]:
    """SQLite, and PostgreSQL where there is one."""
    file = folder / "reports.sqlite3"
    yield Place("SQLite", Sqlite(file), file)
    url = os.environ.get(POSTGRES, "")
    if url:
        yield Place("PostgreSQL", Postgres(url), file, ("--database-url", url))
    else:
        print(f"| PostgreSQL is left out | {POSTGRES} names no database | |", flush=True)


def prepare(place: Place) -> list[int]:
    """The service itself makes tables, account and surveys."""
    with place.serve() as program:
        api = Api.of(program)
        return [api.new_survey() for _ in range(SURVEYS)]


def fill(database: Database, surveys: list[int], count: int) -> int:
    """How many rows the roll-ups have then."""
    writing, changes = database.for_writing(), Changes()
    opened: Any = writing
    if isinstance(database, Postgres):
        opened = psycopg.connect(database.url, autocommit=True, row_factory=dict_row)
    else:
        opened.execute("PRAGMA synchronous=OFF")
    with closing(opened), closing(writing):
        opened.execute("BEGIN")
        sets = {survey: list(_segment_sets(opened, survey)) for survey in surveys}
        _insert(opened, _noted(_requests(sets, count), changes))
        opened.execute("COMMIT")
        database.begin(writing)
        rollups.flush(Tx(writing, database.queries, changes))
        writing.execute("COMMIT")
        if isinstance(database, Postgres):
            opened.execute("VACUUM (ANALYZE)")  # what its autovacuum does by itself in time
        return int(opened.execute("SELECT count(*) AS many FROM figures").fetchall()[0]["many"])


def _insert(opened: Any, rows: Iterator[tuple[Any, ...]]) -> None:
    if isinstance(opened, sqlite3.Connection):
        opened.executemany(INSERT, rows)
        return
    with opened.cursor().copy(f"COPY request ({COLUMNS}) FROM STDIN") as copied:
        for row in rows:
            copied.write_row(row)


def _segment_sets(opened: Any, survey: int) -> Iterator[int]:
    mark = "?" if isinstance(opened, sqlite3.Connection) else "%s"
    insert = f"INSERT INTO segment_set (survey, canonical) VALUES ({mark}, {mark}) RETURNING id"  # noqa: S608  # ours
    for canonical in SETS:
        made = opened.execute(insert, (survey, canonical)).fetchall()[0]["id"]
        tags = [(made, tag) for tag in json.loads(canonical)]
        opened.cursor().executemany(f"INSERT INTO segment (set_id, tag) VALUES ({mark}, {mark})", tags)  # noqa: S608
        yield made


def _requests(sets: dict[int, list[int]], count: int) -> Iterator[tuple[object, ...]]:
    """In the order of time. A quarter answers, eight in a hundred of these badly; four in a hundred fail."""
    chance, start = random.Random(1), round(FIRST.timestamp() * 1000)
    surveys, languages, shares = list(sets), list(LANGUAGES), list(LANGUAGES.values())
    step = DAYS * 86_400_000 / count
    for place in range(count):
        at, survey = start + int(place * step), chance.choice(surveys)
        state, failed, verdict, score = _outcome(chance)
        language = chance.choices(languages, shares)[0]
        key = at.to_bytes(6) + chance.randbytes(10)
        segment_set = chance.choice(sets[survey])
        yield key, survey, 1, language, "SMS", segment_set, at, state, failed, verdict, score


def _noted(rows: Iterator[tuple[Any, ...]], changes: Changes) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        _, survey, _, language, channel, segment_set, at, _, failed, verdict, score = row
        place = Spot(survey, segment_set, channel, language, at)
        changes.made(place)
        after = Outcome(bool(failed), verdict or NO_VERDICT, NO_SCORE if score is None else score)
        changes.changed(place, OPEN, after)
        yield row


def _outcome(chance: random.Random) -> tuple[int, int, str | None, int | None]:
    drawn = chance.random()
    if drawn < 0.23:
        return 4, 0, "good", chance.randrange(11)
    if drawn < 0.25:
        return 6, 0, chance.choice(("no_score", "opt_out", "out_of_range")), None
    return (5, 1, None, None) if drawn < 0.29 else (6, 0, None, None)


def ask(place: Place, survey: int, over: str) -> list[Figure]:
    """Every kind of selection, in the process and over HTTP."""
    account = AccountId(1)
    some = {"tags": ("gent", "repair"), "mode": SegmentMode.ANY}
    both = {"tags": ("gent", "repair")}
    chosen: dict[str, dict[str, Any]] = {
        "whole account": {},
        "one survey": {"survey": survey},
        "segments ALL of two": both,
        "segments ANY of two": some,
        "one survey, segments ANY": {"survey": survey, **some},
    }
    found = []
    with place.serve() as program:
        api = Api.of(program)
        for what, more in chosen.items():
            for days in (0, 30, 90):
                selection = figures.Selection(account, period=_odd(days) if days else ALWAYS, **more)
                name = f"report: {what}{f', {days} days, ends at odd minutes' if days else ''}"
                found += [
                    duration(f"{name}, in the process", _counter(place.database, selection), beside=over),
                    duration(f"{name}, over HTTP", _getter(api, _path(selection)), beside=over),
                ]
        found.append(duration("limit: a survey, read over HTTP", _getter(api, f"/surveys/{survey}")))
    return found


def _counter(database: Database, selection: figures.Selection) -> Callable[[], object]:
    opened = database.for_reading()

    def count() -> object:
        database.begin_reading(opened)
        try:
            return figures.counts(Tx(opened, database.queries), selection)
        finally:
            database.end_reading(opened)

    return count


def _path(selection: figures.Selection) -> str:
    period, asked = (
        selection.period,
        {"segments": ",".join(selection.tags), "segmentMode": selection.mode.name},
    )
    ends = {"startDate": period.start, "endDate": period.end}
    asked = asked if selection.tags else {}
    asked |= {name: _written(moment) for name, moment in ends.items() if moment is not None}
    where = "/report" if selection.survey is None else f"/surveys/{selection.survey}/report"
    return f"{where}?{urlencode(asked)}"


def _written(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment / 1000, UTC):%Y-%m-%dT%H:%M:%S}Z"


def _odd(days: int) -> Period:
    """A period whose ends lie at odd minutes, about that long, in the middle of what there is."""
    days = min(days, DAYS - 1)
    start = FIRST + timedelta(days=(DAYS - days) // 2)
    begins, ends = start.replace(hour=9, minute=17), (start + timedelta(days=days)).replace(hour=6, minute=43)
    return Period(round(begins.timestamp() * 1000), round(ends.timestamp() * 1000))


def _getter(api: Api, path: str) -> Callable[[], None]:
    """A call over a kept connection. Errors: RuntimeError for any answer but 200."""
    parts = urlsplit(api.base + path)
    kept = http.client.HTTPConnection(parts.netloc, timeout=60)

    def get() -> None:
        kept.request("GET", f"{parts.path}?{parts.query}", headers={"Authorization": f"Bearer {api.token}"})
        answer = kept.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body[:200]!r}")

    return get


def _counted(database: Path) -> list[Figure]:
    """The naive way, on a connection like the service's."""
    opened = Sqlite(database).for_reading()

    def counting(index: str) -> Callable[[], object]:
        return lambda: opened.execute(NAIVE.format(index=index)).fetchall()

    what = "naive: the whole account counted request by request"
    try:
        return [
            duration(f"{what}, over the covering index", counting(""), count=NAIVE_ROUNDS),
            duration(f"{what}, without it", counting("NOT INDEXED"), count=NAIVE_ROUNDS),
        ]
    finally:
        opened.close()
