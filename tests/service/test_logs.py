"""One line an event, and nothing in it that could tell of a person."""

import io
import json
import logging
import os
from typing import Any
from uuid import UUID

from service.logs import Libraries, open_log, place


def lines(stream: io.BytesIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_of_json_with_its_time_and_grade() -> None:
    stream = io.BytesIO()
    log = open_log("info", lambda: 1_700_000_000.1239, stream)
    log.info("accepted", request=UUID(int=7), count=2)
    assert lines(stream) == [
        {
            "at": "2023-11-14T22:13:20.123Z",
            "request": "00000000-0000-0000-0000-000000000007",
            "count": 2,
            "event": "accepted",
            "level": "info",
        }
    ]


def test_what_is_less_grave_than_the_level_is_not_written() -> None:
    stream = io.BytesIO()
    log = open_log("warning", lambda: 0.0, stream)
    log.info("call")
    log.warning("store_unavailable")
    assert [line["event"] for line in lines(stream)] == ["store_unavailable"]


def test_no_value_can_break_out_of_its_line() -> None:
    stream = io.BytesIO()
    open_log("info", lambda: 0.0, stream).info("call", route="a\r\n\x1b[31m\u2028\ud800b")
    assert stream.getvalue().count(b"\n") == 1
    assert stream.getvalue().isascii()
    assert lines(stream)[0]["route"] == "a\r\n\x1b[31m\u2028\ud800b"


def test_of_an_unknown_thing_only_its_kind_is_written() -> None:
    stream = io.BytesIO()
    open_log("info", lambda: 0.0, stream).info("slip", message=Exception("+32470000001"), raw=b"+32470000001")
    assert (lines(stream)[0]["message"], lines(stream)[0]["raw"]) == ("Exception", "bytes")


def test_a_log_that_cannot_be_written_stops_nobody() -> None:
    with open("/dev/full", "wb", buffering=0) as full:
        log = open_log("info", lambda: 0.0, full)
        log.info("call")
    log.info("call")


def test_a_pipe_that_nobody_reads_stops_nobody_and_its_gap_is_told() -> None:
    reading, writing = os.pipe()
    with open(writing, "wb") as pipe, open(reading, "rb", buffering=0) as reader:
        log = open_log("info", lambda: 0.0, pipe)
        for number in range(5_000):
            log.info("call", number=number)
        kept = reader.read(1_000_000).count(b"\n")
        log.info("last")
        gap, last = [json.loads(line) for line in reader.read(1_000_000).splitlines()]
    assert 100 < kept < 5_000
    assert gap == {"event": "lines_dropped", "lines": 5_000 - kept}
    assert last["event"] == "last"


def broken(destination: str) -> None:
    raise ValueError(f"cannot read {destination}")


def test_of_a_crash_the_kind_and_the_place_are_told_but_no_value() -> None:
    told = {}
    try:
        broken("+32470000001")
    except ValueError as error:
        told = place(error)
    line = broken.__code__.co_firstlineno + 1
    assert told == {"error": "ValueError", "where": f"test_logs.py:{line} broken"}
    assert place(ValueError("never raised")) == {"error": "ValueError"}


def test_what_libraries_log_is_told_without_their_words() -> None:
    stream = io.BytesIO()
    logger = logging.Logger("some.library")
    logger.addHandler(Libraries(open_log("info", lambda: 0.0, stream)))
    try:
        broken("+32470000001")
    except ValueError:
        logger.exception("cannot send to %s", "+32470000001")
    assert b"+3247" not in stream.getvalue()
    told = lines(stream)[0]
    assert (told["event"], told["logger"], told["grade"], told["error"]) == (
        "library", "some.library", "ERROR", "ValueError",
    )  # fmt: skip
