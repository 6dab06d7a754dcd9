"""Replies read a second by the service's reader: one core, nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from benchmarks.figure import Figure, rate
from benchmarks.phrases import everyday_replies
from service.domain.answer import read

SAMPLE = Path(__file__).parent.parent / "tests" / "service" / "domain" / "answers-sample.jsonl"
COUNT = 5_000


def measure(scale: float) -> list[Figure]:
    """A bare digit, what people send every day, and a sample chosen to be hard."""
    count = round(COUNT * scale)
    sample = [json.loads(line) for line in SAMPLE.read_text().splitlines()]
    hard = [(row["text"], row["language"]) for row in sample] * max(1, count // len(sample))
    return [
        _reading("a bare digit", [("8", "nl-BE")] * count),
        _reading("people's everyday mix, as the phrasebook writes it", list(everyday_replies(count))),
        _reading("the sample of answers, mostly hard", hard),
    ]


def _reading(what: str, replies: list[tuple[str, str]]) -> Figure:
    def work(chosen: Iterable[tuple[str, str]] = replies) -> None:
        for text, language in chosen:
            read(text, language)

    return rate(f"replies read: {what}", len(replies), work)
