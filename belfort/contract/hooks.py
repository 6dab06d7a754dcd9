"""What schemathesis is told about the document beyond what a schema can say; loaded by it alone.

RFC 5646 §2.2.9: a language tag is not well-formed if a singleton or a variant stands in it twice. No pattern
says that in a readable way, so examples that break it are not counted as valid ones.
"""

from __future__ import annotations

import re
from typing import Any

import schemathesis

PRIVATE = re.compile(r"(^|-)x-.*", re.I)
VARIANT = re.compile(r"[a-z0-9]{5,8}|[0-9][a-z0-9]{3}")


def has_repetition(tag: str) -> bool:
    """Whether a singleton, or a variant before the first singleton, stands twice in the tag."""
    parts = PRIVATE.sub("", tag.strip().lower()).split("-")
    singles = [part for part in parts if len(part) == 1]
    before = parts[1 : next((place for place, part in enumerate(parts) if len(part) == 1), len(parts))]
    variants = [part for part in before if VARIANT.fullmatch(part)]
    return len(set(singles)) < len(singles) or len(set(variants)) < len(variants)


def tags_in(value: Any) -> list[str]:
    """Every text that a body gives as a language."""
    if isinstance(value, list):
        return [tag for each in value for tag in tags_in(each)]
    if not isinstance(value, dict):
        return []
    own = [value["language"]] if isinstance(value.get("language"), str) else []
    return own + [tag for each in value.values() for tag in tags_in(each)]


@schemathesis.hook
def filter_body(context: schemathesis.HookContext, body: Any) -> bool:
    """Keep a generated body whose tags could be well-formed."""
    return not any(has_repetition(tag) for tag in tags_in(body))
