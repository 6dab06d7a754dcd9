"""`belfort press`: press keys by hand in a call."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from cyclopts import Parameter

from belfort.connect import HERE, Where
from belfort.lifetime import run
from belfort.output import show


def press(
    call: str,
    keys: str,
    /,
    *,
    gap: str | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
    where: Where = HERE,
) -> None:
    """Press KEYS in a call that is in progress.

    Parameters
    ----------
    call
        Which call: its sid, or the number that was called (the newest call to it).
    keys
        What is pressed: 9, 10, 8#, *.
    gap
        The time from one key to the next, on the world's clock: 300ms, 4s.
    json
        Answer in JSON.
    """
    body = {"keys": keys} | ({} if gap is None else {"gap": gap})
    show(run(_press(where, call, body)), as_json=json)


async def _press(where: Where, call: str, body: dict[str, Any]) -> Any:
    async with where.controls() as control:
        return await control.ask("POST", f"/calls/{quote(call, safe='+')}/keys", body)
