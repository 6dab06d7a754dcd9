"""Starting and stopping: the program by itself, and the service inside another."""

import asyncio
import json
import os
import re
import shlex
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from service.app import Service
from service.config import Settings
from service.domain.request import Channel, Reply
from service.settle import Settle
from service.store.accounts import ClientTaken
from service.store.engine import StoreUnavailable
from service.store.vault import WrongMasterKey
from tests.service.web.caller import Caller, to

NOWHERE = "http://127.0.0.1:9"


def settings(folder: Path, **more: Any) -> Settings:
    own: dict[str, Any] = {"port": 0, "database": str(folder / "x.sqlite3"), "gateway_url": NOWHERE}
    chosen = {"log_level": "error"} | own
    return Settings(**(chosen | more))


@asynccontextmanager
async def program(folder: Path, **environ: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m service` with these settings; killed if the test leaves it running."""
    given = {
        "BELFORT_PORT": "0",
        "BELFORT_DATABASE": str(folder / "x.sqlite3"),
        "BELFORT_GATEWAY_URL": NOWHERE,
    }
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "service",
        env={**os.environ, **given, **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.communicate()


async def opened(running: asyncio.subprocess.Process) -> str:
    """The address in the one line that it prints."""
    assert running.stdout is not None
    async with asyncio.timeout(20):
        return str(json.loads(await running.stdout.readline())["service"])


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
async def test_the_program_says_where_it_is_and_ends_when_told(tmp_path: Path, told: signal.Signals) -> None:
    async with program(tmp_path) as running:
        url = await opened(running)
        async with Caller(url, "none") as caller, caller.session.get("/health/ready") as ready:
            assert ready.status == 200
        running.send_signal(told)
        out, log = await asyncio.wait_for(running.communicate(), 10)
    events = [json.loads(line) for line in log.splitlines()]
    assert (running.returncode, out) == (0, b"")
    assert [event["event"] for event in events if event["event"] != "no_token"] == [
        "started", "call", "stopping", "stopped",
    ]  # fmt: skip
    assert re.fullmatch(r"3\.\d+\.\d+", events[0]["sqlite"])


@pytest.mark.parametrize(
    ("environ", "code", "named"),
    [
        ({"BELFORT_SEND_BURST": "10"}, 2, "BELFORT_SEND_BURST"),
        ({"BELFORT_PORT": "1x"}, 2, "BELFORT_PORT"),
        ({"BELFORT_DATABASE": "/nowhere/at/all.sqlite3"}, 4, "survey service: "),
    ],
)
async def test_a_start_that_fails_says_why_in_one_line(
    tmp_path: Path, environ: dict[str, str], code: int, named: str
) -> None:
    async with program(tmp_path, **environ) as running:
        out, told = await asyncio.wait_for(running.communicate(), 20)
    assert (running.returncode, out, told.count(b"\n")) == (code, b"", 1)
    assert named in told.decode()


async def test_a_taken_port_is_told_and_nothing_is_left_running(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="address already in use"):
            await Service.start(settings(tmp_path, port=taken.getsockname()[1]))
    service = await Service.start(settings(tmp_path))
    await service.stop()


async def test_a_database_made_with_another_key_is_refused(tmp_path: Path) -> None:
    await (await Service.start(settings(tmp_path))).stop()
    (tmp_path / "x.sqlite3.key").unlink()
    with pytest.raises(WrongMasterKey):
        await Service.start(settings(tmp_path))


async def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite3").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreUnavailable):
        await Service.start(settings(tmp_path))


async def test_stopping_answers_every_call_that_was_begun(tmp_path: Path) -> None:
    service = await Service.start(settings(tmp_path))
    async with Caller(service.url, await service.open_account("a", "b")) as caller:
        survey = await caller.survey()
        statuses: list[int | str] = []
        begun = asyncio.Event()

        async def send(first: int) -> None:
            for number in range(first, first + 10_000):
                try:
                    statuses.append((await caller.send(survey, to(number))).status)
                except OSError as error:
                    statuses.append(type(error).__name__)
                    return
                if len(statuses) > 50:
                    begun.set()

        async with asyncio.TaskGroup() as senders:
            for n in range(8):
                senders.create_task(send(n * 10_000))
            await begun.wait()
            await service.stop()
    # A caller is told by Connection: close, and finds nobody when it connects anew.
    assert set(statuses) <= {202, "ClientConnectorError"}
    again = await Service.start(settings(tmp_path))
    async with Caller(again.url, await again.open_account("a", "b")) as caller:
        total = (await caller.get("/report")).json["responseStatistics"]["totalRequests"]
    await again.stop()
    assert total == statuses.count(202)


async def test_a_body_that_was_begun_is_still_taken_while_stopping(tmp_path: Path) -> None:
    service = await Service.start(settings(tmp_path))
    async with Caller(service.url, await service.open_account("a", "b")) as caller:
        survey = await caller.survey()
        feeding, more = asyncio.Event(), asyncio.Event()

        async def body() -> AsyncIterator[bytes]:
            yield b'{"requests": [{"channel": "SMS", '
            feeding.set()
            await more.wait()
            yield b'"destination": "+32470000001"}]}'

        headers = {"Authorization": f"Bearer {caller.token}", "Content-Type": "application/json"}
        async with asyncio.TaskGroup() as calls:
            path = f"/survey/1.0.0/surveys/{survey}/send"
            call = calls.create_task(caller.session.post(path, data=body(), headers=headers).__aenter__())
            await feeding.wait()
            async with caller.session.get("/health/live"):
                pass
            stopping = calls.create_task(service.stop())
            await asyncio.wait((stopping,), timeout=0.5)
            assert not stopping.done()
            more.set()
        assert (call.result().status, call.result().headers["Connection"]) == (202, "close")
        call.result().release()


async def test_stopping_twice_is_stopping_once(tmp_path: Path) -> None:
    service = await Service.start(settings(tmp_path))
    await service.stop()
    await service.stop()


async def test_an_account_is_opened_once_and_only_with_its_secret(tmp_path: Path) -> None:
    service = await Service.start(settings(tmp_path))
    try:
        first, second = [await service.open_account("a", "secret") for _ in range(2)]
        async with Caller(service.url, first) as one, Caller(service.url, second) as two:
            survey = await one.survey()
            assert (await two.get(f"/surveys/{survey}")).status == 200
        with pytest.raises(ClientTaken):
            await service.open_account("a", "other")
    finally:
        await service.stop()


async def test_idle_is_told_by_the_outbox(tmp_path: Path) -> None:
    service = await Service.start(settings(tmp_path))
    try:
        async with asyncio.timeout(20):
            while not await service.idle():  # noqa: ASYNC110 - its workers have only begun
                await asyncio.sleep(0.001)
    finally:
        await service.stop()


class Deaf(Settle):
    """A part that was exchanged: it takes no reply."""

    async def take_reply(self, reply: Reply) -> None:
        return


async def test_parts_can_be_exchanged(tmp_path: Path) -> None:
    service = await Service.start(settings(tmp_path), settle=Deaf)
    await service.stop()
    with pytest.raises(TypeError):
        await Service.start(settings(tmp_path), no_such_part=1)
    assert Channel.SMS.value == "SMS"


CURLS = """\
curl -X POST 'https://api.enco.io/survey/1.0.0/surveys' \\
-H 'Content-Type: application/json' \\
-H 'Authorization: Bearer <token>' \\
--data-raw '{
"name":"waffles",
"interactionType":"general",
"questions": [
{
"body":"On a scale from 0-10 , how likely are you to recommend our waffles to a friend or colleague?",
"language": "en-GB"
}
]
}'
===
curl -X GET 'https://api.enco.io/survey/1.0.0/surveys' -H 'Content-Type: application/json' \
-H 'Authorization: Bearer <token>'
===
curl -X POST 'https://api.enco.io/survey/1.0.0/surveys/{id}/question' \\
-H 'Content-Type: application/json' \\
-H 'Authorization: Bearer <token>' \\
--data-raw '{
"body":"Hoe was jou ervaring met ons support team? Stuur ons je score tussen 0 en 10 door te antwoorden",
"language": "nl-BE"
}'
===
curl -X POST 'https://api.enco.io/survey/1.0.0/surveys/{id}/send' \\
-H 'Content-Type: application/json' \\
-H 'Authorization: Bearer <token>' \\
--data-raw '{
"requests": [
{
"channel": "SMS",
"segments": [
"male",
"customer"
],
"destination": "+32472306705",
"referenceId": "my-customer-reference",
"language": "en-GB"
}
]
}'
===
curl -X GET 'https://api.enco.io/survey/1.0.0/surveys/{id}/report?endDate=2020-03-31T12%3A12%3A15.982%2B01%3A00\
&channel=SMS&segmentMode=ANY&segments=hxsyqosx,ifywjutr&startDate=2019-11-01T12%3A12%3A15.982%2B01%3A00' \\
-H 'Content-Type: application/json' \\
-H 'Authorization: Bearer <token>'
===
curl -X DELETE 'https://api.enco.io/survey/1.0.0/surveys/{id}' -H 'Content-Type: application/json' \
-H 'Authorization: Bearer <token>'
"""


async def test_every_curl_of_the_documentation_works(tmp_path: Path) -> None:
    """With only host, token and id changed."""
    service = await Service.start(settings(tmp_path))
    try:
        token = await service.open_account("a", "b")
        statuses, survey = [], "0"
        for command in CURLS.split("===\n"):
            ours = command.replace("https://api.enco.io", service.url).replace("<token>", token)
            words = shlex.split(ours.replace("{id}", survey).replace("\\\n", " "))
            status, body = await curl(*words[1:])
            statuses.append(status)
            if status == 201 and "questions" in body:
                survey = str(json.loads(body)["id"])
    finally:
        await service.stop()
    assert statuses == [201, 200, 201, 202, 200, 204]


async def curl(*arguments: str) -> tuple[int, str]:
    running = await asyncio.create_subprocess_exec(
        "curl", "-s", "--globoff", "-w", "\n%{http_code}", *arguments, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await running.communicate()
    body, _, status = out.decode().rpartition("\n")
    return int(status), body
