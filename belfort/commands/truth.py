"""`belfort truth`: the report that a perfect service would give."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import Parameter

from belfort import screen
from belfort.connect import HERE, Where
from belfort.lifetime import run
from belfort.output import console, show


def truth(
    *to: str,
    channel: str | None = None,
    question: str | None = None,
    from_: Annotated[str | None, Parameter(name="--from")] = None,
    until: str | None = None,
    evidence: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[bool, Parameter(negative="")] = False,
    where: Where = HERE,
) -> None:
    """Show what a perfect service would report about the messages to these numbers (to all, if none is
    given).

    Parameters
    ----------
    to
        Numbers.
    channel
        SMS, VOICE or EMAIL.
    question
        Only messages with exactly this text.
    from_
        Only messages handed over from this moment on, ISO 8601.
    until
        Only messages handed over up to this moment.
    evidence
        Add for each person what they wrote, what they meant, and what counts.
    json
        Answer in JSON, with the report as the service would give it.
    """
    asked: dict[str, Any] = {
        "destinations": list(to) or None,
        "channel": channel,
        "question": question,
        "from": from_,
        "to": until,
    }
    asked["evidence"] = evidence or None
    told = run(_truth(where, {name: value for name, value in asked.items() if value is not None}))
    if json:
        show(told, as_json=True)
    else:
        screen.truth(console(), told)


async def _truth(where: Where, asked: dict[str, Any]) -> Any:
    async with where.controls() as control:
        return await control.ask("POST", "/truth", asked)
