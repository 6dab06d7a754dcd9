"""`belfort clock`: the world's time."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from belfort.connect import HERE, Where
from belfort.lifetime import run
from belfort.output import show, talk
from belfort.screen import busy

Mode = Literal["real", "scaled", "frozen", "auto"]


def clock(
    mode: Mode | None = None,
    /,
    *,
    rate: float | None = None,
    by: str | None = None,
    to: str | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
    where: Where = HERE,
) -> None:
    """Show the world's clock, set its mode, or move it on.

    Parameters
    ----------
    mode
        real, scaled (with --rate), frozen, or auto, which jumps to what is due next.
    rate
        World seconds in a second of this machine, with mode scaled.
    by
        Advance by a duration: 30s, 5m, 2h, 3d.
    to
        Advance to an instant, ISO 8601.
    json
        Answer in JSON.
    """
    show(run(_clock(where, mode, rate, by, to)), as_json=json)


async def _clock(
    where: Where, mode: Mode | None, rate: float | None, by: str | None, to: str | None
) -> object:
    async with where.controls() as control:
        if mode is not None:
            await control.set_clock(mode, rate)
        if by is not None or to is not None:
            moved = {"by": by} if by is not None else {"to": to}
            with busy(talk(), "the world moves on"):
                await control.ask("POST", "/clock/advance", moved)
        return await control.clock()
