"""Where the environment says that a harness is running already: `BELFORT_URL`, `BELFORT_CONTROL`, …"""

from __future__ import annotations

import os

from belfort.client import http_address
from belfort.exits import Exit, Trouble
from belfort.scenario.harness import CLIENT_ID, CLIENT_SECRET, Harness

CONTROL = "http://127.0.0.1:8033"
"""Where `belfort up` has it."""


def running(
    *,
    url: str | None = None,
    control: str | None = None,
    client_id: str | None = None,
    client_secret: str | None = None,
) -> Harness | None:
    """The running harness that options or environment name; None if each scenario gets its own. `Trouble` for
    what is no address.
    """
    asked = url or os.environ.get("BELFORT_URL")
    if not asked:
        if control:
            raise Trouble("a control API without a service: say --against as well", Exit.USAGE)
        return None
    return Harness(
        service=http_address(asked),
        control=http_address(control or os.environ.get("BELFORT_CONTROL") or CONTROL),
        client_id=client_id or os.environ.get("BELFORT_CLIENT_ID") or CLIENT_ID,
        client_secret=client_secret or os.environ.get("BELFORT_CLIENT_SECRET") or CLIENT_SECRET,
        token=os.environ.get("BELFORT_TOKEN"),
        control_token=os.environ.get("BELFORT_CONTROL_TOKEN"),
        borrowed=True,
        own_clock=True,
    )
