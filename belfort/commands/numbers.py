"""`belfort numbers`: the numbers that do things, or what stands behind one."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

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
        show({"number": number, "does": table.describe(number.replace(" ", ""))}, as_json=json)
    elif json:
        show(table.as_json(), as_json=True)
    else:
        print(table.as_markdown() if markdown else table.as_text())
