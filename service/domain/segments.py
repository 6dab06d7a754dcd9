"""A customer's tags: sets of them, and how a report asks for some (survey-api "Sending", "Reports")."""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import Enum

MAX_TAGS = 20
MAX_TAG_LENGTH = 64
"""Code points, after trimming."""


class SegmentMode(Enum):
    """Whether a request must carry all the tags asked for, or one of them."""

    ALL = "ALL"
    ANY = "ANY"

    def needed(self, tags: Iterable[str]) -> int:
        """How many of the distinct tags a request must carry at least."""
        return len(set(tags)) if self is SegmentMode.ALL else 1


def is_tag(text: str) -> bool:
    """Whether `text`, trimmed already, can be a tag: a comma would split it in a report's query."""
    return 1 <= len(text) <= MAX_TAG_LENGTH and "," not in text


def distinct(tags: Iterable[str]) -> tuple[str, ...]:
    """Each tag once, in a fixed order. Tags compare by code points: `VIP` is not `vip`."""
    return tuple(sorted(set(tags)))


def canonical(tags: Iterable[str]) -> str:
    """One text for each set of tags, whatever their order and repetition."""
    return json.dumps(distinct(tags), ensure_ascii=False, separators=(",", ":"))
