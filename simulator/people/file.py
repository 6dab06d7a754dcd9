"""`people.yaml`: a population laid over a profile, and people one by one; the same words in JSON for the
control API.

    profile: everyday
    population:
      answers: {rate: 0.4}
      reach: {unknown subscriber: 0.05}
    people:
      - {number: "+32 450 90 01 LL", language: nl-BE, says: [9]}
      - {number: "+32450900201", says: [{text: "bedankt!", meaning: no_score, after: 30s}]}
      - {number: "+32 450 90 03 LL", call: {presses: ["11", "9"]}}

Shares that are given replace the profile's; `delivered` is what `reach` leaves over. Families 90 to 99 of
the block +32 450 are for people of one's own; `LL` stands for all hundred lanes. A text needs the score or
the meaning it is written with, as nothing here reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.people import person_sheet, population_sheet
from simulator.people.forms import Form
from simulator.people.population import EVERYDAY, PROFILES, Population
from simulator.people.subscriber import Person
from simulator.people.town import MOST_PEOPLE
from simulator.people.tree import Node, of_yaml
from simulator.world import Address


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file says."""

    population: Population
    people: Mapping[Address, Person]


def read(text: str, base: Population | None = None) -> Sheet:
    """The sheet in a YAML text, over `base` unless it names a profile itself. BadSheet lists every
    mistake."""
    return read_tree(of_yaml(text), base)


def read_tree(root: Node, base: Population | None = None) -> Sheet:
    """The same from a tree, so that JSON can say it too."""
    form = Form()
    items = form.mapping(root, ("profile", "population", "people")) if root.value is not None else {}
    if "profile" in items:
        base = PROFILES.get(form.word(items["profile"], PROFILES) or "")
    population = base or EVERYDAY
    if "population" in items:
        population = population_sheet.population(form, items["population"], population)
    people: dict[Address, Person] = {}
    for node in form.items(items["people"], MOST_PEOPLE) if "people" in items else ():
        for address, person in person_sheet.row(form, node):
            if address in people:
                form.wrong(node.where, f"{address} stands here a second time")
            people[address] = person
    form.done()
    return Sheet(population, people)


def read_person(node: Node) -> Person:
    """A person from a mapping without `number`. BadSheet lists every mistake."""
    form = Form()
    person = person_sheet.person(form, form.mapping(node, person_sheet.PERSON))
    form.done()
    return person
