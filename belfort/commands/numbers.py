"""`belfort numbers`: the numbers that do things, or what stands behind one."""

from __future__ import annotations

import re
from typing import Annotated

from cyclopts import Parameter

from belfort.exits import Exit, Trouble
from belfort.output import show
from simulator.people import numbers as table


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
        A number to decode: +32450020742.
    json
        Answer in JSON.
    markdown
        The table as Markdown, for documentation.
    """
    if number is not None:
        _decode(number, json)
    elif json:
        show(table.as_json(), as_json=True)
    else:
        print(table.as_markdown() if markdown else table.as_text())


def _decode(written: str, as_json: bool) -> None:
    number = _international(written)
    if not table.is_mobile(number):
        raise Trouble(f"{written!r} is not a Belgian mobile number such as +32450000901", Exit.USAGE)
    show({"number": number, "does": table.describe(number)}, as_json=as_json)


def _international(written: str) -> str:
    """`+32…` of a number in any of the ways in which Belgians write it."""
    digits = re.sub(r"[\s./()-]", "", written)
    return re.sub(r"^(?:\+32|0032|32|0)(?=4)", "+32", digits)
