"""The command line as a process of its own: signals, streams and exit codes show nowhere else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def belfort(*arguments: str, stdin: Any = subprocess.PIPE, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """`belfort` with these arguments; ended in order should it still run, so that it puts its folder away."""
    child = subprocess.Popen(
        [sys.executable, "-m", "belfort", *arguments],
        stdin=stdin,
        text=True,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(timeout=20)
        finally:
            child.kill()
            child.wait()
        for stream in (child.stdin, child.stdout, child.stderr):
            if stream is not None:
                stream.close()
