"""Accepted sends a second over HTTP, each answered after its rows are durable; beside them the limits:
aiohttp that only answers, and SQLite that only inserts the same rows.

No gateway listens: what is measured is the way in. The outbox is at rest, too, unless a row says otherwise.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks import bare_sqlite
from benchmarks.figure import Figure, median, rounds
from benchmarks.hammer import hammer, prepared
from benchmarks.programs import UNLIMITED, Api, free_port, running, service

SINGLES, BATCHES, BATCH, ROUNDS = 3_000, 12, 1_000, 3
CONNECTIONS = (1, 64)
BATCH_CONNECTIONS = 4
AT_REST = {"BELFORT_GATEWAY_RATE": "0.001"}
"""One message in a quarter of an hour."""


def measure(scale: float) -> list[Figure]:
    """The limits, then singles over one and over many connections, then batches."""
    singles, batches = round(SINGLES * scale), max(BATCH_CONNECTIONS, round(BATCHES * scale))
    bare = {many: _bare_http(singles, many) for many in CONNECTIONS}
    inserted = _bare_sqlite(batches * BATCH, BATCH)
    return [
        *(median(f"limit: bare aiohttp, {_over(many)}", bare[many]) for many in CONNECTIONS),
        median("limit: bare SQLite, a commit for each send", _bare_sqlite(singles // 4, 1)),
        median(f"limit: bare SQLite, a commit for {BATCH:,} sends", inserted),
        *_way_in(singles, batches, bare, inserted),
        _with_the_outbox_at_work(singles),
    ]


def _over(connections: int) -> str:
    return f"{connections} connection{'s' * (connections > 1)}"


def _way_in(
    singles: int, batches: int, bare: dict[int, list[float]], inserted: list[float]
) -> Iterator[Figure]:
    with _sends(UNLIMITED | AT_REST) as sends:
        for many in CONNECTIONS:
            rates = rounds(partial(sends.rate, singles, 1, many), ROUNDS)
            yield _beside(f"accepted sends, one a call, {_over(many)}", rates, "bare aiohttp", bare[many])
    with _sends(UNLIMITED | AT_REST) as sends:
        rates = rounds(partial(sends.rate, batches * BATCH, BATCH, BATCH_CONNECTIONS), ROUNDS)
        what = f"accepted sends, {BATCH:,} a call, {_over(BATCH_CONNECTIONS)}"
        yield _beside(what, rates, "bare SQLite", inserted)


def _with_the_outbox_at_work(singles: int) -> Figure:
    many = CONNECTIONS[-1]
    with _sends(UNLIMITED) as sends:
        rates = rounds(partial(sends.rate, singles, 1, many), ROUNDS)
    what = f"accepted sends, one a call, {_over(many)}"
    return median(what, rates, "while every message is tried at a gateway that is down")


def _beside(what: str, rates: list[float], limit: str, limits: list[float]) -> Figure:
    return median(what, rates, f"{statistics.median(rates) / statistics.median(limits):.0%} of {limit}")


def _bare_sqlite(count: int, commit: int) -> list[float]:
    with bare_sqlite.inserting() as insert:
        return rounds(partial(insert, count, commit), ROUNDS)


def _bare_http(count: int, connections: int) -> list[float]:
    with running("benchmarks.bare_http") as bare:
        url = bare.card["service"] + "/survey/1.0.0/surveys/1/send"
        sends = Sends(url, "Authorization: Bearer " + "x" * 43)
        return rounds(partial(sends.rate, count, 1, connections), ROUNDS)


@contextmanager
def _sends(settings: Mapping[str, str]) -> Iterator[Sends]:
    with tempfile.TemporaryDirectory() as folder:
        gateway = f"http://127.0.0.1:{free_port()}"
        with service(Path(folder) / "sends.sqlite3", gateway=gateway, settings=settings) as program:
            api = Api.of(program)
            yield Sends(f"{api.base}/surveys/{api.new_survey()}/send", api.bearer())


class Sends:
    """Calls to one address, each with people who were never asked before."""

    def __init__(self, url: str, authorization: str) -> None:
        self._url, self._authorization = url, authorization
        self._people = 0

    def rate(self, count: int, batch: int, connections: int) -> float:
        """People a second, for `count` of them in calls of `batch`; making the calls is not counted."""
        calls = [self._call(batch) for _ in range(count // batch)]
        return batch * asyncio.run(hammer(self._url, calls, connections=connections, wanted=202))

    def _call(self, batch: int) -> bytes:
        people = range(self._people, self._people + batch)
        self._people += batch
        requests = [
            {"channel": "SMS", "destination": f"+3247{place:07d}", "language": "nl-BE", "segments": ["bench"]}
            for place in people
        ]
        body = json.dumps({"requests": requests}).encode()
        return prepared("POST", self._url, body, [self._authorization])
