"""Load tests as programs of their own: by our command, or by plain Locust against a running harness."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOAD = (sys.executable, "-m", "belfort", "load")
LOCUST = (sys.executable, "-m", "locust", "-f", str(ROOT / "loadtests" / "locustfile.py"), "--headless")
TOKEN = "for those who may"
CALM = """
[requests]
"*" = ["failures == 0"]
[flows]
"sent→delivered" = ["p95 < 30s", "failures == 0"]
"delivered→replied" = ["p95 < 30s"]
"replied→counted" = ["p95 < 30s", "failures == 0"]
submitted = ["failures == 0"]
"""
"""What holds on the busiest machine: latency is not what these tests are about."""


def load(*arguments: object, cwd: Path, **environ: str) -> tuple[int, str]:
    done = subprocess.run(
        [*LOAD, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=100,
        env={**os.environ, **environ},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def verdict(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "belfort-report" / "verdict.json").read_text()))


@contextmanager
def program(*words: str, **environ: str) -> Iterator[dict[str, Any]]:
    """A program for as long as it is needed, and what it said of itself."""
    command, own = (sys.executable, "-m", *words), {**os.environ, **environ}
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=own
    ) as child:
        assert child.stdout is not None
        yield json.loads(child.stdout.readline())
        child.terminate()


def inject(control: str, **fault: Any) -> None:
    told = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    where = f"{control}/control/v1/faults"
    sent = urllib.request.Request(where, json.dumps(fault).encode(), told)  # noqa: S310  # our own simulator
    urllib.request.urlopen(sent).close()  # noqa: S310  # ditto


def whereabouts(card: dict[str, Any]) -> dict[str, str]:
    """How plain Locust is told where everything is."""
    return {
        "BELFORT_URL": card["service"],
        "BELFORT_CONTROL": card["control"],
        "BELFORT_CONTROL_TOKEN": TOKEN,
    }


def locust(card: dict[str, Any], *arguments: str, cwd: Path, **environ: str) -> tuple[int, str]:
    """Plain Locust against a running harness."""
    done = subprocess.run(
        [*LOCUST, *arguments, "--only-summary"], cwd=cwd, capture_output=True, text=True, timeout=100,
        env={**os.environ, **whereabouts(card), **environ},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr
