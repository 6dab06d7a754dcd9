"""The load test: those who send, read reports and write back, and at the end a verdict on correctness.

    belfort up &
    locust -f loadtests/locustfile.py --headless -u 20 -t 30s

Locust judges latency and status. What it cannot know is whether the figures are right: at the end the run
settles, every report is compared with the truth, and the exit code says what came of it. Works on any number
of workers (`--processes`, `--worker`), which hand their rows to the master. `BELFORT_SHAPE` chooses a shape,
`BELFORT_THRESHOLDS` another file of thresholds, `BELFORT_REPORT` another folder for the report.
"""

from __future__ import annotations

import shapes
from conduct import conduct
from run import Run
from users.crm import Crm
from users.esme import Esme
from users.reporter import Reporter
from users.sender import BatchSender, Sender
from users.storm import ReplyStorm

__all__ = ["BatchSender", "Crm", "Esme", "ReplyStorm", "Reporter", "Sender", "Shape"]

Shape = shapes.chosen()

conduct(Run)
