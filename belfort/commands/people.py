"""`belfort people`: who lives in the town, and how somebody behaves."""

from __future__ import annotations

import json as jsons
from typing import Annotated, Any

from cyclopts import Parameter

from belfort.connect import HERE, Where
from belfort.exits import Exit, Trouble
from belfort.lifetime import run
from belfort.output import show

COLUMNS = ("address", "language", "region", "network", "describes", "set")


def people(
    address: str | None = None,
    /,
    *,
    count: int = 20,
    body: str | None = None,
    forget: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[bool, Parameter(negative="")] = False,
    where: Where = HERE,
) -> None:
    """List inhabitants, show one, or set how one behaves.

    Parameters
    ----------
    address
        Whom to show: +32450000901. Without it the first inhabitants are listed, and those set by hand.
    count
        How many to list.
    body
        How this one behaves from now on, as JSON in the words of people.yaml: {"says": [{"text": "9"}]}.
    forget
        Let this one behave by chance again.
    json
        Answer in JSON.
    """
    if address is None and (body is not None or forget):
        raise Trouble("whose behaviour? Give a number: belfort people +32470123456 …", Exit.USAGE)
    if address is None:
        _list(run(_known(where, count)), json)
    else:
        show(run(_one(where, address, body, forget)), as_json=json)


def _list(known: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show(known, as_json=True)
        return
    show([{name: each[name] for name in COLUMNS} for each in known["people"]], as_json=False)
    if known["set"]:
        print("set by hand: " + ", ".join(known["set"]))


async def _known(where: Where, count: int) -> dict[str, Any]:
    async with where.controls() as control:
        return dict(await control.ask("GET", "/people", query={"count": str(count)}))


async def _one(where: Where, address: str, body: str | None, forget: bool) -> Any:
    path = f"/people/{address}"
    async with where.controls() as control:
        if forget:
            return await control.ask("DELETE", path)
        if body is None:
            return await control.ask("GET", path)
        try:
            behaviour = jsons.loads(body)
        except ValueError as error:
            raise Trouble(f"--body is not JSON: {error}", Exit.USAGE) from None
        return await control.ask("PUT", path, behaviour)
