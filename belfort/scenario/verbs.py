"""All verbs of the language, in the order a story uses them."""

from __future__ import annotations

from collections.abc import Mapping

from belfort.scenario import answering, asking, calling, expecting, moving, reporting
from belfort.scenario.marks import Mistakes, Place, shown, suggestion
from belfort.scenario.steps import Step, Verb
from belfort.scenario.tree import Node
from belfort.scenario.values import Schema, members_schema, read_members

VERBS: Mapping[str, Verb] = {
    verb.name: verb
    for module in (asking, expecting, answering, moving, reporting, calling)
    for verb in module.VERBS
}


def read_step(node: Node, mistakes: Mistakes) -> Step | None:
    """One step: a mapping with one verb, and what that verb takes beside it."""
    if not isinstance(node.value, Mapping) or not node.value:
        mistakes.note(node.place, f"expected a step such as `advance: 2h`, not {node.kind}")
        return None
    named = [key for key in node.value if key in VERBS]
    if len(named) != 1:
        _complain(node, named, mistakes)
        return None
    verb, before = VERBS[named[0]], len(mistakes.found)
    found = read_members(node, verb.members, mistakes, "a step")
    if len(mistakes.found) > before:
        return None
    place = node.value[verb.name][0]
    step = verb.step(place=place, **found)
    if (complaint := step.complaint()) is not None:
        mistakes.note(place, complaint)
    return step


def _complain(node: Node, named: list[str], mistakes: Mistakes) -> None:
    assert isinstance(node.value, Mapping)  # noqa: S101  # the caller has looked
    if named:
        place: Place = node.value[named[1]][0]
        mistakes.note(place, f"{named[1]} begins a step of its own; put a dash before it")
        return
    first, (place, _) = next(iter(node.value.items()))
    mistakes.note(place, f"unknown verb {shown(first)}; {suggestion(first, tuple(VERBS))}")


def as_markdown() -> str:
    """The table of the language for the documentation."""
    lines = ["| verb | behind it | beside it | does |", "| --- | --- | --- | --- |"]
    for verb in VERBS.values():
        beside = "; ".join(
            f"`{each.key}` {each.about}{' (needed)' if each.needed else ''}" for each in verb.particulars
        )
        lines.append(f"| `{verb.name}` | {verb.object.about} | {beside or '–'} | {verb.about} |")
    return "\n".join(lines)


def step_schema() -> Schema:
    """Any step: the verb it has decides what may stand beside it."""
    return {
        "type": "object",
        "minProperties": 1,
        "anyOf": [{**members_schema(verb.members), "title": verb.name, "description": verb.about}
                  for verb in VERBS.values()],
    }  # fmt: skip
