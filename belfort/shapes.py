"""What an answer of the documented API must hold before anybody reads on: a service may answer anything.

Each function hands on the answer it was given. Errors: Misshapen, saying what is not as documented.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
FIGURES = (
    ("responseStatistics", "totalRequests"),
    ("responseStatistics", "totalResponses"),
    ("responseStatistics", "goodResponses"),
    ("responseStatistics", "badResponses"),
    ("responseStatistics", "failed"),
    ("nps", "promoters"),
    ("nps", "detractors"),
    ("nps", "score"),
)
"""A report's figures by block and member, in the order of a survey's life."""
SHOWN = 120


class Misshapen(ValueError):
    """Not what the documentation describes."""


def an_object(said: Any) -> Json:
    if not isinstance(said, dict):
        raise Misshapen(f"no JSON object but {_shown(said)}")
    return said


def a_token(said: Any) -> str:
    token = an_object(said).get("access_token")
    if not isinstance(token, str) or not token:
        raise Misshapen(f"no access_token: {_shown(said)}")
    return token


def a_survey(said: Any) -> Json:
    if not _is_count(an_object(said).get("id")):
        raise Misshapen(f"a survey without a whole number as its id: {_shown(said)}")
    return an_object(said)


def surveys(said: Any) -> list[Json]:
    if not isinstance(said, list):
        raise Misshapen(f"no array of surveys but {_shown(said)}")
    return [a_survey(each) for each in said]


def a_receipt(said: Any, sent: int) -> Json:
    """What `send` answers to so many requests."""
    results = an_object(said).get("requests")
    if not isinstance(results, list) or len(results) != sent:
        raise Misshapen(f"no result for each of {sent} requests: {_shown(said)}")
    for each in results:
        accepted = an_object(each).get("status") == "ACCEPTED"
        if not isinstance(each.get("id" if accepted else "reason"), str):
            raise Misshapen(f"neither ACCEPTED with an id nor a reason why not: {_shown(each)}")
    return an_object(said)


def a_report(said: Any) -> Json:
    """A report with all its figures; only the score may be null."""
    for block, name in FIGURES:
        held = an_object(said).get(block)
        figure = held.get(name) if isinstance(held, Mapping) else None
        fine = isinstance(figure, int | float) and not isinstance(figure, bool)
        if not fine and not (name == "score" and figure is None and isinstance(held, Mapping)):
            raise Misshapen(f"a report without {block}.{name}: {_shown(said)}")
    return an_object(said)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _shown(said: Any) -> str:
    text = " ".join(str(said).split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
