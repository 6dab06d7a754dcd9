"""Where one call ends and the next begins: told by what aiohttp's own parser reads."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import pairwise

import pytest
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http_parser import HttpRequestParser
from hypothesis import given
from hypothesis import strategies as st

from service.web.framing import Framing

HEADS = (
    b"POST /survey/1.0.0/surveys/1/send HTTP/1.1\r\nHost: x\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n",
)
BODIES = (b"", b"{}", b"\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n")


def call(head: bytes, body: bytes) -> bytes:
    length = b"Content-Length: %d\r\n" % len(body) if body else b""
    return head + length + b"\r\n" + body


CALLS = st.lists(st.builds(call, st.sampled_from(HEADS), st.sampled_from(BODIES)), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


class Followed:
    """A connection: the library's parser, and the framing beside it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        protocol = BaseProtocol(loop)
        self.parser = HttpRequestParser(protocol, loop, 2**16)
        self.framing = Framing()

    def read(self, data: bytes) -> bytes | None:
        messages, _, _ = self.parser.feed_data(data)
        return self.framing.passed(data, messages[0][0] if len(messages) == 1 else None)


@given(calls=CALLS, cuts=st.lists(st.integers(0, 400), max_size=6))
def test_between_calls_is_said_only_where_a_call_begins(
    loop: asyncio.AbstractEventLoop, calls: list[bytes], cuts: list[int]
) -> None:
    stream, followed = b"".join(calls), Followed(loop)
    begins = {len(b"".join(calls[:many])) for many in range(len(calls) + 1)}
    places = sorted({0, *(cut for cut in cuts if cut < len(stream)), len(stream)})
    for start, end in pairwise(places):
        sure = followed.framing.between_calls
        raw = followed.read(stream[start:end])
        assert not sure or start in begins
        assert raw is None or (sure and stream[start:].startswith(raw) and raw.endswith(b"\r\n\r\n"))


@pytest.mark.parametrize("body", BODIES)
def test_a_connection_whose_calls_come_whole_is_followed(
    loop: asyncio.AbstractEventLoop, body: bytes
) -> None:
    followed = Followed(loop)
    for head in HEADS * 2:
        whole = call(head, body)
        assert followed.read(whole) == whole[: len(whole) - len(body)]
        assert followed.framing.between_calls


def test_a_body_may_come_after_its_head_and_in_pieces(loop: asyncio.AbstractEventLoop) -> None:
    followed = Followed(loop)
    assert followed.read(HEADS[0] + b"Content-Length: 4\r\n\r\n") is not None
    for piece in (b"{", b"} ", b"\n"):
        assert not followed.framing.between_calls
        assert followed.read(piece) is None
    assert followed.framing.between_calls


@pytest.mark.parametrize(
    "sent",
    [
        [b"GET / HT", b"TP/1.1\r\nHost: x\r\n\r\n"],
        [call(HEADS[1], b"") * 2],
        [HEADS[0] + b"Transfer-Encoding: chunked\r\n\r\n", b"0\r\n\r\n"],
        [call(HEADS[0], b"{}") + b"GET"],
        [b"\r\n" + call(HEADS[1], b"")],
    ],
    ids=["a head in pieces", "two calls at once", "chunks", "the next has begun", "a blank line before"],
)
def test_what_cannot_be_followed_is_not_followed_ever_after(
    loop: asyncio.AbstractEventLoop, sent: list[bytes]
) -> None:
    followed = Followed(loop)
    for data in sent:
        followed.read(data)
        assert not followed.framing.between_calls


def test_blank_lines_before_a_head_are_not_taken_for_its_own(loop: asyncio.AbstractEventLoop) -> None:
    followed, blank = Followed(loop), b"\n\n\r\n\r\n"  # as many line ends as the head behind them has
    assert followed.read(blank + HEADS[0] + b"Content-Length: 99\r\n\r\n") is None
    for _ in range(99):
        followed.read(b" ")
        assert not followed.framing.between_calls


def test_looking_for_what_was_kept_back_changes_nothing(loop: asyncio.AbstractEventLoop) -> None:
    followed = Followed(loop)
    followed.read(call(HEADS[0], b"{}"))
    assert followed.read(b"") is None
    assert followed.framing.between_calls
