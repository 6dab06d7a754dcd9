"""A population read from a sheet, laid over another: shares that are given replace the other's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace

from simulator.people import calling_sheet, mail_sheet
from simulator.people.forms import Form
from simulator.people.population import LANGUAGES, Night, Population
from simulator.people.shares import Shares
from simulator.people.tree import Node, suggestion
from simulator.phrasebook.habits import HABITS
from simulator.phrasebook.phrase import LANGUAGES as TONGUES
from simulator.phrasebook.phrase import SCORES, Meaning, primary
from simulator.world import CAUSE

FATES = tuple(name for name, cause in CAUSE.items() if cause.final)
"""What can become of a message in the end, by the name of the cause."""

WORDS = (
    "regions", "languages", "networks", "ported", "reach", "throttled", "answers", "scores", "habits", "bad",
    "delays", "night", "expiry", "calls", "mail",
)  # fmt: skip


def population(form: Form, node: Node, base: Population) -> Population:
    """The population in a mapping, over `base`; mistakes are noted in `form`."""
    items = form.mapping(node, WORDS)
    changes: dict[str, object] = {}
    simple: dict[str, Callable[[Node], object]] = {
        "regions": lambda each: form.shares(each, LANGUAGES),
        "languages": lambda each: _languages(form, each, base),
        "networks": form.shares,
        "ported": form.part,
        "reach": lambda each: _reach(form, each),
        "throttled": form.part,
        "scores": lambda each: _scores(form, each, base),
        "habits": lambda each: form.shares(each, HABITS),
        "bad": lambda each: _bad(form, each),
        "expiry": form.seconds,
        "mail": lambda each: mail_sheet.mail(form, each, base.mail),
    }
    for key, reader in simple.items():
        if key in items:
            changes[key] = reader(items[key])
    if "answers" in items:
        changes |= _named_parts(form, items["answers"])
    if "delays" in items:
        changes |= _delays(form, items["delays"])
    if "calls" in items:
        changes["calling"] = calling_sheet.calling(form, items["calls"], base.calling)
    if "night" in items:
        changes["night"] = _night(form, items["night"])
    if form.mistakes:
        return base
    return replace(base, **changes)  # type: ignore[arg-type]  # each reader gives its field's type


def _named_parts(form: Form, node: Node) -> dict[str, object]:
    fields = {"rate": "answer_rate", "twice": "twice", "corrects": "corrects", "late": "late"}
    return {fields[key]: form.part(item) for key, item in form.mapping(node, fields).items()}


def _delays(form: Form, node: Node) -> dict[str, object]:
    known = ("report", "reply", "second", "late")
    return {f"{key}_delay": form.mixture(item) for key, item in form.mapping(node, known).items()}


def _languages(form: Form, node: Node, base: Population) -> Mapping[str, Shares[str]] | None:
    """Shares for everybody, or by region."""
    if isinstance(node.value, dict) and set(node.value) & set(LANGUAGES):
        given = {region: _tongues(form, item) for region, item in form.mapping(node, LANGUAGES).items()}
        return {**base.languages, **{region: each for region, each in given.items() if each is not None}}
    shares = _tongues(form, node)
    return None if shares is None else dict.fromkeys(LANGUAGES, shares)


def _tongues(form: Form, node: Node) -> Shares[str] | None:
    """By language tag; the region of a tag does not matter here."""
    weights: dict[str, float | None] = {}
    for tag, item in form.mapping(node).items():
        if primary(tag) not in TONGUES:
            form.wrong(item.where, f"nobody here speaks {tag!r}; {suggestion(primary(tag), TONGUES)}")
        elif primary(tag) in weights:
            form.wrong(item.where, f"{primary(tag)!r} stands here a second time")
        weights[primary(tag)] = form.weight(item)
    return form.weighed(node, weights)


def _reach(form: Form, node: Node) -> Shares[str] | None:
    parts = {cause: form.part(item) for cause, item in form.mapping(node, FATES).items()}
    known = {cause: part for cause, part in parts.items() if part is not None}
    if len(known) != len(parts):
        return None
    total = sum(known.values())
    if total > 1 + 1e-9 or ("delivered" in known and total < 1 - 1e-3):
        form.wrong(node.where, f"the shares add up to {total:g}, not to 1; `delivered` may be left out")
        return None
    known.setdefault("delivered", max(0.0, 1 - total))
    return form.weighed(node, known)


def _scores(form: Form, node: Node, base: Population) -> Mapping[str, Shares[int]] | None:
    """A histogram for everybody, or by language."""
    if isinstance(node.value, dict) and set(map(primary, node.value)) & set(TONGUES):
        given = {primary(tag): _histogram(form, item) for tag, item in form.mapping(node).items()}
        for tag, (where, _) in node.value.items():
            if primary(tag) not in TONGUES:
                form.wrong(where, f"nobody here speaks {tag!r}; {suggestion(tag, TONGUES)}")
        return {**base.scores, **{tongue: each for tongue, each in given.items() if each is not None}}
    shares = _histogram(form, node)
    return None if shares is None else dict.fromkeys(TONGUES, shares)


def _histogram(form: Form, node: Node) -> Shares[int] | None:
    """Eleven shares for 0..10, or a mapping from a score or a range such as `9-10`, whose share is spread
    evenly."""
    weights: dict[int, float | None] = {}
    if not isinstance(node.value, dict):
        shares = form.items(node, 1000)
        if isinstance(node.value, tuple) and len(shares) != 11:
            form.wrong(node.where, f"a histogram has 11 shares, for the scores 0 to 10, not {len(shares)}")
            return None
        weights = {score: form.weight(share) for score, share in enumerate(shares)}
        return form.weighed(node, weights) if weights else None
    for key, item in form.mapping(node).items():
        scores, weight = _range(key), form.weight(item)
        if not scores or set(scores) & set(weights):
            form.wrong(item.where, f"{key!r} is no score from 0 to 10 or range of them, or overlaps another")
            return None
        weights |= dict.fromkeys(scores, None if weight is None else weight / len(scores))
    return form.weighed(node, weights)


def _range(key: str) -> range:
    match = re.fullmatch(r"(10|[0-9])(?:-(10|[0-9]))?", key)
    return range(int(match[1]), int(match[2] or match[1]) + 1) if match else range(0)


def _bad(form: Form, node: Node) -> Mapping[Meaning, float] | None:
    known = [meaning.value for meaning in Meaning if meaning is not Meaning.GOOD]
    parts = {Meaning(key): form.part(item) for key, item in form.mapping(node, known).items()}
    good = {meaning: part for meaning, part in parts.items() if part is not None}
    if sum(good.values()) > 1 + 1e-9:
        form.wrong(node.where, f"the shares of bad replies add up to {sum(good.values()):g}, more than 1")
        return None
    return good if len(good) == len(parts) else None


def _night(form: Form, node: Node) -> Night | None:
    if node.value is False:
        return None
    items = form.mapping(node, ("begins", "ends", "spread"))
    hours = {key: form.number(items[key], 0, 24) for key in ("begins", "ends") if key in items}
    if "spread" in items:
        hours["spread"] = form.seconds(items["spread"])
    return replace(Night(), **{key: value for key, value in hours.items() if value is not None})


def as_json(population: Population) -> dict[str, object]:
    """The population in the words that `population` reads."""
    delays = {key: getattr(population, f"{key}_delay") for key in ("report", "reply", "second", "late")}
    night = population.night
    return {
        "regions": dict(population.regions.items()),
        "languages": {region: dict(shares.items()) for region, shares in population.languages.items()},
        "networks": dict(population.networks.items()),
        "ported": population.ported,
        "reach": dict(population.reach.items()),
        "throttled": population.throttled,
        "answers": {
            "rate": population.answer_rate,
            "twice": population.twice,
            "corrects": population.corrects,
            "late": population.late,
        },
        "scores": {
            tongue: [shares.share(score) for score in SCORES] for tongue, shares in population.scores.items()
        },
        "habits": dict(population.habits.items()),
        "bad": {meaning.value: part for meaning, part in population.bad.items()},
        "delays": {key: [asdict(crowd) for crowd in mixture.crowds] for key, mixture in delays.items()},
        "night": asdict(night) if night else False,
        "expiry": population.expiry,
        "calls": calling_sheet.as_json(population.calling),
        "mail": mail_sheet.as_json(population.mail),
    }
