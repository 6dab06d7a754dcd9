"""`python -m benchmarks [NAME …]`: run the measurements and print a table that can be pasted into
docs/performance.md.
"""

from __future__ import annotations

import argparse
import importlib
import platform
import sqlite3
from pathlib import Path

from benchmarks.figure import Figure

BENCHMARKS = {
    "answers": "replies read a second by the service's reader",
    "phrases": "replies written, and people decided, a second by the simulator",
    "sends": "accepted sends a second over HTTP, durable: single, and batches of 1,000",
    "processes": "accepted sends a second on PostgreSQL, by one process and by two",
    "trips": "full round trips a second: send, hand over, report, reply, read, counted",
    "smpp": "messages a second over SMPP, without receipts and with, beside node-smpp",
    "reports": "time of a report over a million requests",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        choices=[*BENCHMARKS, []],
        help="; ".join(f"{k}: {v}" for k, v in BENCHMARKS.items()),
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, to see that they run")
    chosen = parser.parse_args()
    print(f"machine: {machine()}\n\n| what | figure | beside it |\n| --- | --- | --- |", flush=True)
    for name in chosen.names or BENCHMARKS:
        measure = importlib.import_module(f"benchmarks.{name}").measure
        figures: list[Figure] = measure(0.1 if chosen.quick else 1.0)
        for figure in figures:
            print(figure.row(), flush=True)


def machine() -> str:
    """What was measured on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    processor = f"{len(names)} × {names[0]}" if names else platform.processor()
    return (
        f"{processor}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


if __name__ == "__main__":
    main()
