"""Where something stands in a scenario file, and what is wrong there."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from belfort.exits import Exit, Trouble

MOST_MISTAKES = 50


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file: lines and columns count from 1, as editors and compilers count them."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """What is wrong, where, and what would be right."""

    place: Place
    detail: str

    def __str__(self) -> str:
        return f"{self.place}: {self.detail}"


class Unreadable(Trouble):
    """A scenario that cannot be run, with everything that is wrong with it; nothing of it has happened."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        shown = [str(mistake) for mistake in self.mistakes[:MOST_MISTAKES]]
        left = len(self.mistakes) - len(shown)
        super().__init__("\n".join([*shown, *([f"… and {left} more"] if left else [])]), Exit.USAGE)


@dataclass(slots=True)
class Mistakes:
    """A file under inspection: mistakes are collected, so that all can be mended at once."""

    found: list[Mistake] = field(default_factory=list)

    def note(self, place: Place, detail: str) -> None:
        self.found.append(Mistake(place, detail))

    def settle(self) -> None:
        """Raise what was found, if anything."""
        if self.found:
            raise Unreadable(self.found)


def suggestion(word: str, known: Sequence[str]) -> str:
    """`did you mean advance?`, or the words there are."""
    spelled = {each.lower(): each for each in known}
    near = difflib.get_close_matches(word.lower(), spelled, n=1, cutoff=0.6)
    if near:
        return f"did you mean {spelled[near[0]]}?"
    return f"known are {', '.join(known)}" if known else "nothing is known there"


def shown(text: str, longest: int = 60) -> str:
    """A word of the file inside a message, on one line and not too long."""
    line = "".join(char if char.isprintable() else "�" for char in " ".join(text.split()))
    return repr(line if len(line) <= longest else line[: longest - 1] + "…")
