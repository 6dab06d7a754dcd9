"""The load test's files are found as Locust finds them: by the folder of its locustfile."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.loadtests.runs import CALM, ROOT, TOKEN, program

sys.path.append(str(ROOT / "loadtests"))


@pytest.fixture
def calm(tmp_path: Path) -> Path:
    path = tmp_path / "calm.toml"
    path.write_text(CALM)
    return path


@pytest.fixture(scope="module")
def card() -> Iterator[dict[str, Any]]:
    """`belfort up`, as somebody has it running who lets nobody else at its simulator, and what it said."""
    words = ("belfort", "up", "--json", "--tied", "--port", "0", "--profile", "instant")
    # No run ends with the token it begins with.
    with program(*words, BELFORT_TOKEN_LIFETIME="2s", BELFORT_CONTROL_TOKEN=TOKEN) as card:
        yield card
