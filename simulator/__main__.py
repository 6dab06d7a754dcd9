"""`python -m simulator`: the simulator alone. Prints one line of JSON once all is open; SIGTERM ends it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping

from simulator.app import Simulator
from simulator.config import Settings, SettingsError

WRONG_SETTINGS = 2
NO_PORT = 4


async def serve(environ: Mapping[str, str]) -> int:
    """Run until told to stop; the exit code."""
    try:
        simulator = await Simulator.start(Settings.read(environ))
    except SettingsError as error:
        return _fail(str(error), WRONG_SETTINGS)
    except OSError as error:
        return _fail(f"a door cannot be opened: {error}; choose another port, or 0 for a free one", NO_PORT)
    told = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, told.set)
    try:
        sys.stdout.write(json.dumps(simulator.addresses()) + "\n")
        sys.stdout.flush()
        await told.wait()
    finally:
        await simulator.stop()
    return 0


def _fail(why: str, code: int) -> int:
    sys.stderr.write(f"simulator: {why}\n")
    return code


def main() -> int:
    """The command."""
    return asyncio.run(serve(os.environ))


if __name__ == "__main__":
    sys.exit(main())
