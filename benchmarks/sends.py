"""Accepted sends a second over HTTP, each answered after its rows are durable; beside them the limits:
aiohttp that only answers, and SQLite that only inserts the same rows.

No gateway listens: what is measured is the way in. The outbox is at rest, too, unless a row says otherwise.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks import bare_sqlite
from benchmarks.figure import Figure, in_turn, median, rounds, share
from benchmarks.hammer import hammer, prepared
from benchmarks.programs import UNLIMITED, Api, free_port, running, service

SINGLES, BATCHES, BATCH, ROUNDS = 5_000, 12, 1_000, 7
CONNECTIONS = (1, 64, 256)
BATCH_CONNECTIONS = 4
AT_REST = {"BELFORT_GATEWAY_RATE": "0.001"}
"""One message in a quarter of an hour."""


def measure(scale: float) -> list[Figure]:
    """Singles over one and over many connections, then batches, each beside its limit, measured in turn."""
    singles, batches = round(SINGLES * scale), max(BATCH_CONNECTIONS, round(BATCHES * scale))
    return [
        *(figure for many in CONNECTIONS for figure in _singles(singles, many)),
        *_batches(batches),
        _with_the_outbox_at_work(singles),
    ]


def _singles(count: int, many: int) -> Iterator[Figure]:
    with _bare_http() as bare, _sends(UNLIMITED | AT_REST) as sends:
        calls = count if many > 1 else count // 5
        limits, rates = in_turn([partial(each.rate, calls, 1, many) for each in (bare, sends)], ROUNDS)
    yield median(f"limit: bare aiohttp, {_over(many)}", limits)
    what = f"accepted sends, one a call, {_over(many)}"
    yield median(what, rates, f"{share(rates, limits):.0%} of bare aiohttp")


def _batches(calls: int) -> Iterator[Figure]:
    with bare_sqlite.inserting() as insert:
        yield median("limit: bare SQLite, a commit for each send", rounds(partial(insert, 750, 1), ROUNDS))
    with bare_sqlite.inserting() as insert, _sends(UNLIMITED | AT_REST) as sends:
        count = calls * BATCH
        works = [partial(insert, count, BATCH), partial(sends.rate, count, BATCH, BATCH_CONNECTIONS)]
        limits, rates = in_turn(works, ROUNDS)
    yield median(f"limit: bare SQLite, a commit for {BATCH:,} sends", limits)
    what = f"accepted sends, {BATCH:,} a call, {_over(BATCH_CONNECTIONS)}"
    yield median(what, rates, f"{share(rates, limits):.0%} of bare SQLite")


def _over(connections: int) -> str:
    return f"{connections} connection{'s' * (connections > 1)}"


def _with_the_outbox_at_work(singles: int) -> Figure:
    many = 64
    with _sends(UNLIMITED) as sends:
        rates = rounds(partial(sends.rate, singles, 1, many), ROUNDS)
    what = f"accepted sends, one a call, {_over(many)}"
    return median(what, rates, "while every message is tried at a gateway that is down")


@contextmanager
def _bare_http() -> Iterator[Sends]:
    with running("benchmarks.bare_http") as bare:
        url = bare.card["service"] + "/survey/1.0.0/surveys/1/send"
        yield Sends(url, "Authorization: Bearer " + "x" * 43)


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
        return self.rate_of(self.calls(count, batch), batch, connections)

    def calls(self, count: int, batch: int) -> list[bytes]:
        """Calls of `batch` people, of `count` in all."""
        return [self._call(batch) for _ in range(count // batch)]

    def rate_of(self, calls: list[bytes], batch: int, connections: int) -> float:
        """People a second, for calls that were made."""
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
