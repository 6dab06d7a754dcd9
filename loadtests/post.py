"""The messages of this process's ESMEs: what waits for its answer, what for its receipt.

Receipts go to any session of an account, so they are looked up for the whole process; one may overtake the
answer that tells its message's id (SMPP 3.4 §4.6).
"""

from __future__ import annotations

from collections import OrderedDict

KNOWN = 20_000
"""So many ids are known for their receipts having come; a second receipt later than that looks early."""


class Twice(AssertionError):
    """A message's second receipt."""


class Post:
    """Ids and moments, in seconds of a clock that only goes forward."""

    def __init__(self) -> None:
        self._due: dict[bytes, float] = {}
        self._early: OrderedDict[bytes, float] = OrderedDict()
        self._told: OrderedDict[bytes, None] = OrderedDict()

    def answered(self, message: bytes, submitted: float) -> float | None:
        """The message has an id. When its receipt came, if it has come before."""
        came = self._early.pop(message, None)
        if came is None:
            self._due[message] = submitted
            return None
        self._tell(message)
        return came

    def receipt(self, message: bytes, now: float) -> float | None:
        """When the message was submitted; None if its id is not known yet. `Twice` for a second receipt."""
        if message in self._told or message in self._early:
            raise Twice(f"a second receipt for message {message.decode(errors='replace')}")
        submitted = self._due.pop(message, None)
        if submitted is None:
            self._early[message] = now
            if len(self._early) > KNOWN:
                self._early.popitem(last=False)
            return None
        self._tell(message)
        return submitted

    def is_due(self, message: bytes) -> bool:
        """Whether its receipt is still to come."""
        return message in self._due

    def give_up(self, message: bytes) -> None:
        """Nobody waits for its receipt any more."""
        self._due.pop(message, None)

    def _tell(self, message: bytes) -> None:
        self._told[message] = None
        if len(self._told) > KNOWN:
            self._told.popitem(last=False)
