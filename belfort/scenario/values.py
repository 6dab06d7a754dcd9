"""Kinds of values: how each is read from a scenario, and how the JSON Schema describes it.

A kind reads a node and returns the value, or notes a mistake and returns None. One table of kinds serves the
reader, the published schema and the documentation, so that they cannot part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from zoneinfo import ZoneInfo, available_timezones

from belfort.scenario.marks import Mistakes, Place, shown, suggestion
from belfort.scenario.tree import Node

Schema = dict[str, Any]

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?) ?(ms|s|m|h|d)", re.ASCII)
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
COLUMN = {"type": "string", "pattern": "<[a-z][a-z0-9_]*>"}
PLACEHOLDER = re.compile(r"<([a-z][a-z0-9_]*)>", re.ASCII)


class Kind(Protocol):
    """One kind of value."""

    @property
    def about(self) -> str:
        """What is expected, for messages and for the documentation: `a duration such as 30s, 5m, 2h, 3d`."""

    def read(self, node: Node, mistakes: Mistakes) -> Any:
        """The value, or None after noting what is wrong."""

    def schema(self) -> Schema:
        """The same as JSON Schema."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text that `make` turns into a value; its ValueError says what is wrong."""

    about: str
    make: Callable[[str], Any]
    form: Mapping[str, Any]

    def read(self, node: Node, mistakes: Mistakes) -> Any:
        if not isinstance(node.value, str) or node.is_nothing:
            mistakes.note(node.place, f"expected {self.about}, not {node.kind}")
            return None
        try:
            return self.make(node.value)
        except ValueError as error:
            why = f"; {error}" if str(error) else ""
            mistakes.note(node.place, f"expected {self.about}, not {shown(node.value)}{why}")
            return None

    def schema(self) -> Schema:
        """A column of the cases may stand wherever a value does."""
        free = self.form.get("type") in ("string", ["string", "number"]) and "pattern" not in self.form
        return dict(self.form) if free else {"anyOf": [dict(self.form), COLUMN]}


def text(about: str, longest: int = 1_000, *, least: int = 1) -> Scalar:
    """Any text within bounds, counted in characters."""

    def make(value: str) -> str:
        if not least <= len(value) <= longest:
            raise ValueError(f"it has {len(value):,} characters; {least} to {longest:,} are allowed")
        return value

    return Scalar(about, make, {"type": ["string", "number"]})


def word(*words: str) -> Scalar:
    """One of some words."""

    def make(value: str) -> str:
        if value not in words:
            raise ValueError(suggestion(value, words))
        return value

    about = words[0] if len(words) == 1 else f"one of {', '.join(words)}"
    read_otherwise = [
        int(each) if each.isdigit() else True for each in words if each.isdigit() or each == "true"
    ]
    return Scalar(about, make, {"enum": [*words, *read_otherwise]})


def whole(least: int, most: int, about: str = "") -> Scalar:
    """A whole number within bounds."""

    def make(value: str) -> int:
        digits = value.replace("_", "").replace(",", "")
        if (
            not (digits.isascii() and digits.isdigit() and len(digits) < 20)
            or not least <= int(digits) <= most
        ):
            raise ValueError
        return int(digits)

    told = about or f"a whole number from {least} to {most:,}"
    return Scalar(told, make, {"type": "integer", "minimum": least, "maximum": most})


def number(least: float, most: float) -> Scalar:
    """A number within bounds."""

    def make(value: str) -> float:
        found = float(value)
        if not least <= found <= most:
            raise ValueError
        return found

    about = f"a number from {least:g} to {most:,g}"
    return Scalar(about, make, {"type": "number", "minimum": least, "maximum": most})


def seconds(value: str) -> float:
    """A duration such as `250ms`, `30s`, `5m`, `2h`, `3d`. Errors: ValueError."""
    found = DURATION.fullmatch(value.strip())
    if found is None:
        raise ValueError
    return float(found[1]) * UNITS[found[2]]


def spoken(duration: float) -> str:
    """A duration as a scenario writes it: 7200 seconds are `2h`."""
    for unit in ("d", "h", "m", "s"):
        if duration >= UNITS[unit] and duration % UNITS[unit] == 0:
            return f"{duration / UNITS[unit]:.0f}{unit}"
    amount, unit = (duration, "s") if duration >= 1 else (duration * 1000, "ms")
    return f"{amount:.6f}".rstrip("0").rstrip(".") + unit


DURATIONS = Scalar(
    "a duration such as 30s, 5m, 2h, 3d",
    seconds,
    {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)? ?(ms|s|m|h|d)$"},
)


def _language(value: str) -> str:
    if not LANGUAGE.fullmatch(value):
        raise ValueError
    return value


