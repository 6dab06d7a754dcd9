"""What happened to the scenario's messages, from the journal: for the report page and for failures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from belfort.scenario.outcome import Event
from belfort.scenario.stage import Stage

MOST_EVENTS = 400
PAGE = 10_000
KINDS: Mapping[str, tuple[str, str]] = {
    "mt.submitted": ("asked", "text"),
    "mt.refused": ("refused", "why"),
    "report.handed": ("reported", "status"),
    "report.lost": ("report lost", "why"),
    "reply.written": ("wrote", "text"),
    "reply.handed": ("heard", ""),
    "reply.lost": ("reply lost", "why"),
}
"""Kinds of journal entries that tell the story, in its words, and the fact that is shown with each."""


async def history(stage: Stage) -> list[Event]:
    """The first events of this scenario's people, in order."""
    people = stage.book.people
    events: list[Event] = []
    after = stage.since
    while len(events) < MOST_EVENTS:
        query = {"after": str(after), "limit": str(PAGE)}
        page: Any = await stage.control.ask("GET", "/journal", query=query)
        events += [
            _event(stage, entry)
            for entry in page["entries"]
            if entry["kind"] in KINDS and entry["address"] in people
        ]
        if page["after"] >= page["last"] or page["after"] <= after:
            break
        after = page["after"]
    return events[:MOST_EVENTS]


def _event(stage: Stage, entry: Mapping[str, Any]) -> Event:
    what, fact = KINDS[entry["kind"]]
    who = stage.cast.name(entry["address"]) or entry["address"]
    facts = entry["facts"]
    return Event(entry["at"], who, what, str(facts.get(fact, ""))[:200], _meant(facts))


def _meant(facts: Mapping[str, Any]) -> str:
    score, meaning = facts.get("score"), str(facts.get("meaning") or "")
    return str(score) if score is not None else meaning.replace("_", " ")
