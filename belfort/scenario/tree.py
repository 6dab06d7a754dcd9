"""YAML as a tree of texts, lists and mappings that remembers where each stood.

Nothing is guessed: a scalar stays the text it was written as, so that `no` is Norwegian, `1:30` no number
and `2030-03-31` no object. What it means is for the kind of value to say that is expected there. Aliases are
refused, since a few of them can stand for millions of nodes; size, depth and count are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import yaml

from belfort.scenario.marks import Mistake, Place, Unreadable

MOST_BYTES = 1024 * 1024
MOST_NODES = 50_000
MOST_DEPTH = 20
TAGS = frozenset(
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "seq", "map")
)
"""What the words of a file may resolve to by themselves."""


PROBLEMS = (
    (r"mapping values are not allowed", "a colon where no word of its own can stand: the line is indented "
     "too far, or a text with a colon in it needs quotes"),
    (r"expected <block end>", "indented otherwise than what it belongs to: the words of a step stand "
     "exactly under each other, its verb behind the dash"),
    (r"character '\\t'", "a tab; indent with blanks"),
    (r"character '(.)' that cannot start", "a text that begins with {1} needs quotes"),
    (r"could not find expected ':'", "a line without `word: value`, or one indented otherwise than those "
     "around it"),
    (r"unexpected end of stream", "the quote{where} is never closed"),
    (r"expected ',' or '([]}])'", "expected a comma or {1} here: the list or mapping{where} is still open"),
)  # fmt: skip
"""What PyYAML says, and what that means to whoever wrote the file."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place; a mapping keeps the place of each key."""

    place: Place
    value: str | tuple[Node, ...] | Mapping[str, tuple[Place, Node]]
    bare: bool = False
    """A scalar without quotes: `~` and nothing at all say nothing only when bare."""

    @property
    def kind(self) -> str:
        """What it is, in words."""
        if isinstance(self.value, str):
            return "nothing" if self.is_nothing else "a text"
        return "a list" if isinstance(self.value, tuple) else "a mapping"

    @property
    def is_nothing(self) -> bool:
        return self.bare and self.value in ("", "~", "null")

    def scalars(self) -> Iterator[Node]:
        """Every text below and including this node; keys are none."""
        if isinstance(self.value, str):
            yield self
            return
        below = self.value if isinstance(self.value, tuple) else (node for _, node in self.value.values())
        for node in below:
            yield from node.scalars()

    def changed(self, change: Callable[[Node], Node]) -> Node:
        """The same tree with every text, keys included, replaced by what `change` makes of it; of a key only
        a text can be made.
        """
        if isinstance(self.value, str):
            return change(self)
        if isinstance(self.value, tuple):
            return replace(self, value=tuple(node.changed(change) for node in self.value))
        pairs = {}
        for key, (place, node) in self.value.items():
            changed = change(Node(place, key)).value
            pairs[changed if isinstance(changed, str) else key] = (place, node.changed(change))
        return replace(self, value=pairs)


def read_tree(text: str, file: str) -> Node:
    """The tree of a YAML document. `Unreadable` if it is none, has an alias or a tag, or is too big."""
    start = Place(file)
    if len(text) > MOST_BYTES:
        raise _wrong(start, f"larger than {MOST_BYTES >> 20} MiB")
    try:
        _check_bounds(text, file)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise _wrong(_place(file, getattr(error, "problem_mark", None)), _problem(error)) from None
    except (ValueError, OverflowError):  # an escape such as "\UFFFFFFFF" names no character
        raise _wrong(start, "not YAML: an escape in a text names no character") from None
    return Node(start, "", bare=True) if root is None else _node(root, file)


def _wrong(place: Place, detail: str) -> Unreadable:
    return Unreadable([Mistake(place, detail)])


def _problem(error: yaml.YAMLError) -> str:
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    opened = getattr(error, "context_mark", None)
    where = f" that opens in line {opened.line + 1}, column {opened.column + 1}," if opened else ""
    for pattern, words in PROBLEMS:
        if found := re.search(pattern, said):
            return words.format(found[0], *found.groups(), where=where)
    return f"not YAML: {said}"


def _place(file: str, mark: Any) -> Place:
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)


def _check_bounds(text: str, file: str) -> None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        place = _place(file, event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise _wrong(place, "aliases (*name) are not allowed; write the value out")
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth += 1
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth -= 1
        if depth > MOST_DEPTH:
            raise _wrong(place, f"nested deeper than {MOST_DEPTH} levels")
        if count > MOST_NODES:
            raise _wrong(place, f"more than {MOST_NODES} values")


def _node(node: yaml.Node, file: str) -> Node:
    place = _place(file, node.start_mark)
    if node.tag not in TAGS:
        raise _wrong(place, f"the tag {node.tag} is not allowed")
    if isinstance(node, yaml.SequenceNode):
        return Node(place, tuple(_node(item, file) for item in node.value))
    if isinstance(node, yaml.MappingNode):
        return Node(place, _pairs(node, file))
    return Node(place, str(node.value), bare=getattr(node, "style", None) is None)


def _pairs(node: yaml.MappingNode, file: str) -> dict[str, tuple[Place, Node]]:
    pairs: dict[str, tuple[Place, Node]] = {}
    for key, value in node.value:
        place = _place(file, key.start_mark)
        if not isinstance(key, yaml.ScalarNode):
            raise _wrong(place, "a key is a word, not a list or a mapping")
        if key.value in pairs:
            raise _wrong(place, f"{key.value!r} stands here a second time")
        pairs[key.value] = (place, _node(value, file))
    return pairs
