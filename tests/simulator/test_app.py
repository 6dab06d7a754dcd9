"""A simulator starts whole or not at all, lives beside others, and leaves nothing running."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sqlite3
import sys
import threading
from pathlib import Path

import aiohttp
import pytest

from simulator.app import Simulator
from simulator.clock import Clock, Mode
from simulator.config import Settings, SettingsError
from simulator.world import Address, Channel, Submission
from tests.simulator.servers.worlds import open_world

NINE, LATER = "+32450000901", "+32450050301"
ROOT = Path(__file__).parents[2]


def free() -> Settings:
    return Settings(control_port=0, gateway_port=0, smpp_port=0, clock="frozen", log_level="error")


def threads() -> set[threading.Thread]:
    """All but asyncio's own pool."""
    return {thread for thread in threading.enumerate() if not thread.name.startswith("asyncio_")}


async def test_several_worlds_in_one_process_know_nothing_of_each_other():
    async with open_world(seed=1) as one, open_world(seed=2) as two:
        await one.send(NINE)
        assert len((await one.get("/messages"))["messages"]) == 1
        assert (await two.get("/messages"))["messages"] == []
        await two.ask("PUT", "/clock", {"mode": "auto"})
        assert (await one.get("/clock"))["mode"] == "frozen"
        assert (await one.get("/people", count="30")) != (await two.get("/people", count="30"))


async def test_stopping_leaves_no_task_no_socket_and_no_thread(tmp_path):
    before = asyncio.all_tasks(), threads()
    async with open_world(journal=str(tmp_path / "journal.sqlite3")) as world:
        await world.send(LATER)
        following = asyncio.create_task(
            world.session.get(f"{world.simulator.control_url}/control/v1/events?after=0")
        )
        waiting = asyncio.create_task(world.ask("GET", "/messages/wait", state="replied", within="1h"))
        stream = await following
        ports = [
            int(url.rsplit(":", 1)[1]) for url in (world.simulator.control_url, world.simulator.gateway_url)
        ]
        await asyncio.wait_for(world.simulator.stop(), 10.0)
        await asyncio.wait_for(stream.read(), 5.0)
        assert (await waiting)[0] == 503
        assert world.simulator.clock.due == 0
    assert (asyncio.all_tasks(), threads()) == before
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


async def test_a_clock_that_was_handed_in_goes_on_without_what_was_due():
    clock = Clock(Mode.FROZEN)
    async with open_world(clock=clock) as world:
        assert world.simulator.clock is clock
        await world.send(LATER)
        clock.call_later(10, lambda: None)
    assert clock.due == 1
    await clock.advance(by=20)
    clock.close()


async def test_a_world_that_ends_while_time_passes_hands_out_nothing_more():
    async with open_world(clock=Clock(Mode.FROZEN)) as world:
        simulator = world.simulator
        account = simulator.settings.smpp_system_id
        for number in range(200):
            to = Address(f"+32470{number:06}")
            simulator.carrier.submit(Submission(account, Channel.SMS, to, "8937", "0-10?"))
        passing = asyncio.create_task(simulator.clock.advance(by=3 * 86_400))
        await asyncio.sleep(0)
        await simulator.stop()
        late = Submission(account, Channel.SMS, Address("+32470000000"), "8937", "late")
        simulator.carrier.submit(late)
        await simulator.clock.drain()
        await passing


async def test_a_port_that_is_taken_stops_the_start_and_leaves_nothing():
    before = asyncio.all_tasks()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        for name in ("control_port", "gateway_port", "smpp_port"):
            settings = Settings(
                **{"control_port": 0, "gateway_port": 0, "smpp_port": 0, name: taken.getsockname()[1]}
            )
            with pytest.raises(OSError, match="address already in use"):
                await Simulator.start(settings)
    assert asyncio.all_tasks() == before


async def test_settings_that_cannot_be_used_stop_the_start(tmp_path):
    with pytest.raises(SettingsError, match=r"BELFORT_PROFILE.*everyday"):
        await Simulator.start(Settings(control_port=0, gateway_port=0, smpp_port=0, profile="evryday"))
    with pytest.raises(SettingsError, match="BELFORT_JOURNAL"):
        await Simulator.start(Settings(control_port=0, gateway_port=0, smpp_port=0, journal=str(tmp_path)))


async def test_the_journal_goes_on_in_its_file_after_a_restart(tmp_path):
    path = str(tmp_path / "journal.sqlite3")
    async with open_world(journal=path) as world:
        await world.send(NINE)
        last = world.simulator.journal.last
    async with open_world(journal=path) as world:
        assert world.simulator.journal.oldest == last + 1
        assert [e["seq"] for e in (await world.get("/journal"))["entries"]][: last + 1] == list(
            range(1, last + 2)
        )
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT count(*) FROM entry").fetchone()[0] == last + 1
    database.close()


