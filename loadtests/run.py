"""One run, from the first user to the verdict: what is kept meanwhile, and the steps of its end.

Stop, settle, reconcile, judge. Settling lets the world go on until nothing is due any more and everything
that was accepted has reached the gateway; only then do report and truth have to agree.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from culprits import Search
from gauges import Gauges, Growth, growth
from harness import Refused, Reports, Unreachable, control, drain
from journal import Journal, present
from pace import book
from thresholds import FIGURES, Row, Threshold, judge
from timeline import Flows, Timeline, flow_series, outages, reasons, span
from truth import Truth, reconcile
from users.company import MARK
from users.esme import accounts
from verdict import Fault, Verdict

QUIET_SECONDS = 1.0
DRAIN_SECONDS = 5
"""So long at a time, since the journal is read between two tries and does not wait for ever."""
PATIENCE_SECONDS = 45.0
"""For so long nothing may move while accepted requests have still not reached the gateway."""
READS, CLOSE_MS = 5, 100
"""Clocks that differ by less are the same clock, read a moment later."""
SAID, MOST_SAID = "belfort: ", 10
NOT_BY_PERIOD = "reports do not keep to their period, by which culprits are found: nobody can be singled out"
SENT, COUNTED, SUBMIT = "sent→delivered", "replied→counted", "submitted"


class Run:
    """Everything the master (or the only process) knows of the run."""

    TRUTHS: ClassVar = FIGURES
    THRESHOLDS: ClassVar = "thresholds.toml"

    def __init__(self, thresholds: Sequence[Threshold]) -> None:
        self.thresholds = thresholds
        self.flows, self.timeline, self.gauges = Flows(), Timeline(), Gauges()
        self.journal = Journal(self.flows.add, present(), accounts())
        self.remarks: list[str] = []
        self.died: set[str] = set()
        """Workers of Locust that are gone."""
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
            drain(DRAIN_SECONDS)
            if self.follow():
                moved = time.monotonic()
            calm = time.monotonic() - moved
            if calm > PATIENCE_SECONDS or (calm > QUIET_SECONDS and not self._pending()):
                return
            time.sleep(0.2)

    def _pending(self) -> bool:
        """Whether something that was accepted has not reached the gateway; unknown if the journal forgot."""
        seen = sum(len(requests) for requests in self.journal.seen.values())
        if self.journal.forgotten:
            return False
        return seen < book.count or self.journal.unheard > 0 or (self._unsure() and seen < self._accepted())

    def _unsure(self) -> bool:
        return bool(book.unsure or self.died)

    def _accepted(self) -> int:
        """How many requests the service says it has accepted. It knows of those of which nobody learned, and
        what was leased to a worker that was killed is handed over by another only after a while.
        """
        reports = Reports()
        marks = {survey.mark for survey in book.surveys.values()} | self.journal.seen.keys()
        surveys = [number for mark, number in _surveys(reports).items() if mark in marks]
        return sum(reports.of(each)["responseStatistics"]["totalRequests"] for each in surveys)

    def end(self, stats: Any) -> Verdict:
        """Settle, reconcile, judge."""
        verdict = Verdict(remarks=self.remarks)
        try:
            self._conclude(verdict, stats)
        except (Unreachable, Refused) as error:
            verdict.unreachable = str(error)
        return verdict

    def _conclude(self, verdict: Verdict, stats: Any) -> None:
        began = time.monotonic()
        self.remarks += [*what_failed(stats), *_said_by_service()]
        self._tally(verdict)
        self.settle()
        _say(f"settled in {time.monotonic() - began:.0f} s; comparing {book.count:,} requests with the truth")
        reports = Reports()
        self._adopt(reports)
        truth = reconcile(book.surveys.values(), reports)
        self._tally(verdict)
        verdict.reports = len(truth.compared)
        elsewhere = self.journal.hits_elsewhere
        verdict.rows = {"requests": request_rows(stats, elsewhere), "flows": self._flow_rows(truth, stats)}
        verdict.faults = [Fault(*fault, hits) for fault, hits in self.journal.hits.items()]
        verdict.differing = truth.differing
        verdict.gauges = self.gauges.series
        verdict.growth = self._growth(*span(stats.total))
        verdict.judged = judge(self.thresholds, verdict.rows, self._singles(truth, verdict.growth))
        if truth.differing or truth.missing:
            search = Search(book, truth, reports, self.shift_ms)
            verdict.culprits = search.culprits()
            self.remarks += [] if search.by_period else [NOT_BY_PERIOD]
        if self.journal.forgotten:
            verdict.remarks.append(
                f"the simulator forgot {self.journal.forgotten:,} journal entries before they were read: "
                "flows leave those out (BELFORT_KEEP_ENTRIES keeps more)"
            )

    def _tally(self, verdict: Verdict) -> None:
        """What is known whether or not the service still answers."""
        verdict.accepted = book.count
        verdict.due, verdict.made = sum(book.due.values()), sum(book.made.values())

    def _adopt(self, reports: Reports) -> None:
        """Calls without an answer, rows that died with a worker: what reached the gateway was accepted."""
        marks = {survey.mark: survey.number for survey in book.surveys.values()}
        if self.journal.seen.keys() - marks.keys():
            marks |= _surveys(reports)
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
        hits -= _at(("submit",), journal.hits_elsewhere)
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

    def _growth(self, began: int, ended: int) -> dict[str, Growth]:
        """What the first third of the run was like, and its last; without what was not measured in both."""
        sent = self.flows.seconds.get(SENT, {})
        series = {
            **self.gauges.series, "latency.p95": self.timeline.series("p95"),
            "sent→delivered.p95": list(flow_series(sent)),
        }  # fmt: skip
        found = {name: growth(points, began, ended) for name, points in series.items()}
        return {name: each for name, each in found.items() if each is not None}

    def _singles(self, truth: Truth, grown: Mapping[str, Growth]) -> dict[str, dict[str, float | None]]:
        found, proved = truth.balance, bool(truth.compared)
        told = {
            "lost": found.lost, "duplicated": found.duplicated, "misfiled": found.misfiled,
            "nps.delta": truth.delta,
        }  # fmt: skip
        return {
            "truth": {name: float(value) if proved else None for name, value in told.items()},
            "offered": {"shortfall": book.shortfall},
            "growth": {name: each.more if name == "queue" else each.part for name, each in grown.items()},
        }


def _say(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)


def _surveys(reports: Reports) -> dict[str, int]:
    """All surveys of load tests in this account, by their mark."""
    return {
        survey["name"].removeprefix(MARK).strip(): survey["id"]
        for survey in reports.surveys()
        if survey["name"].startswith(MARK)
    }


def what_failed(stats: Any) -> list[str]:
    """When calls failed, and why most of them did."""
    total = stats.total
    return [*outages(total.num_reqs_per_sec, total.num_fail_per_sec), *reasons(stats.errors.values())]


def _said_by_service() -> list[str]:
    """What our own service's command wrote on its way: workers that died and were started again."""
    log = os.environ.get("BELFORT_SERVICE_LOG")
    if not log:
        return []
    lines = Path(log).read_text("utf-8", errors="replace").splitlines()
    return [f"the service said: {line.removeprefix(SAID)}" for line in lines if line.startswith(SAID)][
        :MOST_SAID
    ]


STAGES = {"bind_transceiver": ("bind",), "submit_sm": ("submit", "length"), "receipt": ("report",)}
"""Of an ESME's rows: the stages at which an injected fault explains a failure."""


def _at(stages: Collection[str], hits: Mapping[str, int]) -> int:
    return sum(count for where, count in hits.items() if where.rpartition(".")[2] in stages)


def request_rows(stats: Any, hits: Mapping[str, int]) -> dict[str, Row]:
    """Locust's rows as thresholds see them. `hits`: injected faults that befell ESMEs, by place."""
    expected = {name: _at(stages, hits) for name, stages in STAGES.items()}
    return {
        entry.name: Row(
            entry.num_requests,
            entry.num_failures - min(entry.num_failures, expected.get(entry.name, 0)),
            entry.total_rps,
            {
                **{f"p{part}": entry.get_response_time_percentile(part / 100) for part in (50, 90, 95, 99)},
                "mean": entry.avg_response_time,
                "max": entry.max_response_time,
            },
            min(entry.num_failures, expected.get(entry.name, 0)),
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
