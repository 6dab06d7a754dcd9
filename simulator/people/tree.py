"""A tree of values that remembers where each stood, so that a mistake can be pointed at: from YAML or from
JSON.

YAML is read by PyYAML's safe loader as a graph of nodes and never made into objects; aliases are refused,
since a few of them can stand for millions of nodes, and size, depth and count are bounded.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

MOST_BYTES = 4 * 1024 * 1024
MOST_NODES = 500_000
MOST_DEPTH = 20
MOST_MISTAKES = 50

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, and where: `line 3, column 5`, or a JSON Pointer."""

    where: str
    detail: str

    def __str__(self) -> str:
        return f"{self.where}: {self.detail}" if self.where else self.detail


class BadSheet(ValueError):
    """Every mistake found in a sheet; nothing of it is used."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place. A mapping keeps the place of each key; `raw` is a scalar as it was written."""

    where: str
    value: Scalar | tuple[Node, ...] | dict[str, tuple[str, Node]]
    raw: str = ""

    @property
    def kind(self) -> str:
        """What it is, in words."""
        for type_, word in ((dict, "a mapping"), (tuple, "a list"), (str, "a text"), (bool, "yes or no")):
            if isinstance(self.value, type_):
                return word
        return "nothing" if self.value is None else "a number"


def suggestion(word: str, words: Iterable[str]) -> str:
    """`did you mean "reach"?`, or the words there are."""
    known = sorted(words)
    close = difflib.get_close_matches(word, known, 1)
    return f"did you mean {close[0]!r}?" if close else f"allowed: {', '.join(known)}"


def of_json(value: object, where: str = "") -> Node:
    """The tree of parsed JSON; places are JSON Pointers (RFC 6901). BadSheet when it is nested too deep."""
    if where.count("/") > MOST_DEPTH:
        raise BadSheet([Mistake(where, f"nested deeper than {MOST_DEPTH} levels")])
    if isinstance(value, dict):
        pairs = ((str(key), f"{where}/{str(key).replace('~', '~0').replace('/', '~1')}", item)
                 for key, item in value.items())  # fmt: skip
        return Node(where, {key: (place, of_json(item, place)) for key, place, item in pairs})
    if isinstance(value, list):
        return Node(where, tuple(of_json(item, f"{where}/{place}") for place, item in enumerate(value)))
    if value is None or isinstance(value, (str, bool, int, float)):
        return Node(where, value, "" if value is None else str(value))
    raise TypeError(f"{type(value).__name__} is no JSON")


def of_yaml(text: str) -> Node:
    """The tree of a YAML document; BadSheet when it cannot be read as one, has an alias, or is too big."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise BadSheet([Mistake("", f"the file is larger than {MOST_BYTES // 1024 // 1024} MiB")])
    try:
        _check_bounds(text)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
        raise BadSheet([Mistake(_place(mark), f"not YAML: {problem}")]) from None
    return Node("line 1, column 1", None) if root is None else _of_yaml_node(root)


def _check_bounds(text: str) -> None:
    depth = 0
    for nodes, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        where = _place(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise BadSheet([Mistake(where, "aliases (*name) are not allowed; write the value out")])
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        if depth > MOST_DEPTH:
            raise BadSheet([Mistake(where, f"nested deeper than {MOST_DEPTH} levels")])
        if nodes > MOST_NODES:
            raise BadSheet([Mistake(where, f"more than {MOST_NODES} values")])


def _place(mark: Any) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""


def _of_yaml_node(node: yaml.Node) -> Node:
    where = _place(node.start_mark)
    if isinstance(node, yaml.SequenceNode):
        return Node(where, tuple(_of_yaml_node(item) for item in node.value))
    if isinstance(node, yaml.MappingNode):
        return Node(where, _of_pairs(node))
    return Node(where, _scalar(node, where), node.value)


def _of_pairs(node: yaml.MappingNode) -> dict[str, tuple[str, Node]]:
    pairs: dict[str, tuple[str, Node]] = {}
    for key, value in node.value:
        where = _place(key.start_mark)
        if not isinstance(key, yaml.ScalarNode):
            raise BadSheet([Mistake(where, "a key is a word, not a list or a mapping")])
        if key.value in pairs:
            raise BadSheet([Mistake(where, f"{key.value!r} stands here a second time")])
        pairs[key.value] = (where, _of_yaml_node(value))
    return pairs


_MEANT = {
    "int": "a whole number",
    "float": "a number",
    "bool": "yes or no",
    "null": "nothing",
}


def _scalar(node: yaml.Node, where: str) -> Scalar:
    kind = node.tag.removeprefix("tag:yaml.org,2002:")
    if kind in ("str", "timestamp"):
        return str(node.value)
    if kind not in _MEANT:
        raise BadSheet([Mistake(where, f"the tag {node.tag} is not allowed")])
    try:
        made = yaml.constructor.SafeConstructor().construct_object(node)
    except (ValueError, OverflowError, KeyError, IndexError):
        raise BadSheet([Mistake(where, f"{node.value[:40]!r} is not {_MEANT[kind]}")]) from None
    return made if isinstance(made, (str, int, float)) or made is None else str(node.value)