LANGUAGES = Scalar(
    "a language tag such as nl-BE", _language, {"type": "string", "pattern": f"^{LANGUAGE.pattern}$"}
)


def _tag(value: str) -> str:
    if not 1 <= len(value.strip()) <= 64 or "," in value:
        raise ValueError("1 to 64 characters without a comma")
    return value.strip()


TAGS = Scalar("a segment such as gold", _tag, {"type": ["string", "number"]})


def _zone(value: str) -> ZoneInfo:
    if value not in available_timezones():
        raise ValueError(suggestion(value, sorted(available_timezones())) if value else "")
    return ZoneInfo(value)


ZONES = Scalar("a time zone such as Europe/Brussels", _zone, {"type": "string"})


@dataclass(frozen=True, slots=True)
class Several:
    """One or a list of one kind, as a tuple."""

    of: Kind
    most: int = 1_000

    @property
    def about(self) -> str:
        return f"{self.of.about}, or a list of them"

    def read(self, node: Node, mistakes: Mistakes) -> tuple[Any, ...]:
        nodes = node.value if isinstance(node.value, tuple) else (node,)
        if not 1 <= len(nodes) <= self.most:
            mistakes.note(node.place, f"expected 1 to {self.most:,} of them, not {len(nodes):,}")
        return tuple(self.of.read(each, mistakes) for each in nodes)

    def schema(self) -> Schema:
        one = self.of.schema()
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": self.most}]}


@dataclass(frozen=True, slots=True)
class Pairs:
    """A mapping of keys of one kind to values of another, as a dict."""

    about: str
    keys: Scalar
    of: Kind

    def read(self, node: Node, mistakes: Mistakes) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key, place, value in _items(node, mistakes, self.about):
            found[self.keys.read(Node(place, key), mistakes)] = self.of.read(value, mistakes)
        if isinstance(node.value, Mapping) and not node.value:
            mistakes.note(node.place, f"expected {self.about}, not an empty mapping")
        return found

    def schema(self) -> Schema:
        names = self.keys.schema()
        named = {"propertyNames": names} if "anyOf" in names else {}
        return {"type": "object", "minProperties": 1, "additionalProperties": self.of.schema(), **named}


@dataclass(frozen=True, slots=True)
class Particular:
    """One member of a record: its key, its kind, and what it says."""

    key: str
    kind: Kind
    about: str
    name: str = ""
    """Its name in Python, where the key is taken there (`from`)."""
    needed: bool = False

    @property
    def field(self) -> str:
        return self.name or self.key


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys only, as a dict by field name; what is left out is left out."""

    about: str
    members: Sequence[Particular]

    def read(self, node: Node, mistakes: Mistakes) -> dict[str, Any]:
        return read_members(node, self.members, mistakes, self.about)

    def schema(self) -> Schema:
        return members_schema(self.members)


@dataclass(frozen=True, slots=True)
class Either:
    """The first kind for texts, the second for mappings."""

    simple: Kind
    full: Kind

    @property
    def about(self) -> str:
        return f"{self.simple.about}, or {self.full.about}"

    def read(self, node: Node, mistakes: Mistakes) -> Any:
        if isinstance(node.value, Mapping):
            return self.full.read(node, mistakes)
        return self.simple.read(node, mistakes)

    def schema(self) -> Schema:
        return {"anyOf": [self.simple.schema(), self.full.schema()]}


def read_members(node: Node, members: Sequence[Particular], mistakes: Mistakes, about: str) -> dict[str, Any]:
    """The known members of a mapping; an unknown key, or a needed one that is missing, is a mistake."""
    known = {each.key: each for each in members}
    found: dict[str, Any] = {}
    for key, place, value in _items(node, mistakes, about):
        if key not in known:
            mistakes.note(place, f"unknown word {shown(key)}; {suggestion(key, tuple(known))}")
            continue
        found[known[key].field] = known[key].kind.read(value, mistakes)
    for each in members:
        if each.needed and each.field not in found and isinstance(node.value, Mapping):
            mistakes.note(node.place, f"`{each.key}` is missing: {each.about}")
    return found


def members_schema(members: Sequence[Particular]) -> Schema:
    """A closed object with these members."""
    return {
        "type": "object",
        "properties": {each.key: described(each.kind.schema(), each.about) for each in members},
        "required": [each.key for each in members if each.needed],
        "additionalProperties": False,
    }


def described(schema: Schema, about: str) -> Schema:
    """A schema with what editors show beside it."""
    return {**schema, "description": about}


def _items(node: Node, mistakes: Mistakes, about: str) -> list[tuple[str, Place, Node]]:
    if not isinstance(node.value, Mapping):
        mistakes.note(node.place, f"expected {about}, not {node.kind}")
        return []
    return [(key, place, value) for key, (place, value) in node.value.items()]
