"""A file that only takes up room, so that a full disk still has some for deleting and erasing.

SQLite needs space even for a DELETE (the write-ahead log grows first), and personal data must go when its
time has come.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

SIZE = 4 * 1024 * 1024


class Ballast:
    """Held, or given up until there is room to take it back."""

    def __init__(self, database: Path) -> None:
        self._file = database.with_name(database.name + ".ballast")
        self.held = False

    def hold(self) -> bool:
        """Take up the room; False when there is none."""
        if not self.held:
            self.held = self._filled()
        return self.held

    def give_up(self) -> bool:
        """Let go of the room; False when there was none to let go."""
        if not self.held:
            return False
        with suppress(OSError):
            self._file.unlink()
        self.held = False
        return True

    def _filled(self) -> bool:
        try:
            handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return False
        try:
            os.posix_fallocate(handle, 0, SIZE)
        except OSError:
            # A file that is only part of its size would take the very room that is missing.
            with suppress(OSError):
                self._file.unlink()
            return False
        finally:
            os.close(handle)
        return True
