"""How a run is conducted on Locust's events: begun, watched every few seconds, ended with the verdict."""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import gevent
from harness import Refused, Token, Unreachable, call
from lifetime import end_with_starter
from locust import events
from locust.env import Environment
from locust.runners import STATE_RUNNING, STATE_SPAWNING, MasterRunner, WorkerRunner
from pace import book
from report import forget, write_report
from run import Run
from shapes import CHOSEN, Course, Smoke
from tales import Tales
from thresholds import BadThresholds, Threshold, read
from verdict import INTERNAL, NOT_REACHABLE, WRONG_USAGE, Verdict

FINISH_SECONDS = 20
TELL_SECONDS = 10
CLOSE_SECONDS = 1.5
MOST_GAUGES = 120
FOLDER = Path(os.environ.get("BELFORT_REPORT") or "belfort-report")


class Conductor:
    """The master's (or the only process's) part; a worker only hands rows over."""

    def __init__(self, kind: type[Run | Tales]) -> None:
        self._kind = kind
        self._thresholds: list[Threshold] = []
        self._run: Run | Tales | None = None
        self._verdict: Verdict | None = None
        self._watcher: gevent.Greenlet | None = None
        self._looked = -math.inf
        self._began = self._ended = 0.0

    def prepare(self, environment: Environment, **_: Any) -> None:
        """Read the thresholds before anything runs. A user who is stopped while a call is under way would
        never learn what was accepted, so users may finish.
        """
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # from now on there is something to judge
            signal.signal(signal.SIGINT, signal.default_int_handler)
        environment.stop_timeout = max(environment.stop_timeout or 0, FINISH_SECONDS)
        if isinstance(environment.runner, WorkerRunner):
            return
        _give_shape(environment)
        try:
            forget(FOLDER)
            self._thresholds = read(_thresholds(self._kind.THRESHOLDS), self._kind.TRUTHS)
            Token(call).renew()
            self._run = self._kind(self._thresholds)
            FOLDER.mkdir(parents=True, exist_ok=True)
        except BadThresholds as error:
            _leave(str(error), WRONG_USAGE)
        except (Unreachable, Refused) as error:
            _leave(str(error), NOT_REACHABLE)
        except OSError as error:
            _leave(f"the report cannot be written: {error}", NOT_REACHABLE)
        self._watcher = gevent.spawn(self._watch, environment)

    def _watch(self, environment: Environment) -> None:
        """Workers report every three seconds, so a master looks less often."""
        every = 6.0 if isinstance(environment.runner, MasterRunner) else 2.0
        told = -math.inf
        while True:
            gevent.sleep(every)
            self._look(environment)
            if time.monotonic() - told >= TELL_SECONDS:
                told = time.monotonic()
                self._tell(environment)

    def _look(self, environment: Environment) -> None:
        run, runner = self._run, environment.runner
        if run is None or runner is None:
            return
        for worker in getattr(getattr(runner, "clients", None), "missing", []):
            if worker.id not in run.died:
                run.died.add(worker.id)
                run.remarks.append(f"worker {worker.id} died, and its users with it")
        if runner.state in (STATE_RUNNING, STATE_SPAWNING):
            self._sample(environment)
            self._gauge(run, environment)
        try:
            run.follow()
        except (Unreachable, Refused) as error:
            run.remarks.append(str(error))

    def _sample(self, environment: Environment) -> None:
        if self._run is not None and environment.runner is not None:
            times = environment.stats.total.response_times
            self._run.timeline.sample(int(time.time()), environment.runner.user_count, dict(times))

    def _gauge(self, run: Run | Tales, environment: Environment) -> None:
        if time.monotonic() - self._looked >= _length(environment) / MOST_GAUGES:
            self._looked = time.monotonic()
            run.gauges.look(int(time.time()))

    def _tell(self, environment: Environment) -> None:
        total, runner = environment.stats.total, environment.runner
        if runner is None or runner.state not in (STATE_RUNNING, STATE_SPAWNING):
            return
        p95 = total.get_current_response_time_percentile(0.95) or 0
        print(
            f"  {runner.user_count} users, {total.current_rps:,.0f} calls/s, p95 {p95:,.0f} ms, "
            f"{total.num_failures:,} failures, {book.count:,} requests accepted",
            file=sys.stderr, flush=True,
        )  # fmt: skip

    def begin(self, environment: Environment, **_: Any) -> None:
        self._began = time.monotonic()
        self._sample(environment)
        if self._run is not None:
            self._gauge(self._run, environment)

    def finish(self, environment: Environment, **_: Any) -> None:
        self._ended = time.monotonic()
        self._sample(environment)

    def _cut_short(self, environment: Environment) -> bool:
        """Whether it ended before its time; a run without a set time ends when somebody ends it."""
        return self._ended - self._began < _length(environment) - CLOSE_SECONDS

    def judge(self, environment: Environment, **_: Any) -> None:
        """Stop, settle, reconcile, verdict. A worker leaves that to its master."""
        runner, run = environment.runner, self._run
        if runner is None or run is None or self._verdict is not None:
            return
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # who interrupts this does not want to know
        environment.process_exit_code = INTERNAL  # unless it comes to a verdict
        if self._watcher is not None:
            self._watcher.kill()  # two who follow the journal would count twice
        if runner.state in (STATE_RUNNING, STATE_SPAWNING):
            runner.stop()
        self._look(environment)
        run.gauges.look(int(time.time()))
        verdict = run.end(environment.stats)
        verdict.interrupted, verdict.shape = self._cut_short(environment), _shape(environment)
        for name, times in run.flows.whole.items():
            entry = environment.stats.get(name, "flow")
            for time_ms, count in times.counts.items():
                for _each in range(count):
                    entry.log(time_ms, 0)
        write_report(FOLDER, verdict, run, environment)
        self._verdict, environment.process_exit_code = verdict, verdict.code

    def say(self, **_: Any) -> None:
        """After Locust's own tables, so that the verdict is what is read last."""
        if self._verdict is not None:
            print("\n".join(["", *self._verdict.lines(), f"  {FOLDER}/index.html"]), flush=True)


