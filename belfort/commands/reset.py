"""`belfort reset`: empty the simulated world."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import Parameter

from belfort.connect import HERE, Where
from belfort.lifetime import run
from belfort.output import show


def reset(
    *,
    seed: int | None = None,
    profile: str | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
    where: Where = HERE,
) -> None:
    """Forget all messages, people set by hand, and faults. The service's data stays.

    Parameters
    ----------
    seed
        A new seed for the town.
    profile
        Another population: everyday, clean-list, first-time-list, bad-day, instant.
    json
        Answer in JSON.
    """
    asked = {name: value for name, value in {"seed": seed, "profile": profile}.items() if value is not None}
    show(run(_reset(where, asked)), as_json=json)


async def _reset(where: Where, asked: dict[str, Any]) -> Any:
    async with where.controls() as control:
        return await control.ask("POST", "/reset", asked)
