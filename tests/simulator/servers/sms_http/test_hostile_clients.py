"""Bodies without end, heads by halves, what is not HTTP."""

import asyncio

import pytest

from simulator.journal import Kind
from simulator.servers.listener import Limits
from tests.simulator.servers.gateway import SEND, closed, opened, parsed
from tests.simulator.servers.sms_http.forms import SILENT

SMALL = Limits(connections=20, idle_seconds=0.3, body_bytes=2_000, body_seconds=0.3)


@pytest.mark.parametrize("length", [2_000, 2_001])
async def test_a_body_may_have_its_limit_and_not_one_byte_more(length):
    start, end = b'{"destinations": ["+32450030000"], "message": "', b'"}'
    body = start + b"a" * (length - len(start) - len(end)) + end
    async with opened(limits=SMALL) as gateway:
        answer = await gateway.ask(SEND, body)
        # within the limit the text is too long for ten parts, and that is what is said
        assert answer.status == (400 if length == 2_000 else 413)


async def test_a_huge_body_is_refused_without_being_read():
    head = SEND.strip().replace("\n", "\r\n") + "\r\nContent-Length: 1000000000000\r\n\r\n"
    async with opened(limits=SMALL) as gateway:
        answer = parsed(await gateway.raw(head.format(token=gateway.token).encode()))
        assert (answer.status, answer.json["fault"]["code"]) == (413, 413)
        assert answer.headers["connection"] == "close"


async def test_a_body_without_end_in_chunks_is_refused():
    head = SEND.strip().replace("\n", "\r\n") + "\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with opened(limits=SMALL) as gateway:
        chunks = b"400\r\n" + b"x" * 1_024 + b"\r\n"
        answer = parsed(await gateway.raw(head.format(token=gateway.token).encode() + chunks * 5))
        assert answer.status == 413


async def test_half_a_head_and_half_a_body_are_cut_off_and_harm_nobody():
    head = SEND.strip().replace("\n", "\r\n") + "\r\nContent-Length: 100\r\n\r\nhalf"
    async with opened(limits=SMALL) as gateway:
        slow = [await asyncio.open_connection("127.0.0.1", gateway.port) for _ in range(10)]
        for n, (_, writer) in enumerate(slow):
            writer.write(head.format(token=gateway.token).encode() if n % 2 else b"POST /tok")
        assert (await gateway.send(SILENT)).status == 201
        async with asyncio.timeout(5):
            ends = [await reader.read() for reader, _ in slow]
        assert all(parsed(end).status == 408 for end in ends[1::2])
        assert (await gateway.send(SILENT)).status == 201
        for _, writer in slow:
            await closed(writer)


async def test_a_body_that_breaks_off_is_named():
    head = SEND.strip().replace("\n", "\r\n") + "\r\nContent-Length: 100\r\n\r\nhalf"
    async with opened() as gateway:
        _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        writer.write(head.format(token=gateway.token).encode())
        await writer.drain()
        await closed(writer)
        [entry] = await gateway.until(Kind.INPUT_MALFORMED)
        assert "broke off" in str(entry.facts["what"])


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00" * 100,
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00" * 50,
        b"POST /token HTTP/1.1\r\n" + b"a: b\r\n" * 9_999 + b"\r\n",
        b"POST /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
    ],
    ids=["zeros", "no target", "no version", "TLS", "many headers", "long target"],
)
async def test_what_is_not_http_is_answered_and_named(garbage):
    async with opened() as gateway:
        try:
            answer = await gateway.raw(garbage + b"\r\n\r\n")
        except ConnectionResetError:
            answer = b""
        if answer:
            assert parsed(answer).status in (400, 431)
        assert gateway.malformed()
        assert (await gateway.send(SILENT)).status == 201


async def test_a_chunk_that_is_none_is_named():
    head = SEND.strip().replace("\n", "\r\n") + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nxx"
    async with opened() as gateway:
        answer = parsed(await gateway.raw(head.format(token=gateway.token).encode()))
        assert answer.status == 400
        assert gateway.malformed()


async def test_a_compressed_body_is_not_taken():
    async with opened() as gateway:
        answer = await gateway.ask(SEND.strip() + "\nContent-Encoding: gzip", b"\x1f\x8b")
        assert answer.status == 415
