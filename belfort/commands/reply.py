"""`belfort reply`: answer by hand as one of the people."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import Parameter

from belfort.connect import HERE, Where
from belfort.lifetime import run
from belfort.output import show


def reply(
    address: str,
    text: str,
    /,
    *,
    score: int | None = None,
    meaning: str | None = None,
    after: str | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
    where: Where = HERE,
) -> None:
    """Send a reply as the person at ADDRESS.

    Parameters
    ----------
    address
        Whose phone it is: +32450000901.
    text
        What they write.
    score
        The score they mean, for the truth: a text alone does not tell it.
    meaning
        What they mean if not a score: no_score, ambiguous, opt_out, …
    after
        When, on the world's clock: 30s, 5m, 2h.
    json
        Answer in JSON.
    """
    body: dict[str, Any] = {"text": text, "score": score, "meaning": meaning, "after": after}
    body = {name: value for name, value in body.items() if value is not None}
    show(run(_reply(where, address, body)), as_json=json)


async def _reply(where: Where, address: str, body: dict[str, Any]) -> Any:
    async with where.controls() as control:
        return await control.ask("POST", f"/people/{address}/reply", body)
