"""A scenario as it is read from its file, whole, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from belfort.exits import Exit, Trouble
from belfort.scenario import SUFFIX
from belfort.scenario.case import Case, check
from belfort.scenario.cast import PERSON_OF_CAST, Person
from belfort.scenario.harness import SETTINGS
from belfort.scenario.marks import Mistake, Mistakes, Place, Unreadable, shown, suggestion
from belfort.scenario.steps import Step
from belfort.scenario.tree import Node, read_tree
from belfort.scenario.values import PLACEHOLDER, Pairs, Particular, read_members, text, whole
from belfort.scenario.verbs import read_step

VERSION = 1
MOST_CASES = 1_000
CASE = "case"


@dataclass(frozen=True, slots=True)
class Raw:
    """A part of the file that is read later, case by case."""

    about: str

    def read(self, node: Node, mistakes: Mistakes) -> Node:
        return node

    def schema(self) -> dict[str, object]:
        return {}


NAME = text("a name", 100)
ONE = whole(VERSION, VERSION, "1, the version of the language")
HEAD = (
    Particular("belfort", ONE, "the version of the language", "version", needed=True),
    Particular("story", text("a sentence or two", 500), "what the scenario shows", needed=True),
    Particular("seed", whole(0, 2**63 - 1), "the town's seed; made of the file's name if left out"),
    Particular("harness", Raw("settings"), "settings of the scenario's own harness"),
    Particular("people", Raw("people by name"), "who takes part: a number, or a number and a behaviour"),
    Particular("cases", Raw("a table"), "the steps are played for each row; `<column>` is the row's value"),
    Particular("steps", Raw("a list of steps"), "what happens, in order", needed=True),
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A file, read."""

    path: Path
    story: str
    cases: Sequence[Case]


def read_scenario(path: Path, shown_as: str | None = None) -> Scenario:
    """Read a file. `Unreadable` with every mistake and its place; `Trouble` if there is no such file."""
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Trouble(f"cannot read {path}: {error.strerror}", Exit.USAGE) from None
    except UnicodeDecodeError as error:
        raise Unreadable([Mistake(Place(shown_as or str(path)), f"not UTF-8 (byte {error.start})")]) from None
    return parse(content, path, shown_as or str(path))


def parse(content: str, path: Path, file: str) -> Scenario:
    """The scenario in a text; `file` is how messages name it."""
    mistakes = Mistakes()
    root = read_tree(content, file)
    if not isinstance(root.value, Mapping):
        mistakes.note(root.place, f"expected a scenario: belfort, story, steps; not {root.kind}")
        mistakes.settle()
    head = read_members(root, HEAD, mistakes, "a scenario")
    rows = _rows(head.get("cases"), mistakes)
    mistakes.settle()
    cases = [_case(path, head, row, mistakes) for row in rows]
    mistakes.settle()
    return Scenario(path, head["story"], cases)


