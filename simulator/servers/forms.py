"""Reading the control API's input: JSON bodies and query strings become values, or *every* fault is named.

JSON is read strictly (RFC 8259 and no more): UTF-8, no doubled member, no NaN, no half surrogate.
A reader is a function from what stands there to a value; it raises ValueError with what is allowed.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NoReturn, TypeVar, cast

from aiohttp import web

from simulator.config import duration
from simulator.servers.problems import Fault, Problem, did_you_mean
from simulator.world import Address, Moment

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
Reader = Callable[[object], T]

MOST_FAULTS = 50
LONGEST_TEXT = 10_000
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?", re.ASCII)
_MSISDN = re.compile(r"(?:\+|00|(0))?([1-9][0-9]{5,13})", re.ASCII)
_MAILBOX = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,190}", re.ASCII)


class Written(str):
    """A value from a query or a header, where numbers and lists are written as text."""

    __slots__ = ()


async def json_body(request: web.Request, seconds: float, *, needed: bool = False) -> Mapping[str, object]:
    """The members of the body; none when there is no body, unless it is `needed`. Problem 400, 408 or 413."""
    text = await text_body(request, seconds)
    if not text.strip():
        if needed:
            raise Problem(400, "a JSON object is needed as the body")
        return {}
    try:
        value = json.loads(text, object_pairs_hook=_members, parse_constant=_not_json)
        text.encode()
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Problem(400, "the body holds half a surrogate pair, which is no character") from None
    except RecursionError:
        raise Problem(400, "the body is nested too deeply") from None
    except ValueError as error:
        raise Problem(400, f"the body is not JSON: {error}"[:300]) from None
    if not isinstance(value, dict):
        raise Problem(400, "the body must be a JSON object")
    return cast("dict[str, object]", value)


async def text_body(request: web.Request, seconds: float) -> str:
    """The body as text in UTF-8. Problem 400, 408 or 413."""
    try:
        async with asyncio.timeout(seconds):
            return (await request.read()).decode()
    except TimeoutError:
        raise Problem(408, f"the body did not arrive within {seconds:g} seconds") from None
    except UnicodeDecodeError:
        raise Problem(400, "the body is not UTF-8") from None


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member appears twice in one object")
    return members


def _not_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a JSON number")


class Form:
    """One JSON object (or query) being read: take member after member, then `done` says all faults."""

    def __init__(self, members: Mapping[str, object], *, prefix: str = "/") -> None:
        self._members = members
        self._prefix = prefix
        self._known: list[str] = []
        self._faults: list[Fault] = []

    @classmethod
    def of_query(cls, request: web.Request) -> Form:
        """The query string; a parameter given twice is a fault."""
        form = cls({name: Written(value) for name, value in request.query.items()}, prefix="")
        for name in request.query:
            if len(request.query.getall(name)) > 1:
                form.fault(name, "is given twice; say it once")
        return form

    def optional(self, name: str, read: Reader[T], default: T | None = None) -> T | None:
        """The member, or `default` where it is missing or null."""
        self._known.append(name)
        value = self._members.get(name)
        if value is None:
            return default
        try:
            return read(value)
        except ValueError as error:
            self.fault(name, str(error))
            return default

    def having(self, name: str, read: Reader[T], default: T) -> T:
        """The member, or a default that is never None."""
        return cast(T, self.optional(name, read, default))

    def required(self, name: str, read: Reader[T]) -> T:
        """The member; a fault where it is missing. Not to be used before `done`."""
        if self._members.get(name) is None:
            self.fault(name, "is required")
        return cast(T, self.optional(name, read))

    def fault(self, name: str, detail: str) -> None:
        """Note that `name` is wrong."""
        pointer = name.replace("~", "~0").replace("/", "~1") if self._prefix else name
        if all(fault.where != self._prefix + pointer for fault in self._faults):
            self._faults.append(Fault(self._prefix + pointer, detail))

    def done(self) -> None:
        """Raise Problem 400 if anything was wrong, unknown members included."""
        for name in self._members.keys() - set(self._known):
            self.fault(name[:80], f"is not known here; {did_you_mean(name, self._known)}")
        if self._faults:
            faults = sorted(self._faults, key=lambda fault: fault.where)[:MOST_FAULTS]
            count = "one thing is" if len(self._faults) == 1 else f"{len(self._faults)} things are"
            raise Problem(400, f"{count} wrong with the {'body' if self._prefix else 'query'}", faults=faults)


# Readers


def text(most: int = LONGEST_TEXT, least: int = 0) -> Reader[str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or not least <= len(value) <= most:
            raise ValueError(f"must be a text of {least} to {most} characters")
        return value

    return read


def whole(least: int, most: int) -> Reader[int]:
    """A whole number; in a query it is digits."""

    def read(value: object) -> int:
        if isinstance(value, Written) and re.fullmatch(r"-?[0-9]{1,19}", value, re.ASCII):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return value

    return read


def number(least: float, most: float) -> Reader[float]:
    """A number; in a query it is digits with a decimal point."""

    def read(value: object) -> float:
        if isinstance(value, Written) and _NUMBER.fullmatch(value):
            value = float(value)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
            raise ValueError(f"must be a number from {least:g} to {most:g}")
        return float(value)

    return read


def truth_value(value: object) -> bool:
    """true or false; in a query the words."""
    known = {"true": True, "false": False}
    if isinstance(value, Written) and value in known:
        return known[value]
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def seconds(value: object) -> float:
    """A duration: a number of seconds or a text such as "30s"."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError('must be a number of seconds or a text such as "30s"')
    if not isinstance(value, str) and not 0 <= value < 1e12:
        raise ValueError("must be from 0 to a hundred years")
    return duration(value if isinstance(value, str) else f"{value:.9f}")


