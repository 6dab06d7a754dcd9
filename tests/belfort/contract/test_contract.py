"""`belfort contract`: our service passes, and a proxy that breaks one rule at a time does not."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest
from multidict import CIMultiDict

from belfort.__main__ import main
from belfort.client import Control
from belfort.contract import properties
from belfort.contract.exchange import Answer
from belfort.contract.inspection import Client, Order, chosen, how_to_log_in, inspect
from belfort.contract.rule import Result, Verdict
from belfort.contract.rules.table import RULES
from belfort.house import House
from tests.belfort.contract.bending import Forward, Passing, Proxy
from tests.belfort.contract.violations import VIOLATIONS
from tests.belfort.junit import complaints

SECRETS = {
    "CLIENT_ID": "belfort",
    "CLIENT_SECRET": "belfort-secret",
    "CLIENT_ID_TWO": "belfort-two",
    "CLIENT_SECRET_TWO": "belfort-two-secret",
}
LIMITS = {"BELFORT_SEND_BURST": "6000", "BELFORT_SEND_RATE": "2000", "BELFORT_LOG_LEVEL": "error"}
CANNOT_MEND = {"ignores keys"}
"""The first call of these was never kept under its key, so that no later one can be its replay."""


def order(house: House, control: Control) -> Order:
    first, second = (Client(each.client_id, each.client_secret) for each in house.tenants)
    return Order(house.service.url, first, second, control, seed=7)


async def test_each_violation_is_caught_by_its_rule_with_a_curl_that_shows_it():
    """One house for all of them: what differs is what the proxy does."""
    async with (
        await House.open({"BELFORT_CLOCK": "frozen", **LIMITS}, free_ports=True) as house,
        Control(house.simulator.control_url) as control,
        Proxy(house.service.url).open() as proxy,
    ):
        through = replace(order(house, control), url=proxy.url)
        for seed, (what, (rule, bend)) in enumerate(VIOLATIONS.items()):
            proxy.bend = bend()
            (verdict,) = await inspect(replace(through, seed=seed), chosen(RULES, [rule])[:1])
            assert (what, verdict.rule, verdict.result) == (what, rule, Result.BROKEN)
            tokens = {"TOKEN": house.tenants[0].token, "TOKEN_TWO": house.tenants[1].token}
            assert await still_broken(verdict, tokens), f"{what}: {verdict.curl}"
            proxy.bend = None
            mended = not await still_broken(verdict, tokens)
            assert mended or what in CANNOT_MEND, f"{what}, mended: {verdict.curl}"


async def still_broken(verdict: Verdict, tokens: dict[str, str]) -> bool:
    """Whether the curl of a verdict, run by a shell as it was printed, breaks the rule again."""
    assert verdict.broken is not None
    code, said = await shell(verdict.curl, **tokens)
    assert code == 0, said
    return not verdict.broken.holds(answer_of(said))


async def shell(script: str, **environment: str) -> tuple[int, str]:
    running = await asyncio.create_subprocess_exec(
        "bash", "-euc", script, stdout=subprocess.PIPE, env={"PATH": os.environ["PATH"], **environment}
    )
    said, _ = await running.communicate()
    return running.returncode or 0, said.decode()


def answer_of(shown: str) -> Answer:
    """What `curl -i` showed."""
    head, _, text = shown.replace("\r\n", "\n").partition("\n\n")
    status, *lines = head.splitlines()
    headers = CIMultiDict(line.split(": ", 1) for line in lines if ": " in line)
    return Answer(int(status.split()[1]), headers, text, ())


async def contract(folder: Path, *arguments: str) -> tuple[int, str]:
    """The command, as a process of its own beside the house in this one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BELFORT_")}
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "belfort", "contract", *arguments,
        env={**kept, "NO_COLOR": "1"}, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await running.communicate()
    return running.returncode or 0, said.decode()


