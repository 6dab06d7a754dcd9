"""`population`: how the inhabitants are, in the words of `people.yaml`, as JSON or as YAML."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import yaml
from aiohttp import web

from simulator.journal import Kind
from simulator.people import file
from simulator.people.population import Night, Population
from simulator.people.shares import Mixture, Shares
from simulator.people.tree import BadSheet, of_json
from simulator.servers import forms
from simulator.servers.control.desk import Desk, answer
from simulator.servers.guard import YAML_TYPES
from simulator.servers.problems import Fault, Problem

YAML = "application/yaml"


class PopulationDesk:
    """The route `population`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/population", self.show, allow_head=False),
            web.put("/population", self.settle),
        ]

    async def show(self, request: web.Request) -> web.Response:
        form = forms.Form.of_query(request)
        shape = form.having("format", forms.word_of(("json", "yaml")), "json")
        form.done()
        told = shown(self._desk.world.town.population)
        if shape == "json":
            return answer(told)
        text = yaml.safe_dump(told, allow_unicode=True, sort_keys=False)
        return web.Response(text=text, content_type=YAML)

    async def settle(self, request: web.Request) -> web.Response:
        world = self._desk.world
        seconds = world.settings.body_deadline
        with named_mistakes("this population cannot move in"):
            if request.content_type in YAML_TYPES:
                sheet = file.read(await forms.text_body(request, seconds), world.town.population)
            else:
                tree = of_json(await forms.json_body(request, seconds, needed=True))
                sheet = file.read_tree(tree, world.town.population)
        world.town.settle(sheet.population)
        for address, person in sheet.people.items():
            world.town.set_person(address, person)
        world.journal.record(Kind.PEOPLE_SET, profile=sheet.population.name, people=len(sheet.people))
        return answer(shown(sheet.population))


@contextmanager
def named_mistakes(detail: str) -> Iterator[None]:
    """Every mistake of a sheet becomes one of the problem's errors."""
    try:
        yield
    except BadSheet as bad:
        faults = [Fault(mistake.where, mistake.detail) for mistake in bad.mistakes]
        raise Problem(400, detail, faults=faults) from None


def shown(population: Population) -> dict[str, object]:
    """The population as `people.yaml` would say it; what is shown can be put back."""
    return {
        "profile": population.name,
        "population": {
            "regions": _shares(population.regions),
            "languages": {region: _shares(each) for region, each in population.languages.items()},
            "networks": _shares(population.networks),
            "ported": population.ported,
            "reach": _reach(population.reach),
            "throttled": population.throttled,
            "answers": {
                "rate": population.answer_rate,
                "twice": population.twice,
                "corrects": population.corrects,
                "late": population.late,
            },
            "scores": {
                language: [_part(each.share(score)) for score in range(11)]
                for language, each in population.scores.items()
            },
            "habits": _shares(population.habits),
            "bad": {meaning.value: share for meaning, share in population.bad.items()},
            "delays": {
                "report": _crowds(population.report_delay),
                "reply": _crowds(population.reply_delay),
                "second": _crowds(population.second_delay),
                "late": _crowds(population.late_delay),
            },
            "night": _night(population.night),
            "expiry": population.expiry,
        },
    }


def _part(share: float) -> float:
    """A share as a person would write it: dividing by a sum has left dust in the last digits."""
    return round(share, 9)


def _shares(shares: Shares[str]) -> dict[str, float]:
    return {choice: _part(share) for choice, share in shares.items()}


def _reach(reach: Shares[str]) -> dict[str, float]:
    """Without `delivered`, which is what the others leave over."""
    return {cause: share for cause, share in _shares(reach).items() if cause != "delivered"}


def _night(night: Night | None) -> object:
    return False if night is None else {"begins": night.begins, "ends": night.ends, "spread": night.spread}


def _crowds(mixture: Mixture) -> list[dict[str, float]]:
    return [
        {"share": _part(crowd.share), "median": crowd.median, "sigma": crowd.sigma}
        for crowd in mixture.crowds
    ]
