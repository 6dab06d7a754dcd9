"""One harness for the stories of a module; each story brings its own people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scenarios.programs import Program, running


@pytest.fixture(scope="module")
def harness() -> Iterator[Program]:
    """`belfort up` on free ports, its clock frozen: nothing happens unless a story says so."""
    with running("up", "--json", "--tied", "--port", "0", "--clock", "frozen") as program:
        yield program
