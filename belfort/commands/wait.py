"""`belfort wait`: block until a message matches, so that no script ever sleeps."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import Parameter

from belfort.client import Answered
from belfort.connect import HERE, Where
from belfort.exits import Exit
from belfort.lifetime import run
from belfort.output import show, talk
from belfort.screen import busy


def wait(
    *,
    to: str | None = None,
    state: str | None = None,
    reply: str | None = None,
    reference: str | None = None,
    count: int = 1,
    within: str = "30s",
    json: Annotated[bool, Parameter(negative="")] = False,
    where: Where = HERE,
) -> int:
    """Wait until COUNT messages match; exit 1 with the nearest misses if they do not come in time.

    Parameters
    ----------
    to
        The number it went to.
    state
        What became of it: submitted, delivered, failed, replied.
    reply
        A text that came back.
    reference
        The peer's own reference.
    count
        How many must match.
    within
        How long, on the world's clock: 30s, 5m, 2h.
    json
        Answer in JSON.
    """
    query = {"to": to, "state": state, "reply": reply, "reference": reference}
    asked = {name: value for name, value in query.items() if value is not None}
    return run(_wait(where, asked | {"count": str(count), "within": within}, json))


async def _wait(where: Where, query: dict[str, str], as_json: bool) -> int:
    async with where.controls() as control:
        try:
            with busy(talk(), "waiting"):
                found: Any = await control.ask("GET", "/messages/wait", query=query)
        except Answered as answer:
            if answer.status != 408:
                raise
            _tell(answer.body, as_json)
            return Exit.CHECK_FAILED
        _tell(found, as_json)
        return Exit.WELL


def _tell(told: Any, as_json: bool) -> None:
    if as_json:
        show(told, as_json=True)
    elif "near" in told:
        talk().print(told["detail"] + (", but nearly:" if told["near"] else ""))
        show([_near(miss["message"], miss["because"]) for miss in told["near"]])
    else:
        show([_line(message) for message in told["messages"]])


def _near(message: dict[str, Any], because: list[str]) -> dict[str, Any]:
    return {"to": message["to"], "state": message["state"], "but": "; ".join(because)}


def _line(message: dict[str, Any]) -> dict[str, Any]:
    return {name: message[name] for name in ("to", "at", "state", "replies", "id")}
