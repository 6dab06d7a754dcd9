"""The JSON Schema of the language, made of the tables the reader has: editors complete and check by it."""

from __future__ import annotations

from belfort.scenario.cast import PERSON_OF_CAST
from belfort.scenario.harness import SETTINGS
from belfort.scenario.scenario import HEAD, MOST_CASES
from belfort.scenario.values import Schema, described, members_schema
from belfort.scenario.verbs import step_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> Schema:
    """The whole schema. Placeholders of a table may stand for anything, so a table loosens what it says."""
    whole = members_schema(HEAD)
    parts: dict[str, Schema] = {
        "harness": members_schema(SETTINGS),
        "people": {"type": "object", "additionalProperties": PERSON_OF_CAST.schema()},
        "cases": {"type": "array", "minItems": 1, "maxItems": MOST_CASES, "items": {"type": "object"}},
        "steps": {"type": "array", "minItems": 1, "items": step_schema()},
    }
    for each in HEAD:
        if each.key in parts:
            whole["properties"][each.key] = described(parts[each.key], each.about)
    return {"$schema": DIALECT, "title": "A scenario of belfort", **whole}