def _thresholds(usual: str) -> Path:
    """The file that was asked for, or that goes with the shape, or the usual one."""
    asked, folder = os.environ.get("BELFORT_THRESHOLDS"), Path(__file__).parent
    of_shape = folder / f"{os.environ.get(CHOSEN)}.toml"
    return Path(asked) if asked else of_shape if of_shape.exists() else folder / usual


def _give_shape(environment: Environment) -> None:
    """Who asks for nothing but a run without a page gets the smoke test: one user for ever, which is what
    Locust makes of it, would prove little. A shape takes Locust's own options before it fills in the rest.
    """
    asked: Any = environment.parsed_options
    if (
        environment.shape_class is None
        and asked
        and asked.headless
        and not (asked.num_users or asked.run_time)
    ):
        environment.shape_class = Smoke()
    if isinstance(environment.shape_class, Course):
        type(environment.shape_class).ask(asked)


def _shape(environment: Environment) -> str:
    shape = environment.shape_class
    return type(shape).__name__.lower() if isinstance(shape, Course) else ""


def _length(environment: Environment) -> float:
    """How many seconds the run should take; 0 if somebody will end it."""
    shape = environment.shape_class
    if isinstance(shape, Course):
        return shape.seconds
    return float(getattr(environment.parsed_options, "run_time", None) or 0)


def hand_rows_over(client_id: str, data: dict[str, Any], **_: Any) -> None:
    data["rows"] = book.hand_over()


def take_rows(client_id: str, data: dict[str, Any], **_: Any) -> None:
    book.take(data.get("rows", []))


def _leave(message: str, code: int) -> None:
    print(f"belfort: {message}", file=sys.stderr, flush=True)
    sys.exit(code)


def conduct(kind: type[Run | Tales]) -> None:
    """Conduct this process's run: listen to the events of Locust, each with what is done on it."""
    conductor = Conductor(kind)
    listeners: Mapping[str, Callable[..., None]] = {
        "init": conductor.prepare,
        "test_start": conductor.begin,
        "test_stopping": conductor.finish,
        "report_to_master": hand_rows_over,
        "worker_report": take_rows,
        "quitting": conductor.judge,
        "quit": conductor.say,
    }
    events.init.add_listener(end_with_starter)
    for name, listener in listeners.items():
        getattr(events, name).add_listener(listener)
