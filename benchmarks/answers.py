"""Replies read a second, over the sample of answers."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.figure import Figure, rate

SAMPLE = Path(__file__).parent.parent / "tests" / "service" / "domain" / "answers-sample.jsonl"


def measure(scale: float) -> list[Figure]:
    from service.domain.answer import read

    rows = [json.loads(line) for line in SAMPLE.read_text().splitlines()]
    repeats = max(1, round(20 * scale))

    def bare() -> None:
        for _ in range(repeats * len(rows)):
            read("8", "nl-BE")

    def mixed() -> None:
        for _ in range(repeats):
            for row in rows:
                read(row["text"], row["language"])

    count = repeats * len(rows)
    return [
        rate("replies read: a bare digit", count, bare),
        rate("replies read: the sample's mix, mostly hard", count, mixed),
    ]
