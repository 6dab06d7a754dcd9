"""What grew, and when calls failed."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import gauges
import pytest
from gauges import MEMORY, Gauges, Growth, growth
from timeline import outages

MINUTE = 60
STEADY = [(second, 100.0) for second in range(0, 30 * MINUTE, 15)]
LEAK = [(second, 100.0 + second / 60) for second in range(0, 30 * MINUTE, 15)]


def test_a_steady_series_does_not_grow():
    found = growth(STEADY, 0, 30 * MINUTE)
    assert found == Growth(100.0, 100.0)
    assert (found.part, found.more) == (0.0, 0.0)


def test_a_leak_shows_between_the_first_third_and_the_last():
    found = growth(LEAK, 0, 30 * MINUTE)
    assert found is not None
    assert found.more == pytest.approx(20, abs=0.5)
    assert found.part == pytest.approx(0.19, abs=0.01)


def test_one_peak_is_no_growth():
    found = growth([*STEADY, (29 * MINUTE, 900.0)], 0, 30 * MINUTE)
    assert found == Growth(100.0, 100.0)


def test_what_is_known_of_one_third_only_did_not_grow_nor_stay():
    assert growth([(1, 5.0)], 0, 30) is None
    assert growth([(29, 5.0)], 0, 30) is None


def test_out_of_nothing_something_is_growth():
    assert Growth(0.0, 3.0).part == 1
    assert Growth(0.0, 0.0).part == 0


def test_failures_that_are_close_together_are_one_outage():
    called = dict.fromkeys(range(100, 200), 10)
    failed = {105: 2, 106: 10, 108: 1, 170: 3, 171: 0}
    assert list(outages(called, failed)) == [
        "from 0:05 to 0:08 13 of 40 calls failed",
        "from 1:10 to 1:10 3 of 10 calls failed",
    ]


def test_without_failures_there_is_no_outage():
    assert list(outages({1: 5}, {1: 0})) == []
    assert list(outages({}, {})) == []


class FrontPage(BaseHTTPRequestHandler):
    """Whatever is asked for, as many a foreign service answers."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<!doctype html>\n<title>Welcome</title>")

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def foreign() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), FrontPage) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_foreign_service_whose_page_tells_no_figures_has_none(
    foreign: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(gauges, "WANTED", {"memory.service": (foreign, MEMORY, 1.0)})
    taken = Gauges()
    taken.look(0)
    assert dict(taken.series) == {}
