"""The service is killed at random moments of a run: nothing accepted is lost, nothing is counted twice,
nothing personal stays.
"""

from __future__ import annotations

import json
import random
import re
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from scenarios.programs import Program, belfort, call, json_lines, running, start

KILLS = {"push": 10, "poll": 10, "smpp": 10, "mail": 3, "voice": 4}
"""By how the service speaks to its gateway; mails and calls take several exchanges each, and so longer."""
CHANNELS = {"mail": "EMAIL", "voice": "VOICE"}
"""Of the ways that are not SMS."""
CALLERS = {"SMS": 4, "EMAIL": 4, "VOICE": 1}
PAUSE_SECONDS = 0.005
"""Between an answer and the next call: half the time several calls are under way, at a third of the work."""
ORDERS_AT_ONCE = 16
"""Of calls, as the service's settings have it."""
DEADLINE_SECONDS = 60
SIGNING_SECRET = "whsec_" + "c2VjcmV0" * 6
NUMBER = re.compile(r"(?=(47[0-9]{7}))")
"""What is the same in each way to write a number of `_person`, and in its address; overlapping ones, too."""
NUMBER_IN_BYTES = re.compile(NUMBER.pattern.encode())
LEAST_TELLING = 12
"""Characters from which on a reply is told from chance in a file of bytes."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Callers:
    """Send with hardly a pause, each call under a key of its own; a call whose answer never came is asked
    again with its key.
    """

    base: str
    token: str
    survey: int
    channel: str = "SMS"
    accepted: dict[str, str] = field(default_factory=dict)
    stopped: threading.Event = field(default_factory=threading.Event)
    failures: list[str] = field(default_factory=list)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        threads = [
            threading.Thread(target=self.run, args=(caller,)) for caller in range(CALLERS[self.channel])
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stopped.set()
            for thread in threads:
                thread.join()

    def run(self, caller: int) -> None:
        for count in range(10_000):
            if self.stopped.is_set():
                return
            people = [self._person(caller, count, index) for index in range(1 + count % 5)]
            self._send_until_answered(f"key-{caller}-{count}", people)

    def _person(self, caller: int, count: int, index: int) -> str:
        number = f"+3247{caller}{count:04d}{index:02d}"
        return f"person{number[1:]}@belfort.test" if self.channel == "EMAIL" else number

    def _send_until_answered(self, key: str, people: list[str]) -> None:
        body = {"requests": [{"channel": self.channel, "destination": person} for person in people]}
        give_up = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < give_up:
            try:
                answer = call(
                    "POST",
                    f"{self.base}/surveys/{self.survey}/send",
                    body,
                    token=self.token,
                    headers={"Idempotency-Key": key},
                )
            except OSError:
                time.sleep(0.02)
                continue
            if answer.status == 202:
                for person, result in zip(people, answer.body["requests"], strict=True):
                    if result["status"] == "ACCEPTED":
                        self.accepted[result["id"]] = person
                time.sleep(PAUSE_SECONDS)
                return
            if answer.status not in (409, 429, 503):
                self.failures.append(f"{answer.status} {answer.body}")
                return
            time.sleep(0.02)
        self.failures.append(f"no answer to {key}")


class Scene:
    """A simulator that is never killed, and a service on one database that is, again and again."""

    def __init__(self, folder: Path, mode: str, seed: int) -> None:
        self.database, self.port, self.mode, self.seed = folder / "survey.sqlite3", free_port(), mode, seed
        self.mail_port = free_port()
        folder.mkdir()
        made = belfort("account", "create", "waffles", "--database", str(self.database), "--json")
        self.account = json.loads(made.stdout)

    def simulator_options(self) -> list[str]:
        ports = ["--control-port", "0", "--gateway-port", "0", "--smpp-port", "0", "--smtp-port", "0"]
        own = [*ports, "--profile", "instant", "--seed", str(self.seed)]
        own += ["--smtp-replies", f"127.0.0.1:{self.mail_port}"]
        if self.mode == "mail":
            # Mail systems try again after minutes; these minutes pass in seconds.
            return [*own, "--clock", "scaled", "--clock-rate", "60"]
        if self.mode == "voice":
            # Calls that ring and are answered while the service is being killed.
            return [*ports, "--clock", "scaled", "--clock-rate", "20", "--seed", str(self.seed)]
        if self.mode != "push":
            return own
        notify = f"http://127.0.0.1:{self.port}/gateways/sms/notifications"
        return [*own, "--callback-url", notify, "--callback-secret", SIGNING_SECRET]

    def open_service(self, simulator: dict[str, Any]) -> Program:
        ways = {
            "push": ["--gateway-mode", "push", "--callback-secret", SIGNING_SECRET],
            "poll": ["--gateway-mode", "poll"],
            "smpp": ["--gateway", "smpp", "--smpp-port", simulator["smpp"].rpartition(":")[2]],
            "mail": [
                *("--mail-host", "127.0.0.1", "--mail-port", simulator["smtp"].rpartition(":")[2]),
                *("--mail-in-port", str(self.mail_port)),
            ],
            "voice": [
                *("--voice-url", simulator["voice"], "--voice-caller", "+3222222222"),
                *("--voice-account-sid", simulator["voice_account_sid"]),
                *("--voice-auth-token", simulator["voice_auth_token"]),
                *("--voice-ask-after", "2s"),
            ],
        }
        where = ["--port", str(self.port), "--database", str(self.database)]
        where += ["--gateway-url", simulator["gateway"]]
        return start("service", "--json", "--tied", *where, *ways[self.mode])

    def callers(self, base: str) -> Callers:
        credentials = f"client_id={self.account['client_id']}&client_secret={self.account['client_secret']}"
        token = call("POST", f"{base}/token?grant_type=client_credentials&{credentials}").body["access_token"]
        questions = [{"body": "0-10?", "language": "nl-BE"}]
        survey = {"name": "n", "interactionType": "i", "questions": questions}
        number = call("POST", f"{base}/surveys", survey, token=token).body["id"]
        return Callers(base, token, number, CHANNELS.get(self.mode, "SMS"))


@pytest.mark.parametrize("mode", KILLS)
def test_kills_lose_nothing_and_count_nothing_twice(tmp_path: Path, mode: str) -> None:
    seed = random.randrange(2**32)
    sys.stdout.write(f"seed {seed}\n")
    dice = random.Random(seed)
    scene = Scene(tmp_path / "data", mode, seed)
    with running("simulator", "--json", "--tied", *scene.simulator_options()) as simulator:
        control = simulator.card["control"]
        service = scene.open_service(simulator.card)
        callers = scene.callers(f"{service.card['service']}/survey/1.0.0")
        with callers.at_work():
            for _ in range(KILLS[mode]):
                time.sleep(dice.uniform(0.05, 0.5))
                service.kill()
                service = scene.open_service(simulator.card)
            time.sleep(0.3)
        assert callers.failures == []
        agree(callers, control)
        witness(callers, control, repeats=ORDERS_AT_ONCE * KILLS[mode] if mode == "voice" else 0)
        assert service.stop() == 0
        _nothing_personal(callers, control, scene.database.parent)


def agree(callers: Callers, control: str) -> None:
    """Once the gateway saw every request and nothing is due any more, report and truth are one."""
    give_up = time.monotonic() + DEADLINE_SECONDS
    while True:
        call("POST", f"{control}/control/v1/clock/drain", {})
        truth = call("POST", f"{control}/control/v1/truth", {}).body["report"]
        report = call("GET", f"{callers.base}/report", token=callers.token).body
        seen = (report["nps"], report["responseStatistics"])
        true = (truth["nps"], truth["responseStatistics"])
        complete = truth["responseStatistics"]["totalRequests"] == len(callers.accepted)
        agreed = seen == true or (callers.channel == "VOICE" and _differ_by_unsure(seen[1], true[1], control))
        if (agreed and complete) or time.monotonic() > give_up:
            break
        time.sleep(0.1)
    assert agreed, (seen, true)
    assert complete


def _differ_by_unsure(seen: dict[str, int], true: dict[str, int], control: str) -> bool:
    """Keys are told once. Where the service was killed between taking them and saying so, it alone knows
    them: it may count so many answers more, and nothing else may differ.
    """
    lost = [str(entry["facts"]["why"]) for entry in journal(control, "reply.lost")]
    unsure = sum(not why.startswith("ClientConnectorError") for why in lost)
    more = {name: seen[name] - true[name] for name in true}
    return (
        more["totalRequests"] == more["failed"] == 0
        and 0 <= more["goodResponses"] <= unsure
        and 0 <= more["totalResponses"] <= unsure
    )


def witness(callers: Callers, control: str, *, repeats: int) -> None:
    """The journal: every accepted request reached the gateway, as one message, and nothing else did. A
    telephone exchange has no word for *the same call*: what was being ordered at a kill it may call twice.
    """
    references = Counter(entry["facts"]["reference"] for entry in journal(control, "mt.submitted"))
    assert set(references) == set(callers.accepted)
    assert references.total() - len(references) <= repeats


def _nothing_personal(callers: Callers, control: str, folder: Path) -> None:
    """Neither a destination nor a reply's text stands in any file of the service."""
    texts = {entry["facts"]["text"] for entry in journal(control, "reply.written")}
    telling = {text.encode() for text in texts if len(text) >= LEAST_TELLING}
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert files
    assert telling or callers.channel == "VOICE", "keys are too short to be told from chance"
    numbers = {digits.encode() for person in callers.accepted.values() for digits in NUMBER.findall(person)}
    assert len(numbers) == len(callers.accepted)
    for path, content in files.items():
        assert numbers.isdisjoint(NUMBER_IN_BYTES.findall(content)), f"a destination stands in {path.name}"
        for text in telling:
            assert text not in content, f"a reply stands in {path.name}"


def journal(control: str, kind: str) -> list[dict[str, Any]]:
    return json_lines(call("GET", f"{control}/control/v1/journal?format=jsonl&kind={kind}"))
