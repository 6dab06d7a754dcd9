"""The load test's files are found as Locust finds them: by the folder of its locustfile."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "loadtests"))
