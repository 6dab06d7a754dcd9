"""For every test, wherever it stands."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """What a shell starts in the background ignores Ctrl-C (POSIX, "Asynchronous Lists"), and so would every
    program that tests start: none could be interrupted.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
