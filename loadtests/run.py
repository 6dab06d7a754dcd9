"""One run, from the first user to the verdict: what is kept meanwhile, and the steps of its end.

Stop, settle, reconcile, judge. Settling lets the world go on until nothing is due any more and everything
that was accepted has reached the gateway; only then do report and truth have to agree.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from culprits import Search
from harness import Refused, Reports, Unreachable, control
from journal import Journal, present
from pace import book
from thresholds import Row, Threshold, judge
from timeline import Flows, Timeline
from truth import Truth, reconcile
from users.company import MARK
from verdict import Fault, Verdict

QUIET_SECONDS = 1.0
PATIENCE_SECONDS = 45.0
"""For so long nothing may move while accepted requests have still not reached the gateway."""
READS, CLOSE_MS = 5, 100
"""Clocks that differ by less are the same clock, read a moment later."""
SENT, COUNTED, SUBMIT = "sent→delivered", "replied→counted", "submitted"


class Run:
    """Everything the master (or the only process) knows of the run."""

    def __init__(self, thresholds: Sequence[Threshold]) -> None:
        self.thresholds = thresholds
        self.flows, self.timeline = Flows(), Timeline()
        self.journal = Journal(self.flows.add, present())
        self.remarks: list[str] = []
        self._sent: dict[str, int] = {}
        self._came: dict[str, int] = {}
        self._calls: dict[int, int] = {}
        self.shift_ms = _shift()

    def follow(self) -> bool:
        """Take what the users and the journal told meanwhile; whether the journal had anything."""
        book.take(book.hand_over())
        moved = self.journal.follow()
        self._came.update(self.journal.arrivals())
        for survey in book.surveys.values():
            for call in survey.calls[self._calls.get(survey.number, 0) :]:
                self._sent.update((request, call.began) for _, request in call.people)
            self._calls[survey.number] = len(survey.calls)
        for request in self._came.keys() & self._sent.keys():
            came = self._came.pop(request)
            self.flows.add(SENT, came, came - self._sent.pop(request))
        return moved

    def settle(self) -> None:
        """Until nothing is due and nothing moves; not for ever if the service keeps something back."""
        moved = time.monotonic()
        while True:
            control("/clock/drain", body={})
            if self.follow():
                moved = time.monotonic()
            calm = time.monotonic() - moved
            if calm > (PATIENCE_SECONDS if self._pending() else QUIET_SECONDS):
                return
            time.sleep(0.2)

    def _pending(self) -> bool:
        """Whether something that was accepted has not reached the gateway; unknown if the journal forgot."""
        seen = sum(len(requests) for requests in self.journal.seen.values())
        return not self.journal.forgotten and (seen < book.count or self.journal.unheard > 0)

    def end(self, stats: Any) -> Verdict:
        """Settle, reconcile, judge."""
        verdict = Verdict(remarks=self.remarks)
        try:
            self._conclude(verdict, stats)
        except (Unreachable, Refused) as error:
            verdict.unreachable = str(error)
        return verdict

    def _conclude(self, verdict: Verdict, stats: Any) -> None:
        self.settle()
        reports = Reports()
        self._adopt(reports)
        truth = reconcile(book.surveys.values(), reports)
        verdict.accepted, verdict.reports = book.count, len(truth.compared)
        verdict.rows = {"requests": request_rows(stats), "flows": self._flow_rows(truth, stats)}
        verdict.faults = [Fault(*fault, hits) for fault, hits in self.journal.hits.items()]
        verdict.due, verdict.made = sum(book.due.values()), sum(book.made.values())
        verdict.differing = truth.differing
        verdict.judged = judge(self.thresholds, verdict.rows, self._singles(truth))
        if truth.differing or truth.missing:
            verdict.culprits = Search(book, truth, reports, self.shift_ms).culprits()
        if self.journal.forgotten:
            verdict.remarks.append(
                f"the simulator forgot {self.journal.forgotten:,} journal entries before they were read: "
                "flows leave those out (BELFORT_KEEP_ENTRIES keeps more)"
            )

    def _adopt(self, reports: Reports) -> None:
        """Calls without an answer, rows that died with a worker: what reached the gateway was accepted."""
        marks = {survey.mark: survey.number for survey in book.surveys.values()}
        if self.journal.seen.keys() - marks.keys():
            for survey in reports.surveys():
                if survey["name"].startswith(MARK):
                    marks[survey["name"].removeprefix(MARK).strip()] = survey["id"]
        found = book.adopt(self.journal.seen, marks)
        if book.unsure or found:
            self.remarks.append(
                f"{book.unsure:,} calls ended without an answer; {found:,} requests that nobody told of were "
                "found at the gateway and judged with the others"
            )

    def _flow_rows(self, truth: Truth, stats: Any) -> dict[str, Row]:
        seconds = (
            max(stats.total.last_request_timestamp or 0, stats.total.start_time + 1) - stats.total.start_time
        )
        journal = self.journal
        hits = sum(count for (_, where), count in journal.hits.items() if where.endswith("submit"))
        failures = {
            SENT: (len(truth.missing), 0),
            COUNTED: (journal.unheard + journal.lost.total() - journal.lost["fault"], journal.lost["fault"]),
        }
        rows = {
            name: Row(len(times), failures.get(name, (0, 0))[0], len(times) / seconds, times.times(),
                      failures.get(name, (0, 0))[1])
            for name, times in self.flows.whole.items()
        }  # fmt: skip
        expected = min(journal.refused, hits)
        rows[SUBMIT] = Row(
            journal.submitted, journal.refused - expected, journal.submitted / seconds, {}, expected
        )
        return rows

    def _singles(self, truth: Truth) -> dict[str, dict[str, float | None]]:
        found, proved = truth.balance, bool(truth.compared)
        told = {
            "lost": found.lost, "duplicated": found.duplicated, "misfiled": found.misfiled,
            "nps.delta": truth.delta,
        }  # fmt: skip
        return {
            "truth": {name: float(value) if proved else None for name, value in told.items()},
            "offered": {"shortfall": book.shortfall},
        }


def request_rows(stats: Any) -> dict[str, Row]:
    """Locust's rows as thresholds see them."""
    return {
        entry.name: Row(
            entry.num_requests,
            entry.num_failures,
            entry.total_rps,
            {
                **{f"p{part}": entry.get_response_time_percentile(part / 100) for part in (50, 90, 95, 99)},
                "mean": entry.avg_response_time,
                "max": entry.max_response_time,
            },
        )
        for entry in stats.entries.values()
        if entry.method != "flow"
    }


def _shift() -> int:
    """The world's time less this machine's, in milliseconds: 0 where the world has the usual time."""
    reads = []
    for _ in range(READS):
        began = time.time_ns() // 1_000_000
        world = int(control("/clock")["nowMs"])
        ended = time.time_ns() // 1_000_000
        reads.append((ended - began, world - (began + ended) // 2))
    shift = min(reads)[1]
    return 0 if abs(shift) < CLOSE_MS else shift
