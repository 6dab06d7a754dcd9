"""The rules of the house that no linter knows, held against every file."""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROGRAMS = ("service", "simulator", "belfort")
OUTSIDE = ("scenarios", "loadtests", "pytest_belfort")
FREE = {"belfort.exits", "belfort.scenario.load", "belfort.scenario.outcome", "belfort.scenario.telling"}
"""What load tests may import: it knows neither program."""
LONGEST_FILE, LONGEST_FUNCTION = 360, 40
VAGUE = {"utils", "helpers", "common", "manager", "base", "misc"}
EVERYTHING = {"Exception", "BaseException"}
LAST_RESORTS = {"service/web/edge.py", "service/store/writer.py", "service/store/jobs.py", "service/app.py",
                "service/workers.py", "simulator/clock.py", "belfort/__main__.py",
                "belfort/scenario/calling.py"}  # fmt: skip
"""Where everything is caught: the edges, the worker's supervisor, the writer's thread, the agenda, and where
somebody else's function is called."""
SETTINGS = {"service/__main__.py", "simulator/__main__.py", "belfort/settings.py", "belfort/__main__.py",
            "belfort/commands/doctor.py", "belfort/scenario/child.py", "belfort/scenario/environment.py",
            "belfort/scenario/annotations.py"}  # fmt: skip
SQL = re.compile(r"\b(SELECT .+ FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b")
SQL_ROOMS = ("service/store/", "simulator/journal_file.py", "belfort/zoo/")


@cache
def sources(*packages: str) -> dict[str, str]:
    """Every file's text, by its path in the project."""
    paths = [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]
    return {str(path.relative_to(ROOT)): path.read_text() for path in paths}


@cache
def nodes(*packages: str) -> list[tuple[str, ast.AST]]:
    return [(name, node) for name, text in sources(*packages).items() for node in ast.walk(ast.parse(text))]


def imported(node: ast.AST) -> set[str]:
    """The top-level names an import statement brings in."""
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
    names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
    return {name.partition(".")[0] for name in names}


def test_stories_load_tests_and_the_plug_in_know_neither_program():
    """But for `belfort.scenario`, which knows neither either: under load the same stories are played."""
    knowing = [(name, node) for name, node in nodes(*OUTSIDE) if imported(node) & set(PROGRAMS)]
    assert [
        name
        for name, node in knowing
        if not (name.startswith("loadtests/") and getattr(node, "module", "") in FREE)
    ] == []


def test_the_plug_in_needs_nothing_but_the_standard_library_and_pytest():
    known = sys.stdlib_module_names | {"pytest", "pytest_belfort", ""}
    assert [
        (name, imported(node) - known) for name, node in nodes("pytest_belfort") if imported(node) - known
    ] == []


def test_a_file_has_a_name_that_says_something():
    assert [name for name in sources(*PROGRAMS) if Path(name).stem in VAGUE] == []


def test_a_file_says_what_it_knows():
    assert [name for name, text in sources(*PROGRAMS).items() if not ast.get_docstring(ast.parse(text))] == []


def test_a_file_can_be_read_in_one_go():
    sizes = {name: text.count("\n") for name, text in sources(*PROGRAMS).items()}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


def test_a_function_fits_on_a_screen():
    long = [
        (name, node.name, _length(node))
        for name, node in nodes(*PROGRAMS)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > LONGEST_FUNCTION
    ]
    assert long == []


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of its body; what it says of itself is not counted."""
    told = len((ast.get_docstring(function, clean=False) or "").splitlines())
    return (function.end_lineno or 0) - function.body[0].lineno + 1 - told


def test_everything_is_caught_only_at_the_last_resorts():
    broad = {name for name, node in nodes(*PROGRAMS) if not EVERYTHING.isdisjoint(_caught(node))}
    assert broad <= LAST_RESORTS


def _caught(node: ast.AST) -> set[str]:
    """What `except` or `suppress` names; `Exception` for a bare `except`."""
    if isinstance(node, ast.ExceptHandler):
        named = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type or ast.Name("Exception")]
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "suppress":
        named = node.args
    else:
        named = []
    return {getattr(each, "id", "") for each in named}


def test_the_environment_is_read_at_the_edge_of_each_program():
    assert {name for name, text in sources(*PROGRAMS).items() if "os.environ" in text} <= SETTINGS


def test_sql_stands_where_the_database_is():
    speaking = [name for name, text in sources(*PROGRAMS).items() if SQL.search(text)]
    assert [name for name in speaking if not name.startswith(SQL_ROOMS)] == []
