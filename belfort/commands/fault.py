"""`belfort fault`: add, list and clear faults."""

from __future__ import annotations

import json as jsons
from typing import Annotated, Any

from cyclopts import Parameter

from belfort.connect import HERE, Where
from belfort.exits import Exit, Trouble
from belfort.lifetime import run
from belfort.output import show, talk


def fault(
    what: str | None = None,
    /,
    *,
    where_: Annotated[str | None, Parameter(name="--where")] = None,
    body: str | None = None,
    to: str | None = None,
    limit: int | None = None,
    within: str | None = None,
    clear: Annotated[bool, Parameter(negative="")] = False,
    remove: str | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
    where: Where = HERE,
) -> None:
    """List the faults that are on, add one, or clear them.

    Parameters
    ----------
    what
        The fault's name, such as report_lost; without it the faults are listed.
    where_
        Door and stage, if the fault can strike at several.
    body
        The whole fault as JSON, as the control API takes it: for what the options cannot say.
    to
        Only numbers that match this, such as "+32450*".
    limit
        Strike at most so many times.
    within
        Switch itself off after this long: 30s, 5m, 2h.
    clear
        Take all faults off.
    remove
        Take the fault with this id off.
    json
        Answer in JSON.
    """
    asked = _asked(
        what,
        body,
        {"where": where_, "match": {"numbers": [to]} if to else None, "limit": limit, "ttl": within},
    )
    told = run(_fault(where, asked, clear, remove))
    if json or "catalogue" not in told:
        show(told, as_json=json)
    else:
        _list(told)


def _list(told: dict[str, Any]) -> None:
    """What is on or was, or else what could be."""
    known = [_line(fault, "on") for fault in told["faults"]]
    known += [_line(fault, "over") for fault in told["over"]]
    if known:
        show(known)
    else:
        talk().print("no fault is on; these there are, more of each with --json:")
        show([{name: kind[name] for name in ("fault", "about")} for kind in told["catalogue"]])


def _line(fault: dict[str, Any], now: str) -> dict[str, Any]:
    numbers = ", ".join(fault["match"]["numbers"]) or "all"
    row = {name: fault[name] for name in ("id", "fault", "where")}
    return (
        row | {"now": now, "numbers": numbers} | {name: fault[name] for name in ("limit", "expires", "hits")}
    )


def _asked(what: str | None, body: str | None, more: dict[str, Any]) -> dict[str, Any] | None:
    if body is not None:
        try:
            order = jsons.loads(body)
        except ValueError as error:
            raise Trouble(f"--body is not JSON: {error}", Exit.USAGE) from None
        if not isinstance(order, dict):
            raise Trouble('--body is not an object such as {"fault": "latency"}', Exit.USAGE)
        return order
    if what is None:
        return None
    return {"fault": what} | {name: value for name, value in more.items() if value is not None}


async def _fault(where: Where, asked: dict[str, Any] | None, clear: bool, remove: str | None) -> Any:
    async with where.controls() as control:
        if clear:
            await control.ask("DELETE", "/faults")
        if remove is not None:
            await control.ask("DELETE", f"/faults/{remove}")
        if asked is not None:
            return await control.ask("POST", "/faults", asked)
        return await control.ask("GET", "/faults")
