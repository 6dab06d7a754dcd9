"""`python -m service`: the service alone, set up by the environment (`BELFORT_…`, see `config`).

Prints one line of JSON with its address once everything is open, and ends on SIGTERM or SIGINT. Exit codes:
0 told to stop, 2 a setting is wrong, 4 the database or the address cannot be had.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys

from service.app import Service
from service.config import Settings, SettingsError
from service.logs import capture_libraries
from service.store.engine import StoreUnavailable
from service.store.vault import WrongMasterKey


async def serve(settings: Settings) -> None:
    """Run until told to stop."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, told.set)
    service = await Service.start(settings)
    capture_libraries(service.log)
    try:
        sys.stdout.write(json.dumps({"service": service.url}) + "\n")
        sys.stdout.flush()
        await told.wait()
    finally:
        await service.stop()


def main() -> int:
    try:
        asyncio.run(serve(Settings.read(os.environ)))
    except SettingsError as error:
        return _complain(str(error), 2)
    except (StoreUnavailable, WrongMasterKey, OSError) as error:
        return _complain(str(error), 4)
    return 0


def _complain(reason: str, code: int) -> int:
    sys.stderr.write(f"survey service: {reason}\n")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
