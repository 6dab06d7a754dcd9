"""What documents and addresses of strangers can do: nothing but end their own call, with a clear error.

Entity bombs, external entities, ten megabytes, redirect loops, private addresses, documents that never end:
each is tried in a real call, beside another caller's that must not notice.
"""

from __future__ import annotations

import asyncio
import socket
import tracemalloc
from contextlib import suppress

import pytest
from aiohttp import web
from twilio.base.exceptions import TwilioRestException

from simulator.journal import Kind
from simulator.wire.twiml import MOST_BYTES
from tests.simulator.servers.voice.studio import Studio, open_studio
from tests.simulator.wire.test_twiml import BOMB, EXTERNAL, PARAMETER, REMOTE

SILENT, NINE = "+32450080701", "+32450000901"


def xml(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="text/xml")


@pytest.mark.parametrize("field", ["url", "fallback_url", "status_callback"])
async def test_a_private_address_is_refused_before_anybody_is_called(field):
    async with open_studio() as studio:
        with pytest.raises(TwilioRestException) as refused:
            await studio.call(NINE, **{field: "http://169.254.169.254/latest/meta-data"})
        assert (refused.value.status, refused.value.code) == (400, 21205)
        assert "voice_origins" in refused.value.msg
        assert (await studio.world.get("/calls"))["calls"] == []


async def apology(studio: Studio, code: int) -> None:
    """The call ended with an apology, for that reason; another caller's call is as it should be."""
    errors = [each.facts["error"] for each in studio.entries(Kind.CALL_DOCUMENT) if "error" in each.facts]
    assert errors == [code]
    heard = [each.facts["said"] for each in studio.entries(Kind.CALL_HEARD)]
    assert "We are sorry. An application error has occurred. Goodbye." in heard
    assert studio.statuses() == ["initiated", "ringing", "in-progress", "completed"]
    await studio.survey(NINE)
    await studio.pass_(60)
    assert studio.heard() == ["9"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (BOMB, 12100),
        (EXTERNAL, 12100),
        (REMOTE, 12100),
        (PARAMETER, 12100),
        (b"", 12100),
        (b"<Reply/>", 12102),
        (b"<Response>" + b" " * MOST_BYTES + b"</Response>", 11750),
    ],
    ids=["bomb", "file", "dtd", "parameter", "empty", "other root", "too large"],
)
async def test_a_hostile_document_ends_its_own_call_with_an_apology(body, code):
    async with open_studio() as studio:
        studio.pages["/hostile"] = lambda told: xml(body)
        await studio.survey(SILENT, path="/hostile")
        await studio.pass_(60)
        await apology(studio, code)


