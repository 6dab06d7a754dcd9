"""The connection between the service and its message centre ends at every point of the exchange, or the
service is killed there: nothing accepted is lost, repeats are at most the window, the report is the truth.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from scenarios.cutting import POINTS, Wire
from scenarios.programs import Program, belfort, call, json_lines, running, start

WINDOW = 16
PEOPLE = 48
CUTS = 3
DEADLINE_SECONDS = 40
KILLED_AT = (
    "in the middle of a submission",
    "before the answer to a submission",
    "after the answer, before the receipt",
    "before a receipt or reply is acknowledged",
)


@dataclass
class House:
    """A simulator, the wire, and a service that can be killed."""

    wire: Wire
    control: str
    database: Path
    account: dict[str, Any]
    service: Program = field(init=False)
    asked: int = 0
    accepted: set[str] = field(default_factory=set)

    def open(self) -> None:
        where = ["--port", "0", "--database", str(self.database)]
        smpp = ["--gateway", "smpp", "--smpp-port", str(self.wire.port), "--gateway-window", str(WINDOW)]
        self.service = start("service", "--json", "--tied", *where, *smpp, "--gateway-deadline", "2")

    def call(self, method: str, path: str, body: Any = None) -> Any:
        base = f"{self.service.card['service']}/survey/1.0.0"
        login = f"client_id={self.account['client_id']}&client_secret={self.account['client_secret']}"
        token = call("POST", f"{base}/token?grant_type=client_credentials&{login}").body["access_token"]
        answer = call(method, base + path, body, token=token)
        assert answer.status < 300, answer
        return answer.body

    def survey(self) -> int:
        questions = [{"body": "0-10?", "language": "nl-BE"}]
        survey = {"name": "n", "interactionType": "i", "questions": questions}
        return int(self.call("POST", "/surveys", survey)["id"])

    def send(self, survey: int) -> None:
        """Ask people who were not asked yet; a third of them in lanes that answer."""
        numbers = [self._number(self.asked + count) for count in range(PEOPLE)]
        self.asked += PEOPLE
        requests = [{"channel": "SMS", "destination": number} for number in numbers]
        told = self.call("POST", f"/surveys/{survey}/send", {"requests": requests})
        assert told["accepted"] == PEOPLE
        self.accepted |= {each["id"] for each in told["requests"]}

    @staticmethod
    def _number(count: int) -> str:
        return f"+3245000{count % 11:02}{count // 11 % 100:02}" if count % 3 else f"+32470{count:06}"

    def settled(self, survey: int) -> tuple[Any, Any]:
        """Report and truth, once every request reached somebody and they agree, or time is up."""
        give_up = time.monotonic() + DEADLINE_SECONDS
        while True:
            truth = call("POST", f"{self.control}/control/v1/truth", {}).body["report"]
            report = self.call("GET", "/report")
            shown = [(each["nps"], each["responseStatistics"]) for each in (report, truth)]
            whole = truth["responseStatistics"]["totalRequests"] == len(self.accepted)
            if (whole and shown[0] == shown[1]) or time.monotonic() > give_up:
                return shown[0], shown[1] if whole else "requests are missing"
            time.sleep(0.05)

    def journal(self, kind: str) -> list[dict[str, Any]]:
        return json_lines(call("GET", f"{self.control}/control/v1/journal?format=jsonl&kind={kind}"))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    database = tmp_path_factory.mktemp("cuts") / "survey.sqlite3"
    made = belfort("account", "create", "waffles", "--database", str(database), "--json")
    with ExitStack() as stack:
        options = ["--port", "0", "--profile", "instant"]
        simulator = stack.enter_context(running("simulator", "--json", "--tied", *options))
        wire = stack.enter_context(Wire(int(simulator.card["smpp"].rpartition(":")[2])).open())
        house = House(wire, simulator.card["control"], database, json.loads(made.stdout))
        house.open()
        yield house
        house.service.stop()


def nothing_lost(house: House, survey: int, cuts: int, repeats_before: int) -> None:
    report, truth = house.settled(survey)
    assert report == truth
    references = Counter(entry["facts"]["reference"] for entry in house.journal("mt.submitted"))
    assert set(references) == house.accepted
    assert set(references.values()) == {1}
    assert len(house.journal("mt.repeated")) - repeats_before <= cuts * WINDOW


@pytest.mark.parametrize("point", list(POINTS))
def test_the_connection_ends_and_nothing_is_lost_or_counted_twice(house, point):
    survey, before = house.survey(), len(house.journal("mt.repeated"))
    house.wire.cut(POINTS[point], every=1 if "bind" in point else 5, times=CUTS)
    if "bind" in point:
        house.wire.break_all()
    house.send(survey)
    nothing_lost(house, survey, CUTS, before)
    assert house.wire.cuts == CUTS


@pytest.mark.parametrize("point", KILLED_AT)
def test_the_service_is_killed_and_nothing_is_lost_or_counted_twice(house, point):
    survey, before, dead = house.survey(), len(house.journal("mt.repeated")), threading.Event()

    def kill() -> None:
        house.service.kill()
        dead.set()

    house.wire.cut(POINTS[point], every=WINDOW + 4, times=1, then=kill)
    house.send(survey)
    assert dead.wait(DEADLINE_SECONDS)
    house.open()
    nothing_lost(house, survey, 1, before)
    assert house.wire.cuts == 1