def moment(value: object) -> Moment:
    """A date-time with its offset (RFC 3339); a `+` that a query turned into a space is forgiven."""
    if not isinstance(value, str) or len(value) > 40:
        raise ValueError("must be a date-time such as 2026-11-24T10:00:00Z")
    try:
        given = datetime.fromisoformat(re.sub(r" (?=[0-9]{2}:?[0-9]{2}$)", "+", value))
        if given.tzinfo is None:
            raise ValueError("no offset")
        return Moment((given - _EPOCH) // timedelta(milliseconds=1))
    except (ValueError, OverflowError):
        raise ValueError("must be a date-time with its offset, such as 2026-11-24T10:00:00Z") from None


def one_of(kind: type[E]) -> Reader[E]:
    """A word of an enumeration."""
    known = {str(each.value): each for each in kind}

    def read(value: object) -> E:
        if not isinstance(value, str) or value not in known:
            raise ValueError(f"is not known; {did_you_mean(str(value)[:80], known)}")
        return known[value]

    return read


def word_of(words: Iterable[str]) -> Reader[str]:
    """One of these words."""
    known = frozenset(words)

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in known:
            raise ValueError(f"is not known; {did_you_mean(str(value)[:80], known)}")
        return value

    return read


def list_of(read_one: Reader[T], most: int) -> Reader[list[T]]:
    """A JSON array, or in a query values separated by commas."""

    def read(value: object) -> list[T]:
        items = [Written(item) for item in value.split(",")] if isinstance(value, Written) else value
        if not isinstance(items, list) or len(items) > most:
            raise ValueError(f"must be a list of at most {most}")
        values = []
        for place, item in enumerate(items):
            try:
                values.append(read_one(item))
            except ValueError as error:
                raise ValueError(f"item {place} {error}") from None
        return values

    return read


def address(value: object) -> Address:
    """An MSISDN as +32…, 0032…, 32… or, in Belgium, 0… with or without spaces; or a mail address."""
    if isinstance(value, str) and len(value) <= 254:
        if _MAILBOX.fullmatch(value.strip(" ").lower()):
            return Address(value.strip(" ").lower())
        match = _MSISDN.fullmatch(re.sub(r"[ ./()-]", "", value))
        if match is not None:
            return Address(f"+32{match[2]}" if match[1] else f"+{match[2]}")
    raise ValueError("must be a number such as +32450000901 or a mail address")


def members(value: object) -> Mapping[str, Any]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise ValueError("must be an object")
    return value
