"""`belfort read`: what verdict a reply gets, and why."""

from __future__ import annotations

import json as jsons
import sys
from io import TextIOWrapper
from typing import Annotated

from cyclopts import Parameter

from belfort.exits import Exit, Trouble


def read(
    text: str | None = None,
    /,
    *,
    language: str = "",
    json: Annotated[bool, Parameter(negative="")] = False,
    jsonl: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Read a reply as the survey service reads it.

    Parameters
    ----------
    text
        What somebody wrote.
    language
        The language of the question, such as nl-BE: it decides for words that mean different things.
    json
        Answer in JSON.
    jsonl
        Answer each line {"text": …, "language": …} of standard input with a line {"verdict": …, "score": …}.
    """
    from belfort.reading import read_jsonl, read_one, reading_of

    if jsonl:
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # stray bytes end no reading
        return read_jsonl(sys.stdin, sys.stdout)
    if text is None:
        raise Trouble('give a text: belfort read "een dikke 9" --language nl-BE', Exit.USAGE)
    print(jsons.dumps(reading_of(text, language), ensure_ascii=False) if json else read_one(text, language))
    return Exit.WELL
