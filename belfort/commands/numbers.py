"""`belfort numbers`: the numbers and mailboxes that do things, or what stands behind one."""

from __future__ import annotations

import re
from typing import Annotated

from cyclopts import Parameter

from belfort.exits import Exit, Trouble
from belfort.output import show
from simulator.people import mailboxes
from simulator.people import numbers as table
from simulator.people.addresses import channels_of, describe


def numbers(
    number: str | None = None,
    /,
    *,
    json: Annotated[bool, Parameter(negative="")] = False,
    markdown: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """List the numbers that do things, or say what stands behind one.

    Parameters
    ----------
    number
        A number or a mailbox to decode: +32450020742, f02p07.l42@belfort.test.
    json
        Answer in JSON.
    markdown
        The table as Markdown, for documentation.
    """
    if number is not None:
        _decode(number, json)
    elif json:
        show([*table.as_json(), *mailboxes.as_json()], as_json=True)
    elif markdown:
        print(f"{table.as_markdown()}\n{mailboxes.as_markdown()}")
    else:
        print(f"{table.as_text()}\n{mailboxes.as_text()}")


def _decode(written: str, as_json: bool) -> None:
    number = written.strip().lower() if "@" in written else _international(written)
    if not channels_of(number):
        raise Trouble(
            f"{written!r} is not a Belgian number such as +32450000901, nor a mailbox such as "
            "f00p09.l01@belfort.test",
            Exit.USAGE,
        )
    show({"number": number, "does": describe(number)}, as_json=as_json)


def _international(written: str) -> str:
    """`+32…` of a number in any of the ways in which Belgians write it."""
    digits = re.sub(r"[\s./()-]", "", written)
    return re.sub(r"^(?:\+32|0032|32|0)(?=4)", "+32", digits)
