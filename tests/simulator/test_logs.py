"""One event is one line of JSON; a crash is told without what it quotes."""

from __future__ import annotations

import io
import json

import pytest

from simulator.logs import crash, open_log


def test_an_event_is_one_line_whatever_stands_in_it():
    lines = io.StringIO()
    open_log("info", lines).info("opened", door="a\r\nb\u2028\x1b[31m", count=3)
    [line] = lines.getvalue().splitlines()
    told = json.loads(line)
    assert (told["event"], told["level"], told["door"], told["count"]) == (
        "opened",
        "info",
        "a\r\nb\u2028\x1b[31m",
        3,
    )
    assert "\x1b" not in line


@pytest.mark.parametrize(("level", "told"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_what_is_less_important_than_asked_for_is_left_out(level, told):
    lines = io.StringIO()
    log = open_log(level, lines)
    log.debug("a")
    log.info("b")
    log.warning("c")
    log.error("d")
    assert len(lines.getvalue().splitlines()) == told


def test_two_logs_know_nothing_of_each_other():
    one, other = io.StringIO(), io.StringIO()
    open_log("info", one).info("a")
    open_log("error", other).info("b")
    assert (one.getvalue() != "", other.getvalue()) == (True, "")


def test_a_crash_tells_its_type_and_its_place_only():
    def fail() -> None:
        raise ValueError("+32470000001 said 9")

    with pytest.raises(ValueError, match="said") as caught:
        fail()
    told = crash(caught.value)
    assert told["error"] == "ValueError"
    assert told["where"].startswith("test_logs.py:")
    assert "fail" in told["where"].partition("<")[0]
    assert "32470000001" not in json.dumps(told)
