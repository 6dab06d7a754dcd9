"""Reading JSON that a peer sent: each function gives what its name says or raises `ProtocolError`.

They raise nothing else, whatever the bytes. The error names the member and never repeats its value, since
values hold addresses and texts.
"""

from __future__ import annotations

import json
from typing import Any


class ProtocolError(Exception):
    """The peer said something that is not the SMS API. The message names the member, never its value."""


def parsed(body: bytes) -> object:
    """The JSON value of a body in UTF-8."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        # ValueError covers broken UTF-8, broken JSON and integers of thousands of digits.
        raise ProtocolError("the body is not JSON in UTF-8") from None


def _no_constant(name: str) -> float:
    raise ProtocolError(f"{name} is no JSON")


def an_object(value: object, name: str) -> dict[str, Any]:
    """`value`, which the error calls `name`."""
    if not isinstance(value, dict):
        raise ProtocolError(f"{name} is not an object")
    return value


def a_list(value: object, name: str) -> list[Any]:
    """`value`; one object stands for a list of one, as some gateways write it."""
    match value:
        case list():
            return value
        case dict():
            return [value]
    raise ProtocolError(f"{name} is not a list")


def member(value: object, outer: str, name: str) -> dict[str, Any]:
    """The object `name` in the object `outer`."""
    return an_object(an_object(value, outer).get(name), f"{outer}.{name}")


def text_of(answer: dict[str, Any], name: str, longest: int) -> str:
    """A text that may be kept and sent back: see `is_plain`."""
    value = answer.get(name)
    if not isinstance(value, str) or not is_plain(value, longest):
        raise ProtocolError(f"{name} is not a text of 1 to {longest} printable characters")
    return value


def loose_text_of(answer: dict[str, Any], name: str) -> str:
    """A text for people's eyes, cut to 500 characters; empty when there is none."""
    value = answer.get(name, "")
    return mended(value)[:500] if isinstance(value, str) else ""


def is_plain(value: str, longest: int) -> bool:
    """Whether it may be kept and sent back: neither empty nor endless, no control characters, no lone
    surrogates.
    """
    return 0 < len(value) <= longest and value.isprintable()


def mended(text: str) -> str:
    """Without lone surrogates, which no UTF-8 can carry; pairs that JSON spelled out are joined."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