def accounts(house: House) -> list[str]:
    first, second = house.tenants
    return [
        *("--client-id", first.client_id, "--client-secret", first.client_secret),
        *("--second-client-id", second.client_id, "--second-client-secret", second.client_secret),
    ]


async def test_our_service_keeps_every_rule_and_its_document(tmp_path: Path):
    async with await House.open({"BELFORT_CLOCK": "frozen", **LIMITS}, free_ports=True) as house:
        where = ("--against", house.service.url, "--control", house.simulator.control_url)
        code, said = await contract(
            tmp_path, *where, *accounts(house), "--junit", "out.xml", "--seed", "20261123", "--examples", "5"
        )
        assert code == 0, said
    suite = parse(tmp_path / "out.xml").getroot()[0]  # noqa: S314
    assert (suite.get("failures"), suite.get("skipped")) == ("0", "0")
    assert complaints(tmp_path / "out.xml") == []
    names = {case.get("name") for case in suite}
    assert {rule.name for rule in RULES} < names
    assert {"schema: POST /surveys/{id}/send", "schema: Stateful tests"} < names


async def test_a_broken_rule_ends_with_1_and_stands_in_the_xml_with_its_curl(tmp_path: Path):
    rule, bend = VIOLATIONS["forgets Location"]
    async with (
        await House.open({"BELFORT_CLOCK": "frozen", **LIMITS}, free_ports=True) as house,
        Proxy(house.service.url, bend()).open() as proxy,
    ):
        code, said = await contract(
            tmp_path, rule, "documented", "--against", proxy.url, *accounts(house), "--junit", "out.xml"
        )
    assert code == 1, said
    assert "1 broken" in said
    (failure,) = parse(tmp_path / "out.xml").iter("failure")  # noqa: S314
    assert failure.get("type") == rule
    assert complaints(tmp_path / "out.xml") == []
    assert f"curl -sSi -X POST {proxy.url}" in (failure.text or "")
    assert "belfort-secret" not in said + (failure.text or "")


async def test_what_the_document_forbids_is_found_by_generated_calls(tmp_path: Path):
    """A proxy that tells passives breaks no rule that is checked here by name, only the schema."""

    async def bend(call: Passing, forward: Forward) -> Passing:
        answer = await forward(call)
        return (
            answer.saying({**answer.json, "rank": 1})
            if call.method == "POST" and answer.json and "questions" in answer.json
            else answer
        )

    async with (
        await House.open({"BELFORT_CLOCK": "frozen", **LIMITS}, free_ports=True) as house,
        Proxy(house.service.url, bend).open() as proxy,
    ):
        token = house.tenants[0].token
        verdicts = await properties.inspect(
            proxy.url, token, seed=1, examples=1, only="POST /surveys", phases="examples"
        )
        broken = [verdict for verdict in verdicts if verdict.result is Result.BROKEN]
        assert broken
        assert token not in broken[0].curl
        script = "\n".join([*how_to_log_in(proxy.url, second=False), broken[0].curl])
        _, said = await shell(script, **SECRETS)
    assert '"rank": 1' in said


async def test_a_service_that_is_not_there_is_the_environments_fault(tmp_path: Path):
    code, said = await contract(tmp_path, "--against", "http://127.0.0.1:1")
    assert code == 4
    assert "no answer from http://127.0.0.1:1" in said


def test_a_rule_that_nobody_knows_is_wrong_usage(capsys: pytest.CaptureFixture[str]):
    assert main(["contract", "report-colour"]) == 2
    assert "belfort contract --list" in capsys.readouterr().err


def test_the_rules_are_listed_with_their_sentences(capsys: pytest.CaptureFixture[str]):
    assert main(["contract", "--list", "report"]) == 0
    assert "halves away from zero" in capsys.readouterr().out


def test_without_schemathesis_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(properties, "installed", lambda: False)
    assert main(["contract", "--against", "http://127.0.0.1:1"]) == 4
    assert "belfort[contract]" in capsys.readouterr().err


def test_no_two_rules_have_one_name():
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
