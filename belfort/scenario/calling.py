"""The way out: a named Python function, for what the verbs cannot say.

`call: privacy.nothing_personal` calls `nothing_personal` of the file `privacy.py` beside the scenario, or
else of the module of that name. It is given a `Sight`, and what the step says under `with` as keyword
arguments; it says no by AssertionError (or any other exception), and its text is what the story shows.
"""

from __future__ import annotations

import ast
import asyncio
import importlib
import importlib.util
import inspect
import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from belfort.scenario.lanes import known_as
from belfort.scenario.marks import suggestion
from belfort.scenario.stage import Stage
from belfort.scenario.steps import FILES, NEIGHBOUR, Step, Unmet, verb
from belfort.scenario.values import Pairs, Particular, Scalar, text, word

FUNCTION = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", re.ASCII)
MOST_ENTRIES = 10_000


TAKEN = {"files": FILES, "neighbour": NEIGHBOUR}


@dataclass(frozen=True, slots=True)
class Sight:
    """What a called function sees of the story."""

    folder: Path | None
    """Where the service keeps its files and writes its log; None unless the step `needs: files`."""
    destinations: list[str] = field(repr=False)
    """Every number and address that was sent to."""
    replies: list[str] = field(repr=False)
    """Every text that people wrote."""
    service: str
    """Base address of the service."""
    control: str
    """Base address of the simulator's control API."""
    token: str = field(repr=False)
    """A bearer token of the account."""
    surveys: Mapping[str, int]
    """Ids by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Step):
    function: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    needs: str | None = None

    def sentence(self) -> str:
        given = ", ".join(f"{name} {value}" for name, value in self.arguments.items())
        return f"Call {self.function}{f' with {given}' if given else ''}."

    def takes(self) -> frozenset[str]:
        return frozenset({TAKEN[self.needs]}) if self.needs else frozenset()

    def complaint(self) -> str | None:
        """Looks without running anything: a file beside this one is read, a module is only searched for."""
        module, name = self._parts()
        beside = self._beside(module)
        if beside.is_file():
            names = _functions(beside)
            return (
                None if name in names else f"{beside.name} has no function {name}; {suggestion(name, names)}"
            )
        if importlib.util.find_spec(module.partition(".")[0]) is None:
            return f"neither the file {beside} nor a module {module} is there"
        return None

    def _parts(self) -> tuple[str, str]:
        module, _, name = self.function.rpartition(".")
        return module, name

    def _beside(self, module: str) -> Path:
        return Path(self.place.file).parent / f"{module.replace('.', '/')}.py"

    def _found(self) -> Callable[..., Any]:
        module, name = self._parts()
        beside = self._beside(module)
        loaded = _load(module, beside) if beside.is_file() else importlib.import_module(module)
        found: Callable[..., Any] = getattr(loaded, name)
        return found

    async def play(self, stage: Stage) -> str:
        sight = await _sight(stage)
        try:
            function = self._found()
            if inspect.iscoroutinefunction(function):
                said = await function(sight, **self.arguments)
            else:
                said = await asyncio.to_thread(function, sight, **self.arguments)
        except (Exception, SystemExit) as error:  # somebody else's code: whatever it raises is its no
            raise Unmet(f"{self.function} to agree", _why(error)) from error
        return "agreed" if said is None else str(said)[:300]


def _functions(path: Path) -> tuple[str, ...]:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, OSError):
        return ()
    return tuple(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"belfort_scenario_{name.replace('.', '_')}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _why(error: Exception | SystemExit) -> str:
    """What it said, or what it was and where."""
    if isinstance(error, AssertionError) and str(error):
        return str(error)[:1_000]
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(last.filename).name}, line {last.lineno})"[:1_000]


async def _sight(stage: Stage) -> Sight:
    query = {"kind": "reply.written", "limit": str(MOST_ENTRIES), "after": str(stage.since)}
    written = await stage.control.ask("GET", "/journal", query=query)
    people = {known_as(row.address) for row in stage.book.ledger}
    return Sight(
        folder=stage.harness.folder,
        destinations=sorted(people),
        replies=[entry["facts"]["text"] for entry in written["entries"] if entry["address"] in people],
        service=stage.api.url,
        control=stage.control.url,
        token=await stage.api.token(),
        surveys=dict(stage.book.surveys),
    )


def _function(value: str) -> str:
    if not FUNCTION.fullmatch(value):
        raise ValueError
    return value


FUNCTIONS = Scalar("a function such as privacy.nothing_personal", _function, {"type": "string"})
ARGUMENTS = Pairs("named texts", text("a name", 100), text("a value", 1_000, least=0))
NEEDS_WHAT = "the service's files, or the harness's second account: then the harness is its own"
NEEDS = word("files", "neighbour")
VERBS = (
    verb(
        "call",
        "call a Python function of a file beside this one",
        Call,
        ("function", FUNCTIONS, "which function"),
        Particular("with", ARGUMENTS, "its arguments", "arguments"),
        Particular("needs", NEEDS, NEEDS_WHAT),
    ),
)
