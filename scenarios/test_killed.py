"""The service is killed at random moments of a run: nothing accepted is lost, nothing is counted twice,
nothing personal stays.
"""

from __future__ import annotations

import json
import random
import socket
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from scenarios.programs import Program, belfort, call, running, start

KILLS = 10
CALLERS = 4
DEADLINE_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Callers:
    """Send without pause, each call under a key of its own; a call whose answer never came is asked again
    with its key.
    """

    base: str
    token: str
    survey: int
    accepted: dict[str, str] = field(default_factory=dict)
    stopped: threading.Event = field(default_factory=threading.Event)
    failures: list[str] = field(default_factory=list)

    def run(self, caller: int) -> None:
        for count in range(10_000):
            if self.stopped.is_set():
                return
            numbers = [f"+3247{caller}{count:04d}{index:02d}" for index in range(1 + count % 5)]
            self._send_until_answered(f"key-{caller}-{count}", numbers)

    def _send_until_answered(self, key: str, numbers: list[str]) -> None:
        body = {"requests": [{"channel": "SMS", "destination": number} for number in numbers]}
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
                for number, result in zip(numbers, answer.body["requests"], strict=True):
                    if result["status"] == "ACCEPTED":
                        self.accepted[result["id"]] = number
                return
            if answer.status not in (409, 429, 503):
                self.failures.append(f"{answer.status} {answer.body}")
                return
            time.sleep(0.02)
        self.failures.append(f"no answer to {key}")


def settled(control: str, service: str, token: str, expected: int) -> dict[str, object]:
    """The report, once the gateway saw every request and nothing is due any more."""
    give_up = time.monotonic() + DEADLINE_SECONDS
    report: dict[str, object] = {}
    while time.monotonic() < give_up:
        call("POST", f"{control}/control/v1/clock/drain", {})
        truth = call("POST", f"{control}/control/v1/truth", {}).body["report"]
        report = call("GET", f"{service}/survey/1.0.0/report", token=token).body
        same = report["nps"] == truth["nps"] and report["responseStatistics"] == truth["responseStatistics"]
        if same and truth["responseStatistics"]["totalRequests"] == expected:
            return report
        time.sleep(0.1)
    return report


@pytest.mark.parametrize("mode", ["push", "poll"])
def test_ten_kills_lose_nothing_and_count_nothing_twice(tmp_path: Path, mode: str) -> None:
    seed = random.randrange(2**32)
    sys.stdout.write(f"seed {seed}\n")
    dice = random.Random(seed)
    database, port = tmp_path / "data" / "survey.sqlite3", free_port()
    database.parent.mkdir()
    made = belfort("account", "create", "waffles", "--database", str(database), "--json")
    account = json.loads(made.stdout)
    secret = "whsec_" + "c2VjcmV0" * 6
    pushed = [
        "--callback-url",
        f"http://127.0.0.1:{port}/gateways/sms/notifications",
        "--callback-secret",
        secret,
    ]
    simulator_options = [
        "--control-port",
        "0",
        "--gateway-port",
        "0",
        "--profile",
        "instant",
        "--seed",
        str(seed),
    ]

    with running(
        "simulator", "--json", "--tied", *simulator_options, *(pushed if mode == "push" else [])
    ) as simulator:

        def open_service() -> Program:
            return start(
                "service",
                "--json",
                "--tied",
                "--port",
                str(port),
                "--database",
                str(database),
                "--gateway-url",
                simulator.card["gateway"],
                "--gateway-mode",
                mode,
                *(["--callback-secret", secret] if mode == "push" else []),
            )

        service = open_service()
        base = f"{service.card['service']}/survey/1.0.0"
        token = call(
            "POST",
            f"{base}/token?grant_type=client_credentials&client_id={account['client_id']}"
            f"&client_secret={account['client_secret']}",
        ).body["access_token"]
        survey = call(
            "POST",
            f"{base}/surveys",
            {"name": "n", "interactionType": "i", "questions": [{"body": "0-10?", "language": "nl-BE"}]},
            token=token,
        ).body["id"]
        callers = Callers(base, token, survey)
        threads = [threading.Thread(target=callers.run, args=(caller,)) for caller in range(CALLERS)]
        for thread in threads:
            thread.start()
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.05, 0.5))
            service.kill()
            service = open_service()
        time.sleep(0.3)
        callers.stopped.set()
        for thread in threads:
            thread.join()

        control = simulator.card["control"]
        report = settled(control, service.card["service"], token, len(callers.accepted))
        assert callers.failures == []
        statistics = report["responseStatistics"]
        truth = call("POST", f"{control}/control/v1/truth", {}).body["report"]
        assert statistics["totalRequests"] == len(callers.accepted)
        assert statistics == truth["responseStatistics"]
        assert report["nps"] == truth["nps"]
        _witness(control, callers)
        assert service.stop() == 0
        _nothing_personal(database.parent, control, callers)


def _witness(control: str, callers: Callers) -> None:
    """The journal: every accepted request reached the gateway, as one message, and nothing else did."""
    entries = call("GET", f"{control}/control/v1/journal?kind=mt.submitted&limit=100000").body["entries"]
    references = Counter(entry["facts"]["reference"] for entry in entries)
    assert set(references) == set(callers.accepted)
    assert set(references.values()) == {1}


def _nothing_personal(folder: Path, control: str, callers: Callers) -> None:
    """Neither a destination nor a reply's text stands in any file of the service."""
    replies = call("GET", f"{control}/control/v1/journal?kind=reply.written&limit=100000").body["entries"]
    texts = {entry["facts"]["text"] for entry in replies if len(entry["facts"]["text"]) >= 12}
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert files
    for path, content in files.items():
        for number in callers.accepted.values():
            assert number[1:].encode() not in content, f"a destination stands in {path.name}"
            assert number[3:].encode() not in content, f"a destination stands in {path.name}"
        for text in texts:
            assert text.encode() not in content, f"a reply stands in {path.name}"
