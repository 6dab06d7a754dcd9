"""How people are on the telephone, read from a sheet: a population's `calls`, and one person's `call`.

population:
  calls: {picks_up: {human: 0.7, voicemail: 0.3}, then: {score: 1}, delays: {rings: {median: 8s}}}
people:
  - {number: "+32 450 90 01 LL", call: {presses: ["11", {keys: "10", gap: 4s}]}}
  - {number: "+32 450 90 02 LL", call: {picks_up: busy}}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace

from simulator.people.calling import Act, Calling, CallScript, Pickup, Turn
from simulator.people.forms import Form
from simulator.people.shares import Shares
from simulator.people.tree import Node

DELAYS = ("rings", "reaction", "gap", "patience", "greeting")
PARTS = ("corrects", "closes", "early")
MOST_TURNS, MOST_KEYS = 20, 16
_CALLS = ("picks_up", "then", "wrong", *PARTS, "delays")
_CALL = ("picks_up", "presses", "leaves", "rings")
_TURN = ("keys", "early", "after", "gap")
PICKUPS: Mapping[str, Pickup] = {pickup.value: pickup for pickup in Pickup}
ACTS: Mapping[str, Act] = {act.value: act for act in Act}


def calling(form: Form, node: Node, base: Calling) -> Calling:
    """The `calls` of a population, over `base`; mistakes are noted in `form`."""
    items = form.mapping(node, _CALLS)
    changes: dict[str, object] = {part: form.part(items[part]) for part in PARTS if part in items}
    if "picks_up" in items:
        shares = form.shares(items["picks_up"], PICKUPS)
        changes["pickups"] = shares and Shares({PICKUPS[name]: part for name, part in shares.items()})
    if "then" in items:
        shares = form.shares(items["then"], ACTS)
        changes["acts"] = shares and Shares({ACTS[name]: part for name, part in shares.items()})
    if "wrong" in items:
        changes["wrong"] = _wrong(form, items["wrong"])
    if "delays" in items:
        changes |= {name: form.mixture(item) for name, item in form.mapping(items["delays"], DELAYS).items()}
    if form.mistakes:
        return base
    return replace(base, **changes)  # type: ignore[arg-type]  # each reader gives its field's type


def _wrong(form: Form, node: Node) -> Shares[str] | None:
    for keys, item in form.mapping(node).items():
        if not _are_keys(keys):
            form.wrong(item.where, f"{keys[:40]!r} are no keys: 0-9, * and #, at most {MOST_KEYS}")
    return None if form.mistakes else form.shares(node)


def as_json(of: Calling) -> dict[str, object]:
    """The same in the words that `calling` reads."""
    return {
        "picks_up": {pickup.value: part for pickup, part in of.pickups.items()},
        "then": {act.value: part for act, part in of.acts.items()},
        "wrong": dict(of.wrong.items()),
        **{part: getattr(of, part) for part in PARTS},
        "delays": {name: [asdict(crowd) for crowd in getattr(of, name).crowds] for name in DELAYS},
    }


def call(form: Form, node: Node) -> CallScript:
    """What one person does with every call; mistakes are noted in `form`."""
    items = form.mapping(node, _CALL)
    pickup = form.word(items["picks_up"], PICKUPS) if "picks_up" in items else None
    presses = form.items(items["presses"], MOST_TURNS) if "presses" in items else ()
    return CallScript(
        PICKUPS[pickup or Pickup.HUMAN.value],
        tuple(turn for each in presses if (turn := _turn(form, each)) is not None),
        form.part(items["leaves"]) if "leaves" in items else None,
        form.seconds(items["rings"]) if "rings" in items else None,
    )


def _turn(form: Form, node: Node) -> Turn | None:
    """The keys alone, or a mapping."""
    if not isinstance(node.value, dict):
        keys = _keys(form, node)
        return None if keys is None else Turn(keys)
    items = form.mapping(node, _TURN)
    if "keys" not in items:
        form.wrong(node.where, 'say which keys are pressed, for example keys: "10"')
        return None
    keys = _keys(form, items["keys"])
    gap = form.seconds(items["gap"]) if "gap" in items else 0.0
    return None if keys is None else Turn(
        keys,
        early=form.part(items["early"]) if "early" in items else None,
        wait=form.seconds(items["after"]) if "after" in items else None,
        gaps=(gap or 0.0,) * (len(keys) - 1),
    )  # fmt: skip


def _keys(form: Form, node: Node) -> str | None:
    keys = form.text(node, MOST_KEYS)
    if keys is not None and not _are_keys(keys):
        form.wrong(node.where, f"{keys!r} are no keys: 0-9, * and #")
        return None
    return keys


def _are_keys(text: str) -> bool:
    return re.fullmatch(rf"[0-9*#]{{1,{MOST_KEYS}}}", text, re.ASCII) is not None
