"""The time of a report over many requests, asked for over HTTP: 30 days, 50 sets of segments, four languages,
four surveys of one account. Beside it the same answer counted request by request, with and without the index.

The table of requests is filled directly, and the roll-ups by the service's own code for them.
"""

from __future__ import annotations

import http.client
import itertools
import json
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.figure import Figure, duration
from benchmarks.programs import Api, free_port, service
from service.store import rollups, sql
from service.store.changes import NO_SCORE, NO_VERDICT, OPEN, Changes, Outcome, Place
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
INSERT = """INSERT INTO request (id, survey, question, language, channel, segment_set, accepted_at,
                                 state, failed, verdict, score)
            VALUES (?, ?, 1, ?, 'SMS', ?, ?, ?, ?, ?, ?)"""
NAIVE = """SELECT request.failed, request.verdict, request.score, count(*)
           FROM survey CROSS JOIN request {index} ON request.survey = survey.id
           WHERE survey.account = 1 GROUP BY 1, 2, 3"""


def measure(scale: float) -> list[Figure]:
    """Every kind of selection, then the naive counts."""
    count = round(REQUESTS * scale)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "reports.sqlite3"
        surveys = _prepared(database)
        cells = _fill(database, surveys, count)
        return [
            *_asked(database, surveys[0], f"{count:,} requests, {cells:,} rows by hour and day"),
            *_counted(database),
        ]


def _prepared(database: Path) -> list[int]:
    """The service itself makes tables, account and surveys."""
    with service(database, gateway=f"http://127.0.0.1:{free_port()}") as program:
        api = Api.of(program)
        return [api.new_survey() for _ in range(SURVEYS)]


def _fill(database: Path, surveys: list[int], count: int) -> int:
    """How many rows the roll-ups have then."""
    opened = Sqlite(database).for_writing()
    try:
        opened.execute("PRAGMA synchronous=OFF")
        opened.execute("BEGIN IMMEDIATE")
        sets = {survey: list(_segment_sets(opened, survey)) for survey in surveys}
        changes = Changes()
        opened.executemany(INSERT, _noted(_requests(sets, count), changes))
        rollups.flush(Tx(opened, sql.queries(), changes))
        opened.execute("COMMIT")
        return sum(
            int(opened.execute(f"SELECT count(*) FROM figures_of_{grain}").fetchone()[0])  # noqa: S608
            for grain in ("hour", "day")
        )
    finally:
        opened.close()


def _segment_sets(opened: sqlite3.Connection, survey: int) -> Iterator[int]:
    insert = "INSERT INTO segment_set (survey, canonical) VALUES (?, ?) RETURNING id"
    for canonical in SETS:
        made = opened.execute(insert, (survey, canonical)).fetchone()[0]
        tags = [(made, tag) for tag in json.loads(canonical)]
        opened.executemany("INSERT INTO segment (set_id, tag) VALUES (?, ?)", tags)
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
        yield (
            key,
            survey,
            language,
            chance.choice(sets[survey]),
            at,
            state,
            failed,
            verdict,
            score,
        )


def _noted(rows: Iterator[tuple[Any, ...]], changes: Changes) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        _, survey, language, segment_set, at, _, failed, verdict, score = row
        place = Place(survey, segment_set, "SMS", language, at)
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


def _asked(database: Path, survey: int, over: str) -> list[Figure]:
    month, quarter = _odd(30), _odd(89)
    one, some = f"/surveys/{survey}/report", "segments=gent,repair&segmentMode=ANY"
    selections = {
        "whole account": "/report",
        "one survey": one,
        "whole account, 30 days, ends at odd minutes": f"/report?{month}",
        "whole account, 90 days, ends at odd minutes": f"/report?{quarter}",
        "segments ALL of two": "/report?segments=gent,repair",
        "segments ANY of two": "/report?segments=gent,repair&segmentMode=ANY",
        "segments ALL of two, 30 days, ends at odd minutes": f"/report?segments=gent,repair&{month}",
        "segments ALL of two, 90 days, ends at odd minutes": f"/report?segments=gent,repair&{quarter}",
        "segments ANY of two, 30 days, ends at odd minutes": f"/report?{some}&{month}",
        "segments ANY of two, 90 days, ends at odd minutes": f"/report?{some}&{quarter}",
        "one survey, segments ANY, 90 days, ends at odd minutes": f"{one}?{some}&{quarter}",
        "whole account, with details": "/report?include=details",
    }
    with service(database, gateway=f"http://127.0.0.1:{free_port()}") as program:
        api = Api.of(program)
        floor = duration("limit: a survey, read over the same connection", _getter(api, f"/surveys/{survey}"))
        return [
            *(
                duration(f"report: {what}", _getter(api, path), beside=over)
                for what, path in selections.items()
            ),
            floor,
        ]


def _odd(days: int) -> str:
    """A period whose ends lie at odd minutes, that long, in the middle of what there is."""
    start = FIRST + timedelta(days=(DAYS - days) // 2)
    return f"startDate={_written(start, 9, 17)}&endDate={_written(start + timedelta(days=days), 6, 43)}"


def _written(moment: datetime, hour: int, minute: int) -> str:
    return f"{moment.replace(hour=hour, minute=minute):%Y-%m-%dT%H:%M:%S}Z"


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
