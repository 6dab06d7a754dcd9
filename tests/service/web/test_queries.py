"""Bad query strings and the parameters at fault; good ones and what is read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.request import Channel
from service.domain.segments import SegmentMode
from service.web import queries
from service.web.problems import Faults


def places(raw: str) -> list[str | None]:
    faults = Faults()
    queries.report(raw, faults)
    return [fault.parameter for fault in faults.found]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", []),
        ("&&", []),
        ("channel=SMS&segmentMode=ANY&segments=a,b&segments=c&include=details", []),
        ("startDate=2020-01-01&endDate=2020-01-01", []),
        ("startDate=2020-01-02&endDate=2020-01-01", ["startDate"]),
        ("startDate=2020-01-01T10:00Z&endDate=2020-01-01T11:00%2B01:00", []),
        ("startDate=2020-01-01T10:00:00.001Z&endDate=2020-01-01T11:00%2B01:00", ["startDate"]),
        ("startDate=&endDate=soon", ["startDate", "endDate"]),
        ("chanel=SMS&x", ["chanel", "x"]),
        ("=1", [""]),
        ("channel=sms", ["channel"]),
        ("channel=", ["channel"]),
        ("channel=SMS&channel=SMS", ["channel"]),
        ("segmentMode=any", ["segmentMode"]),
        ("include=all", ["include"]),
        ("segments=", ["segments"]),
        ("segments=a,,b", ["segments"]),
        ("segments=" + "x" * 65, ["segments"]),
        ("segments=" + ",".join("abcdefghij" for _ in range(101)), ["segments"]),
        ("segments=a%00", ["segments", "segments"][:1]),
        ("segments=%ff", ["segments"]),
        ("%ff=1", ["\ufffd", "\ufffd"]),
        ("endDate=2020-02-30&channel=PIGEON&colour=red", ["colour", "endDate", "channel"]),
    ],
)
def test_every_fault_is_told_with_its_parameter(raw: str, expected: list[str]) -> None:
    assert expected == places(raw)


def test_the_documented_query_is_read() -> None:
    faults = Faults()
    query = queries.report(
        "endDate=2020-03-31T12%3A12%3A15.982%2B01%3A00&channel=SMS&segmentMode=ANY"
        "&segments=hxsyqosx,ifywjutr&startDate=2019-11-01T12%3A12%3A15.982%2B01%3A00",
        faults,
    )
    assert faults.found == []
    assert (
        query.channel,
        query.segments,
        query.mode,
    ) == (Channel.SMS, ("hxsyqosx", "ifywjutr"), SegmentMode.ANY)
    assert query.start is not None
    assert query.end is not None
    assert (query.start.text(), query.end.text()) == ("2019-11-01T12:12:15.982", "2020-03-31T12:12:15.982")


def test_a_plus_that_was_not_encoded_is_understood() -> None:
    faults = Faults()
    plain = queries.report("startDate=2020-03-31T12:12:15.982+01:00", faults)
    encoded = queries.report("startDate=2020-03-31T12:12:15.982%2B01:00", faults)
    assert ([], encoded) == (faults.found, plain)


def test_segments_are_trimmed_and_kept_as_asked() -> None:
    assert queries.report("segments=b,%20a&segments=b", Faults()).segments == ("b", "a", "b")


@given(st.text(alphabet="&=%+,aféz0SMT-:.\0\ud800", max_size=60))
def test_no_query_makes_it_raise(raw: str) -> None:
    places(raw)