def _settings(node: Node | None, mistakes: Mistakes) -> Mapping[str, str]:
    """Checked here, and handed on as they were written."""
    if node is None:
        return {}
    read_members(node, SETTINGS, mistakes, "settings")
    if not isinstance(node.value, Mapping):
        return {}
    return {key: str(value.value) for key, (_, value) in node.value.items()}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table of cases: its name and its cells."""

    name: str
    cells: Mapping[str, Node] = field(default_factory=dict)


def _rows(node: Node | None, mistakes: Mistakes) -> list[Row]:
    if node is None:
        return [Row("")]
    if not isinstance(node.value, tuple) or not 1 <= len(node.value) <= MOST_CASES:
        mistakes.note(node.place, f"expected a list of 1 to {MOST_CASES:,} cases, not {node.kind}")
        return []
    rows = [_row(each, place, mistakes) for place, each in enumerate(node.value, 1)]
    for row, each in zip(rows, node.value, strict=True):
        missing = [name for name in rows[0].cells if name not in row.cells]
        if missing and row.cells:
            mistakes.note(each.place, f"this case has no {missing[0]}, which the first one has")
        if [other.name for other in rows].count(row.name) > 1:
            mistakes.note(each.place, f"two cases are called {shown(row.name)}; give each a `case`")
    return rows


def _row(node: Node, place: int, mistakes: Mistakes) -> Row:
    if not isinstance(node.value, Mapping) or not node.value:
        mistakes.note(node.place, f"expected a case such as {{language: nl-BE}}, not {node.kind}")
        return Row(str(place))
    for key, (where, _) in node.value.items():
        if not PLACEHOLDER.fullmatch(f"<{key}>"):
            mistakes.note(where, f"a column is a word in small letters, not {shown(key)}")
    cells = {key: value for key, (_, value) in node.value.items()}
    named = cells.get(CASE) or next(iter(cells.values()))
    return Row(named.value if isinstance(named.value, str) and named.value else str(place), cells)


def _case(path: Path, head: Mapping[str, object], row: Row, mistakes: Mistakes) -> Case:
    filled = {key: _filled(head[key], row, mistakes) for key in ("harness", "people", "steps") if key in head}
    settings = _settings(filled.get("harness"), mistakes)
    people = _people(filled.get("people"), mistakes)
    steps = _steps(filled["steps"], mistakes)
    story = _told(str(head["story"]), row)
    case = Case(path, row.name, story, _seed(head), people, settings, steps)
    check(case, mistakes)
    return case


def _seed(head: Mapping[str, object]) -> int | None:
    seed = head.get("seed")
    return seed if isinstance(seed, int) else None


def _told(story: str, row: Row) -> str:
    """The story with the row's values in it, where they are texts."""
    for name, cell in row.cells.items():
        if isinstance(cell.value, str):
            story = story.replace(f"<{name}>", cell.value)
    return story


def _filled(node: object, row: Row, mistakes: Mistakes) -> Node:
    """A part of the file with the row's values in place of `<column>`."""
    assert isinstance(node, Node)  # noqa: S101  # `Raw` hands nodes on

    def fill(each: Node) -> Node:
        said = str(each.value)
        for name in PLACEHOLDER.findall(said):
            cell = row.cells.get(name)
            if cell is None:
                mistakes.note(each.place, f"<{name}> is no column of the cases; {_columns(name, row)}")
            elif said == f"<{name}>":
                return replace(cell, place=each.place)
            elif isinstance(cell.value, str):
                said = said.replace(f"<{name}>", cell.value)
            else:
                mistakes.note(each.place, f"<{name}> is {cell.kind}, and can only stand alone")
        return replace(each, value=said)

    return node.changed(fill)


def _columns(name: str, row: Row) -> str:
    return suggestion(name, tuple(row.cells)) if row.cells else "there is no table of cases"


def _people(node: Node | None, mistakes: Mistakes) -> Mapping[str, Person]:
    if node is None:
        return {}
    told = Pairs("people by name", NAME, PERSON_OF_CAST).read(node, mistakes)
    people: dict[str, Person] = {}
    for name, said in told.items():
        place = _place(node, name)
        if isinstance(said, str):
            people[name] = Person(name, said, place)
        elif said and said.get("number"):
            people[name] = Person(name, said.pop("number"), place, said)
    return people


def _place(node: Node, key: str) -> Place:
    found = node.value.get(key) if isinstance(node.value, Mapping) else None
    return found[0] if found else node.place


def _steps(node: Node, mistakes: Mistakes) -> list[Step]:
    if not isinstance(node.value, tuple) or not node.value:
        mistakes.note(
            node.place, f"expected a list of steps, not {node.kind if node.value else 'an empty one'}"
        )
        return []
    steps = [read_step(each, mistakes) for each in node.value]
    return [step for step in steps if step is not None]


def found_in(paths: Sequence[Path]) -> Iterator[Path]:
    """The scenario files at these paths, folders searched through, in the order of their names."""
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob(f"*{SUFFIX}"))
        else:
            yield path
