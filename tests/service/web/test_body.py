"""Bytes that are no sound JSON, and where they are not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.body import UNREADABLE, parse
from service.web.problems import Faults


def read(raw: bytes) -> tuple[Any, list[str | None]]:
    faults = Faults()
    value = parse(raw, faults)
    return value, [fault.pointer for fault in faults.found]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" \n",
        b"{",
        b"{} {}",
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b'{"a": "\xff"}',
        b'{"a": "\xed\xa0\x80"}',
        b'{"a": "\xc3',
        b'{"a": "\x00"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"{'a': 1}",
        b"undefined",
        b"{,}",
        b"[1,]",
        b"01",
    ],
)
def test_what_is_no_json_is_one_fault_of_the_whole(raw: bytes) -> None:
    assert read(raw) == (UNREADABLE, [""])


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'{"a": 1, "a": 2}', ["/a"]),
        (b'{"x": [{"a/b": 1, "a/b": 1, "c": 1, "c": 2}]}', ["/x/0/a~1b", "/x/0/c"]),
        (b'{"a": NaN, "b": [Infinity, -Infinity]}', ["/a", "/b/0", "/b/1"]),
        (b'{"a": 1e999}', ["/a"]),
        (b'{"a": ' + b"9" * 100_000 + b"}", ["/a"]),
        (b'{"a": "x\\u0000y"}', ["/a"]),
        (b'{"a": ["\\ud800", "\\udc00\\ud800"]}', ["/a/0", "/a/1"]),
        (b'{"\\u0000": 1}', ["/\0"]),
        (b'"\\ud83d\\ude00"', []),
        (b'"\\\\u0000"', []),
        (b'"\\u00e9"', []),
    ],
)
def test_unsound_values_are_told_with_their_place(raw: bytes, expected: list[str]) -> None:
    assert expected == read(raw)[1]


def test_a_place_that_is_unfit_is_not_complained_about_again() -> None:
    faults = Faults()
    parse(b'{"name": NaN}', faults)
    faults.at("/name", "It must be text.")
    assert [fault.detail for fault in faults.found] == ["NaN is no JSON value."]


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    read(raw)


@given(st.text(alphabet='{}[]",:\\u0d8NaInfity-1e9 \0\ud800', max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    read(text.encode(errors="surrogatepass"))
