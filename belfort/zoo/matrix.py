"""Every planted bug against the shipped scenarios: which of them fail, and do they name the cause?

Scenarios are run by `belfort run` as anybody would, all of them for each bug, and once without any.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, parse

from belfort.exits import Exit, Trouble
from belfort.scenario import SUFFIX
from belfort.settings import environment
from belfort.zoo.bugs import BUGS, Bug

ENDINGS = frozenset({Exit.WELL, Exit.CHECK_FAILED, Exit.WRONG_ANSWER})
LONGEST_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Played:
    """What became of one case of a scenario."""

    scenario: str
    failed: bool
    said: str
    """Everything that the failure said; empty for one that passed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One bug, or none, against all scenarios."""

    bug: str | None
    played: tuple[Played, ...]

    @property
    def found_by(self) -> tuple[str, ...]:
        """Scenarios that failed."""
        return tuple(dict.fromkeys(each.scenario for each in self.played if each.failed))

    @property
    def named_by(self) -> tuple[str, ...]:
        """Those of them that said what the bug's cause looks like."""
        if self.bug is None:
            return ()
        cause = BUGS[self.bug].shows
        named = (each.scenario for each in self.played if each.failed and cause in each.said)
        return tuple(dict.fromkeys(named))

    @property
    def well(self) -> bool:
        """Found with its cause; or, without a bug, no alarm."""
        return bool(self.named_by) if self.bug else not self.found_by


def rows(
    bugs: Iterable[str | None], scenarios: Path, *, workers: int, only: Callable[[Bug], str] | None = None
) -> Iterable[Row]:
    """Play everything; `only` picks one scenario for each bug by name, where all would take too long."""
    for bug in bugs:
        chosen = scenarios if only is None or bug is None else scenarios / f"{only(BUGS[bug])}{SUFFIX}"
        yield Row(bug, play(bug, [chosen], workers=workers))


def play(bug: str | None, paths: Sequence[Path], *, workers: int = 1) -> tuple[Played, ...]:
    """Run scenarios against a service with this bug. Errors: Trouble, when the run itself ends badly."""
    with tempfile.TemporaryDirectory(prefix="belfort-") as folder:
        report = Path(folder, "report.xml")
        planted = ("--bug", bug) if bug else ()
        words = ["run", *map(str, paths), "--junit", str(report), "--workers", str(workers), *planted]
        done = subprocess.run(  # noqa: S603  # our own command
            [sys.executable, "-m", "belfort", *words],
            env=environment({}), capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False,
        )  # fmt: skip
        if done.returncode not in ENDINGS or not report.exists():
            raise Trouble(
                f"belfort {' '.join(words)} ended with {done.returncode}:\n{done.stderr[-2000:]}",
                Exit.INTERNAL,
            )
        return tuple(_played(case) for case in parse(report).iter("testcase"))  # noqa: S314  # written a moment ago


def _played(case: Element) -> Played:
    scenario = (case.get("classname") or "").removesuffix(SUFFIX).rpartition(".")[2]
    complaints = [*case.findall("failure"), *case.findall("error")]
    return Played(scenario, bool(complaints), "\n".join(each.text or "" for each in complaints))


def as_markdown(found: Iterable[Row]) -> str:
    """The table of a run."""
    lines = ["| bug | found by | the cause is named by |", "| --- | --- | --- |"]
    for row in found:
        name = f"`{row.bug}`" if row.bug else "none"
        lines.append(f"| {name} | {_listed(row.found_by)} | {_listed(row.named_by)} |")
    return "\n".join(lines)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "–"
