"""`belfort tail`: follow what happens at the gateway."""

from __future__ import annotations

import json as jsons
from collections.abc import Mapping
from typing import Annotated, Any

from cyclopts import Parameter

from belfort.connect import HERE, Where
from belfort.lifetime import read_by_somebody, run
from belfort.screen import printable

SHOWN = (
    "status", "refusal", "text", "said", "key", "digits", "event", "how", "error", "what", "meaning", "score",
    "reply", "fault", "why",
)  # fmt: skip
"""Facts worth a place on the line, in this order."""


def tail(
    *,
    to: str | None = None,
    kind: str | None = None,
    count: int | None = None,
    after: str | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
    where: Where = HERE,
) -> None:
    """Print each event as it happens, one a line; end with Ctrl-C.

    Parameters
    ----------
    to
        Only what concerns this number.
    kind
        Only events of this kind, or of a family of kinds such as "report".
    count
        End after so many.
    after
        Begin after the event with this number; 0 begins at the beginning.
    json
        One JSON object a line.
    """
    run(_tail(where, to, kind, count, after, json))


async def _tail(
    where: Where, to: str | None, kind: str | None, count: int | None, after: str | None, as_json: bool
) -> None:
    asked = {name: value for name, value in (("address", to), ("kind", kind)) if value is not None}
    left = count
    with read_by_somebody():
        async with where.controls() as control:
            async for event in control.events(after, **asked):
                if "kind" not in event:  # the stream's own remark: what it has forgotten
                    continue
                print(jsons.dumps(event, ensure_ascii=False) if as_json else line_of(event), flush=True)
                if left is not None and (left := left - 1) == 0:
                    return


def line_of(event: Mapping[str, Any]) -> str:
    """An event on one line."""
    facts = event.get("facts") or {}
    said = "  ".join(f"{name} {facts[name]!r}" for name in SHOWN if facts.get(name) is not None)
    return printable(f"{event['at'][:23]:<23}  {event['kind']:<16}  {event.get('address') or '':<14}  {said}")
