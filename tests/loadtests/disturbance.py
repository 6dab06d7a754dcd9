"""A load test that something happens to while it runs."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


def disturbed(
    command: Sequence[str],
    cwd: Path,
    *,
    after: str,
    harm: Callable[[int], object],
    session: bool = False,
    environ: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """Do `harm` to the process once it has said `after`; how it ended, and all it said. `session`: it leads
    a group of its own.
    """
    with subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=session, env=environ,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        said = []
        for line in child.stdout:
            said.append(line)
            if after in line:
                break
        harm(child.pid)
        said.append(child.stdout.read())
    return child.wait(), "".join(said)
