"""Reading a tree into typed values: every mistake is noted with its place, and reading goes on for the
others."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from simulator.config import duration
from simulator.people.shares import LogNormal, Mixture, Shares
from simulator.people.tree import MOST_MISTAKES, BadSheet, Mistake, Node, suggestion

Value = TypeVar("Value")
Reader = Callable[[Node], Value | None]
"""Reads a node; None after noting a mistake."""


class Form:
    """The mistakes found so far, and readers of simple values that add to them."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def wrong(self, where: str, detail: str) -> None:
        """Note a mistake."""
        if len(self.mistakes) < MOST_MISTAKES:
            self.mistakes.append(Mistake(where, detail))

    def done(self) -> None:
        """BadSheet if any mistake was noted."""
        if self.mistakes:
            raise BadSheet(self.mistakes)

    def mapping(self, node: Node, known: Collection[str] | None = None) -> Mapping[str, Node]:
        """The items of a mapping; keys outside `known` are mistakes."""
        if not isinstance(node.value, dict):
            self.wrong(node.where, f"expected a mapping here, not {node.kind}")
            return {}
        for key, (where, _) in node.value.items():
            if known is not None and key not in known:
                self.wrong(where, f"unknown key {key!r}; {suggestion(key, known)}")
        return {key: item for key, (_, item) in node.value.items() if known is None or key in known}

    def items(self, node: Node, most: int) -> tuple[Node, ...]:
        """The items of a list of at most `most`."""
        if not isinstance(node.value, tuple):
            self.wrong(node.where, f"expected a list here, not {node.kind}")
            return ()
        if len(node.value) > most:
            self.wrong(node.where, f"a list of at most {most} is allowed, not {len(node.value)}")
            return ()
        return node.value

    def number(self, node: Node, least: float, most: float) -> float | None:
        """A number between two bounds."""
        value = node.value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
            self.wrong(node.where, f"expected a number from {least:g} to {most:g}")
            return None
        return float(value)

    def whole(self, node: Node, least: int, most: int) -> int | None:
        """A whole number between two bounds."""
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong(node.where, f"expected a whole number from {least} to {most}")
            return None
        return value

    def part(self, node: Node) -> float | None:
        """A part of a whole."""
        return self.number(node, 0, 1)

    def weight(self, node: Node) -> float | None:
        return self.number(node, 0, 1e9)

    def word(self, node: Node, words: Collection[str]) -> str | None:
        """One of some words."""
        if not isinstance(node.value, str) or node.value not in words:
            self.wrong(node.where, f"{node.raw[:80]!r} is not known; {suggestion(node.raw, words)}")
            return None
        return node.value

    def text(self, node: Node, most: int) -> str | None:
        """A text; digits need no quotes, `yes` and `no` do."""
        if isinstance(node.value, (dict, tuple, bool)) or node.value is None or len(node.raw) > most:
            self.wrong(node.where, f"expected a text of at most {most} characters")
            return None
        return node.raw

    def flag(self, node: Node) -> bool | None:
        if not isinstance(node.value, bool):
            self.wrong(node.where, "expected yes or no")
            return None
        return node.value

    def seconds(self, node: Node) -> float | None:
        """A duration: a number of seconds or a text such as `30s`."""
        if isinstance(node.value, (dict, tuple, bool)) or node.value is None:
            self.wrong(node.where, f"expected a duration such as 30s, not {node.kind}")
            return None
        try:
            return duration(node.raw)
        except ValueError as error:
            self.wrong(node.where, f"{node.raw[:40]!r} is no duration; {error}")
            return None

    def shares(self, node: Node, known: Collection[str] | None = None) -> Shares[str] | None:
        """Weights by name, at least one above 0."""
        weights = {name: self.weight(item) for name, item in self.mapping(node, known).items()}
        return self.weighed(node, weights)

    def weighed(self, node: Node, weights: Mapping[Value, float | None]) -> Shares[Value] | None:
        """Shares of what was read, if all of it could be."""
        good = {name: weight for name, weight in weights.items() if weight is not None}
        if len(good) != len(weights):
            return None
        if not math.fsum(good.values()):
            self.wrong(node.where, "at least one share must be above 0")
            return None
        return Shares(good)

    def mixture(self, node: Node) -> Mixture | None:
        """A log-normal crowd (`median`, `sigma`), or a list of them, each with its `share`."""
        nodes = (node,) if isinstance(node.value, dict) else self.items(node, 20)
        crowds = [self._crowd(each) for each in nodes]
        good = [crowd for crowd in crowds if crowd is not None]
        if len(good) != len(crowds):
            return None
        if good and not math.fsum(crowd.share for crowd in good):
            self.wrong(node.where, "at least one share must be above 0")
            return None
        return Mixture(*good)

    def _crowd(self, node: Node) -> LogNormal | None:
        before = len(self.mistakes)
        items = self.mapping(node, ("share", "median", "sigma"))
        if "median" not in items and len(self.mistakes) == before:
            self.wrong(node.where, "a delay needs its median, for example median: 4m")
        median = self.seconds(items["median"]) if "median" in items else None
        sigma = self.number(items["sigma"], 0, 10) if "sigma" in items else 0.0
        share = self.weight(items["share"]) if "share" in items else 1.0
        if median is None or sigma is None or share is None:
            return None
        return LogNormal(share, median, sigma)
