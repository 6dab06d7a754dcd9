"""Mistakes of ours: the caller learns nothing of them, the log the place and no value."""

import json
from pathlib import Path
from typing import Any

import pytest

from service.store import surveys
from tests.service.web.caller import Caller
from tests.service.web.conftest import Opener


async def test_a_crash_is_500_for_that_call_alone_and_told_without_values(
    open_service: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise ValueError("+32470000001 and a trace")

    async with open_service() as service, Caller(service.url, await service.open_account("a", "b")) as caller:
        with monkeypatch.context() as broken_for_now:
            broken_for_now.setattr(surveys, "recent", broken)
            crashed = await caller.get("/surveys")
        assert (await caller.get("/surveys")).status == 200
    assert (crashed.status, crashed.json["fault"]["code"]) == (500, 500)
    log = (tmp_path / "log").read_text()
    assert [text for text in (log, crashed.raw.decode()) if "+3247" in text or "Traceback" in text] == []
    told = [event for event in map(json.loads, log.splitlines()) if event["event"] == "crashed"]
    assert [(event["part"], event["error"]) for event in told] == [("web", "ValueError")]
    assert told[0]["where"].startswith("test_edge.py:")


async def test_a_call_is_one_line_with_its_route_and_never_its_address(
    open_service: Opener, tmp_path: Path
) -> None:
    async with open_service() as service, Caller(service.url, await service.open_account("a", "b")) as caller:
        survey = await caller.survey()
        await caller.get(f"/surveys/{survey}/report?segments=secret-tag")
        await caller.get("/secret-path", token="secret-token")
    log = (tmp_path / "log").read_text()
    calls = [event for event in map(json.loads, log.splitlines()) if event["event"] == "call"]
    assert [(event["method"], event["route"], event["status"], event["account"]) for event in calls] == [
        ("POST", "/surveys", 201, 1),
        ("GET", "/surveys/{id}/report", 200, 1),
        ("GET", "/survey/1.0.0/{tail}", 401, None),
    ]
    assert "secret" not in log
