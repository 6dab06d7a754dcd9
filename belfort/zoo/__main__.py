"""`python -m belfort.zoo [BUG…]`: every bug, or those named, against every scenario.

Prints a table; ends with 1 if a bug got away or a scenario raised a false alarm.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from belfort.exits import Exit, Trouble
from belfort.zoo.bugs import BUGS
from belfort.zoo.matrix import as_markdown, rows


def main(arguments: Sequence[str] | None = None) -> int:
    asked = argparse.ArgumentParser(prog="python -m belfort.zoo", description=__doc__)
    asked.add_argument(
        "bugs", nargs="*", metavar="BUG", help=f"one of {', '.join(BUGS)}; all if none is named"
    )
    asked.add_argument(
        "--scenarios", type=Path, default=Path("scenarios"), help="the folder of the scenarios"
    )
    asked.add_argument("--workers", type=int, default=2, help="how many scenarios at a time")
    asked.add_argument("--quick", action="store_true", help="only the scenario that should find each")
    given = asked.parse_args(arguments)
    only = (lambda bug: bug.found_by) if given.quick else None
    bugs = given.bugs or [*([] if given.quick else [None]), *BUGS]
    table = []
    for row in rows(bugs, given.scenarios, workers=given.workers, only=only):
        table.append(row)
        found = ", ".join(row.found_by) or "nothing"
        print(f"{'ok  ' if row.well else 'FAIL'}  {row.bug or 'no bug'}: {found}", flush=True)
    print(f"\n{as_markdown(table)}")
    return Exit.WELL if all(row.well for row in table) else Exit.CHECK_FAILED


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        sys.exit(trouble.code)
