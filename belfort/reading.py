"""Replies put before the service's reader: one for people, or lines of JSON for programs."""

import json
import sys
from typing import IO

from service.domain.answer import read

USAGE_ERROR = 2


def read_one(text: str, language: str) -> str:
    """The verdict, the score if there is one, and the clause that decided, as lines for people."""
    reading = read(text, language)
    lines = [f"verdict  {reading.verdict.value}"]
    if reading.score is not None:
        lines.append(f"score    {reading.score}")
    lines.append(f"why      {reading.clause}")
    return "\n".join(lines)


def reading_of(text: str, language: str) -> dict[str, object]:
    """The same for programs."""
    reading = read(text, language)
    return {"verdict": reading.verdict.value, "score": reading.score, "why": reading.clause}


def read_jsonl(lines: IO[str], out: IO[str]) -> int:
    """Answer each line `{"text": …, "language": …}` at once with `{"verdict": …, "score": …}`.

    `language` may be missing. A line that is no such object is answered `{"error": …}` and named on standard
    error; reading goes on, and the exit code at the end is 2 instead of 0.
    """
    code = 0
    for number, line in enumerate(iter(lines.readline, ""), start=1):
        if not line.strip():
            continue
        try:
            text, language = _reply(line)
        except ValueError as problem:
            code = USAGE_ERROR
            print(f"line {number}: {problem}", file=sys.stderr)
            _answer(out, {"error": f"line {number}: {problem}"})
            continue
        reading = read(text, language)
        _answer(out, {"verdict": reading.verdict.value, "score": reading.score})
    return code


def _reply(line: str) -> tuple[str, str]:
    try:
        member = json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"not JSON ({problem}); write one object a line") from None
    if not isinstance(member, dict) or not isinstance(member.get("text"), str):
        raise ValueError('expected an object with "text": a string')
    language = member.get("language")
    if language is not None and not isinstance(language, str):
        raise ValueError('"language" must be a string such as "nl-BE", or be left out')
    return member["text"], language or ""


def _answer(out: IO[str], member: dict[str, object]) -> None:
    out.write(json.dumps(member) + "\n")
    out.flush()
