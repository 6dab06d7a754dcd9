"""`belfort contract` at services that answer anything but what is documented: rules break, we do not."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

from belfort.client import Control
from belfort.contract.inspection import Client, Order, inspect
from belfort.contract.rule import Result
from belfort.contract.rules.table import RULES
from belfort.house import House
from tests.belfort.contract.bending import Forward, Passing, Proxy
from tests.belfort.contract.nonsense import MISFITS, NONSENSE, talking
from tests.belfort.contract.test_contract import LIMITS, contract, order

PATIENT = {"rate-limit-kept"}
SEEDS = (1, 2, 3)
ODD = list(MISFITS.values())


async def test_whatever_a_service_says_each_rule_has_a_verdict_with_a_curl():
    nonsense: dict[str, bytes] = {}
    async with talking(nonsense) as url:
        for what, said in NONSENSE.items():
            nonsense["said"] = said
            one = Client("a", "b")
            verdicts = await inspect(Order(url, one, one, seed=1), RULES)
            kept = [each.rule for each in verdicts if each.result is Result.KEPT]
            assert not kept, what
            assert all(each.curl for each in verdicts if each.result is Result.BROKEN), what


async def test_an_odd_value_in_any_place_of_any_answer_breaks_a_rule_and_nothing_else():
    """Each answer of our service with one of its values replaced by another one, drawn by chance."""
    dice = random.Random()

    async def bend(call: Passing, forward: Forward) -> Passing:
        answer = await forward(call)
        if "/token" in call.url or dice.random() < 0.5 or not answer.body.startswith((b"{", b"[")):
            return answer
        return answer.saying(_with_an_odd_value(answer.json, dice))

    async with (
        await House.open({"BELFORT_CLOCK": "frozen", **LIMITS}, free_ports=True) as house,
        Control(house.simulator.control_url) as control,
        Proxy(house.service.url, bend).open() as proxy,
    ):
        rules = [rule for rule in RULES if rule.name not in PATIENT]
        for seed in SEEDS:
            dice.seed(seed)
            verdicts = await inspect(replace(order(house, control), url=proxy.url, seed=seed), rules)
            assert sum(each.result is Result.BROKEN for each in verdicts) > len(rules) // 4


def _with_an_odd_value(value: Any, dice: random.Random) -> Any:
    """The same JSON with one value, drawn by chance, replaced."""
    places = (
        list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    )
    if not places or dice.random() < 0.3:
        return dice.choice(ODD)
    place = dice.choice(places)
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[place] = _with_an_odd_value(value[place], dice)
    return changed


async def test_the_command_ends_with_1_and_shows_each_curl(tmp_path: Path):
    nonsense = {"said": NONSENSE["201 Created: members of wrong types"]}
    async with talking(nonsense) as url:
        code, said = await contract(tmp_path, "--against", url, "--no-properties", "--junit", "out.xml")
    assert code == 1, said
    assert "Traceback" not in said
    assert f"curl -sSi -X POST {url}" in (tmp_path / "out.xml").read_text()


async def test_a_token_that_is_none_is_the_environments_fault(tmp_path: Path):
    async with await House.open({}, free_ports=True) as house:
        code, said = await contract(tmp_path, "--against", house.simulator.control_url)
    assert code == 4, said
    assert "gave no token" in said
