"""A run whose users play stories: each is judged by the oracle of its own, and here only counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from gauges import Gauges
from pace import book
from run import request_rows, what_failed
from thresholds import Threshold, judge
from timeline import Flows, Timeline
from verdict import Verdict

WRONG = "wrong answer"


class Tales:
    """Everything the master (or the only process) knows of the run."""

    TRUTHS: ClassVar = ("stories",)
    THRESHOLDS: ClassVar = "stories.toml"

    def __init__(self, thresholds: Sequence[Threshold]) -> None:
        self.thresholds = thresholds
        self.flows, self.timeline, self.gauges = Flows(), Timeline(), Gauges()
        self.remarks: list[str] = []
        self.died: set[str] = set()
        """Workers of Locust that are gone."""

    def follow(self) -> bool:
        """Take what the users told meanwhile."""
        book.take(book.hand_over())
        return False

    def end(self, stats: Any) -> Verdict:
        """Count and judge; there is nothing to settle, since each story has waited for its end."""
        self.follow()
        verdict = Verdict(remarks=self.remarks, stories=book.stories, told=book.wrong)
        self.remarks += what_failed(stats)
        verdict.rows = {"requests": request_rows(stats, {})}
        wrong = float(book.stories[WRONG]) if book.stories else None
        verdict.judged = judge(self.thresholds, verdict.rows, {"truth": {"stories": wrong}})
        return verdict