async def test_replies_and_reports_are_pushed_to_whom_it_is_told():
    taken: list[dict[str, object]] = []

    async def take(request: aiohttp.web.Request) -> aiohttp.web.Response:
        taken.append(await request.json())
        return aiohttp.web.Response()

    app = aiohttp.web.Application()
    app.router.add_post("/back", take)
    runner = aiohttp.web.AppRunner(app)
    await runner.setup()
    site = aiohttp.web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        async with open_world() as world:
            host, port = runner.addresses[0][:2]
            world.simulator.push_to(f"http://{host}:{port}/back", "whsec_" + "A" * 32)
            await world.send(NINE)
            await world.post("/clock/drain")
            assert [next(iter(body)) for body in taken] == [
                "deliveryInfoNotification",
                "inboundSMSMessageNotification",
            ]
            [message] = (await world.get("/messages", state="heard"))["messages"]
            assert message["handedReplies"] == 1
    finally:
        await runner.cleanup()


async def test_health_metrics_and_landing_page_answer():
    async with open_world() as world:
        await world.send(NINE)
        await world.post("/faults", {"fault": "error", "where": "sms.submit", "limit": 1})
        await world.send(NINE)
        base = world.simulator.control_url
        for path, part in (
            ("/health/live", '"live"'),
            ("/health/ready", '"ready"'),
            ("/metrics", 'belfort_simulator_messages{state="underway"} 1.0'),
            ("/metrics", 'belfort_simulator_faults_hit_total{fault="error"} 1.0'),
            ("/metrics", "belfort_simulator_agenda 2.0"),
            ("/metrics", "belfort_simulator_loop_lag_seconds"),
            ("/", "/control/v1/events"),
        ):
            async with world.session.get(base + path) as answer:
                assert answer.status == 200
                assert part in await answer.text()
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        async with world.session.get(base + "/metrics") as answer:
            assert NINE not in await answer.text()


async def test_every_route_the_landing_page_names_is_there():
    async with open_world() as world:
        async with world.session.get(world.simulator.control_url) as answer:
            paths = [part.partition('"')[0] for part in (await answer.text()).split('href="')[1:]]
        assert len(paths) > 5
        for path in paths:
            async with world.session.get(world.simulator.control_url + path) as answer:
                assert answer.status == 200, path


async def test_a_journal_that_cannot_be_written_makes_it_not_ready(tmp_path):
    async with open_world(journal=str(tmp_path / "journal.sqlite3")) as world:
        assert world.simulator.journal_file is not None
        world.simulator.journal_file.trouble = "the disk is full"
        async with world.session.get(world.simulator.control_url + "/health/ready") as answer:
            assert (answer.status, (await answer.json())["because"]) == (503, ["the disk is full"])


class Program:
    """`python -m simulator` as a child."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self.child = child

    @classmethod
    async def run(cls, **environ: str) -> Program:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "simulator",
            cwd=ROOT,
            env={"PATH": "/usr/bin", **environ},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        return cls(child)

    async def end(self) -> tuple[int, str, str]:
        out, err = await asyncio.wait_for(self.child.communicate(), 20.0)
        return self.child.returncode or 0, out.decode(), err.decode()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_the_program_prints_one_line_once_all_is_open_and_ends_when_told(how):
    program = await Program.run(BELFORT_CONTROL_PORT="0", BELFORT_GATEWAY_PORT="0")
    assert program.child.stdout is not None
    line = json.loads(await asyncio.wait_for(program.child.stdout.readline(), 20.0))
    assert line.keys() == {"gateway", "control", "console", "smpp", "smtp", "voice"}
    async with aiohttp.ClientSession() as session:
        async with session.get(line["control"] + "/health/ready") as answer:
            assert answer.status == 200
        async with session.post(line["gateway"] + "/token") as answer:
            assert answer.status in (400, 401)
    program.child.send_signal(how)
    assert await program.end() == (0, "", "")


@pytest.mark.parametrize(
    ("environ", "code", "said"),
    [
        ({"BELFORT_CONTROL_PORT": "x"}, 2, "BELFORT_CONTROL_PORT"),
        ({"BELFORT_HOST": "0.0.0.0"}, 2, "BELFORT_CONTROL_TOKEN"),  # noqa: S104  # refused on purpose
        ({"BELFORT_PROFILE": "x"}, 2, "everyday"),
    ],
)
async def test_the_program_says_what_is_wrong_in_one_line(environ, code, said):
    program = await Program.run(**{"BELFORT_CONTROL_PORT": "0", "BELFORT_GATEWAY_PORT": "0"} | environ)
    status, out, err = await program.end()
    assert (status, out) == (code, "")
    assert said in err
    assert "Traceback" not in err