async def test_ten_megabytes_are_not_read():
    async with open_studio() as studio:
        sent, over = 0, asyncio.Event()

        async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal sent
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 10000000\r\n\r\n<Response>"
            )
            with suppress(ConnectionError):
                for _ in range(1_000):
                    writer.write(b"<Say>xxx</Say>" * 714)
                    await writer.drain()
                    sent += 1
            writer.transport.abort()
            over.set()

        server = await asyncio.start_server(flood, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        tracemalloc.start()
        try:
            await studio.survey(SILENT, url=f"http://127.0.0.1:{port}/x")
            await studio.pass_(60)
            assert tracemalloc.get_traced_memory()[1] < 4_000_000
        finally:
            tracemalloc.stop()
        await over.wait()
        server.close()
        assert sent < 1_000
        await apology(studio, 11750)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_loop_of_redirections_is_left(status):
    async with open_studio() as studio:
        studio.pages["/loop"] = lambda told: web.Response(status=status, headers={"Location": "/loop"})
        await studio.survey(SILENT, path="/loop")
        await studio.pass_(60)
        await apology(studio, 11215)
        assert sum(each.path == "/loop" for each in studio.asked) == 6


@pytest.mark.parametrize(
    "to", ["http://169.254.169.254/x", "http://10.0.0.1/", "file:///etc/passwd", "http://user:x@127.0.0.1/"]
)
async def test_no_redirection_leads_elsewhere(to):
    async with open_studio() as studio:
        studio.pages["/away"] = lambda told: web.Response(status=302, headers={"Location": to})
        await studio.survey(SILENT, path="/away")
        await studio.pass_(60)
        [failed] = [each for each in studio.entries(Kind.CALL_DOCUMENT) if "error" in each.facts]
        assert failed.facts["error"] in (11100, 11210)


@pytest.mark.parametrize("to", ["http://[::1", "http://\x7f/", "http://xn--" + "a" * 300 + "/", ""])
async def test_a_redirection_to_nowhere_ends_its_call_and_no_task(to):
    async with open_studio() as studio:
        headers = {"Location": to} if to else {}
        studio.pages["/away"] = lambda told: web.Response(status=302, headers=headers)
        await studio.survey(SILENT, path="/away")
        await studio.pass_(60)
        assert studio.statuses()[-1] == "completed"


async def test_no_document_leads_elsewhere():
    async with open_studio() as studio:
        document = b"<Response><Redirect>http://169.254.169.254/latest</Redirect></Response>"
        studio.pages["/away"] = lambda told: xml(document)
        await studio.survey(SILENT, path="/away")
        await studio.pass_(60)
        [failed] = [each for each in studio.entries(Kind.CALL_DOCUMENT) if "error" in each.facts]
        assert failed.facts["error"] == 11210
        assert studio.statuses()[-1] == "completed"


async def test_the_control_api_is_never_called():
    async with open_studio() as studio:
        control = studio.world.simulator.control_url
        with pytest.raises(TwilioRestException):
            await studio.call(NINE, url=f"{control}/control/v1/reset")
        document = f"<Response><Redirect>{control}/control/v1/reset</Redirect></Response>".encode()
        studio.pages["/away"] = lambda told: xml(document)
        await studio.survey(SILENT, path="/away")
        await studio.pass_(60)
        assert len((await studio.world.get("/calls"))["calls"]) == 1


async def test_a_redirection_on_the_same_machine_is_followed_and_signed():
    async with open_studio() as studio:
        studio.pages["/moved"] = lambda told: web.Response(status=307, headers={"Location": "/voice?moved=1"})
        await studio.survey(NINE, path="/moved")
        await studio.pass_(60)
        assert studio.heard() == ["9"]
        assert all(each.valid for each in studio.asked)


async def test_a_document_that_leads_to_itself_for_ever_is_ended():
    async with open_studio() as studio:
        studio.pages["/self"] = lambda told: xml(b"<Response><Redirect>/self</Redirect></Response>")
        await studio.survey(SILENT, path="/self")
        await studio.pass_(60)
        assert sum(each.path == "/self" for each in studio.asked) == 100
        assert studio.statuses()[-1] == "completed"


async def test_a_fallback_is_asked_with_the_error_and_goes_on():
    async with open_studio() as studio:
        studio.pages["/hostile"] = lambda told: xml(BOMB)
        await studio.survey(NINE, path="/hostile", fallback_url=f"{studio.url}/voice")
        await studio.pass_(60)
        [fallback] = [each for each in studio.asked if each.path == "/voice"]
        assert fallback.told["ErrorCode"] == "12100"
        assert fallback.told["ErrorUrl"] == f"{studio.url}/hostile"
        assert studio.heard() == ["9"]


async def test_a_fallback_that_fails_as_well_is_asked_once():
    async with open_studio() as studio:
        studio.pages["/hostile"] = lambda told: xml(BOMB)
        await studio.survey(SILENT, path="/hostile", fallback_url=f"{studio.url}/hostile?fallback=1")
        await studio.pass_(60)
        assert sum(each.path == "/hostile" for each in studio.asked) == 2
        assert studio.statuses()[-1] == "completed"


@pytest.mark.parametrize("answer", [web.Response(status=404), web.Response(status=500)])
async def test_an_error_of_the_callers_server_is_apologised_for(answer):
    async with open_studio() as studio:
        studio.pages["/broken"] = lambda told: answer
        await studio.survey(SILENT, path="/broken")
        await studio.pass_(60)
        await apology(studio, 11200)


async def test_a_type_that_is_no_document_is_not_read_and_plain_text_is_said():
    async with open_studio() as studio:
        studio.pages["/json"] = lambda told: web.json_response({})
        studio.pages["/text"] = lambda told: web.Response(text="Goeiedag!")
        studio.pages["/zip"] = lambda told: web.Response(
            body=b"x", headers={"Content-Encoding": "gzip", "Content-Type": "text/xml"}
        )
        for path in ("/json", "/text", "/zip"):
            await studio.call(SILENT, path=path)
            await studio.pass_(60)
        told = [
            (each.facts.get("error"), each.facts.get("verbs")) for each in studio.entries(Kind.CALL_DOCUMENT)
        ]
        assert told == [(12300, None), (None, 1), (11200, None)]
        assert "Goeiedag!" in [each.facts["said"] for each in studio.entries(Kind.CALL_HEARD)]


async def test_keys_for_a_server_that_fails_are_written_and_never_heard():
    async with open_studio() as studio:
        studio.pages["/keys"] = lambda told: web.Response(status=500)
        await studio.survey(NINE)
        await studio.pass_(60)
        assert len(studio.entries(Kind.REPLY_WRITTEN)) == 1
        assert [each.facts["why"] for each in studio.entries(Kind.REPLY_LOST)] == ["answered 500"]
        truth = await studio.world.post("/truth", {"channel": "VOICE"})
        assert (truth["unheard"], truth["report"]["responseStatistics"]["totalResponses"]) == (1, 0)


async def test_nobody_there_and_a_server_that_says_nothing_are_left_in_time():
    quiet = socket.create_server(("127.0.0.1", 0))
    gone = socket.create_server(("127.0.0.1", 0))
    port = gone.getsockname()[1]
    gone.close()
    try:
        async with open_studio() as studio:
            studio.world.simulator.voice._asker._seconds = 0.3
            for target in (quiet.getsockname()[1], port):
                await studio.call(SILENT, url=f"http://127.0.0.1:{target}/x")
            await asyncio.wait_for(studio.pass_(60), 10)
            errors = [each.facts["error"] for each in studio.entries(Kind.CALL_DOCUMENT)]
            assert errors == [11205, 11205]
    finally:
        quiet.close()


async def test_a_document_that_trickles_is_left_in_time():
    async with open_studio() as studio:
        studio.world.simulator.voice._asker._seconds = 0.3
        over = asyncio.Event()

        async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 1000\r\n\r\n")
            with suppress(ConnectionError):
                for _ in range(1_000):
                    writer.write(b" ")
                    await writer.drain()
                    await asyncio.sleep(0.02)
            writer.transport.abort()
            over.set()

        server = await asyncio.start_server(trickle, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        await studio.call(SILENT, url=f"http://127.0.0.1:{port}/x")
        await asyncio.wait_for(studio.pass_(60), 10)
        [failed] = studio.entries(Kind.CALL_DOCUMENT)
        assert failed.facts["error"] == 11205
        await over.wait()
        server.close()
