"""Several processes on one database: one is killed, the server goes away, fifty ask one person at once."""

from __future__ import annotations

import json
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from scenarios.programs import belfort, call
from scenarios.test_killed import Callers, agree, witness

TRIES, SENDERS = int(os.environ.get("TRIES", "10")), 50


def account_on(url: str) -> dict[str, Any]:
    made = belfort("account", "create", "waffles", "--database-url", url, "--json")
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)


def callers_on(service: dict[str, Any], url: str) -> Callers:
    account, base = account_on(url), f"{service['service']}/survey/1.0.0"
    credentials = f"client_id={account['client_id']}&client_secret={account['client_secret']}"
    token = call("POST", f"{base}/token?grant_type=client_credentials&{credentials}").body["access_token"]
    survey = {"name": "n", "interactionType": "i", "questions": [{"body": "0-10?", "language": "nl-BE"}]}
    return Callers(base, token, call("POST", f"{base}/surveys", survey, token=token).body["id"])


def workers_of(process: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def wait_for(fact) -> None:
    """Until `fact` is true, for as long as a test may take."""
    pause = threading.Event()
    while not fact():
        pause.wait(0.05)


@pytest.mark.timeout(110)
def test_a_worker_that_is_killed_and_a_server_that_crashes_lose_nothing(crew, server):
    simulator, service, url = crew
    callers = callers_on(service.card, url)
    first = workers_of(service.process.pid)
    assert len(first) == 2
    with callers.at_work():
        wait_for(lambda: len(callers.accepted) > 50)
        os.kill(first[0], signal.SIGKILL)
        wait_for(lambda: len(set(workers_of(service.process.pid)) - set(first)) == 1)
        seen = len(callers.accepted)
        wait_for(lambda: len(callers.accepted) > seen + 50)
        server.stop("immediate")
        server.start()
        seen = len(callers.accepted)
        wait_for(lambda: len(callers.accepted) > seen + 50)
    assert callers.failures == []
    agree(callers, simulator.card["control"])
    witness(callers, simulator.card["control"], repeats=0)
    assert service.stop() == 0


@pytest.mark.parametrize("crew", [4], indirect=True)
def test_of_fifty_sends_at_once_to_one_person_one_is_accepted(crew):
    _, service, url = crew
    callers = callers_on(service.card, url)
    assert len(workers_of(service.process.pid)) == 4
    address = f"{callers.base}/surveys/{callers.survey}/send"

    def send(number: str) -> int:
        body = {"requests": [{"channel": "SMS", "destination": number}]}
        return call("POST", address, body, token=callers.token).body["accepted"]

    with ThreadPoolExecutor(SENDERS) as senders:
        for attempt in range(TRIES):
            number = f"+3247{attempt:07d}"
            assert sum(senders.map(send, [number] * SENDERS)) == 1, number
