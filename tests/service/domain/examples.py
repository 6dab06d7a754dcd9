"""Replies with their verdicts, as the files beside tell them."""

import json
from pathlib import Path

from service.domain.answer import read

HERE = Path(__file__).parent
LANGUAGES = ("nl-BE", "fr-BE", "de-BE", "en-GB")


def rows(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def outcome(text: str, language: str) -> int | str:
    """The score of a good reply, else the name of its verdict: what the tables below are written in."""
    reading = read(text, language)
    return reading.verdict.value if reading.score is None else reading.score
