"""When a session must act: the four timers of SMPP 3.4 §7.2, as pure functions of the time handed in.

Times are seconds on any clock that does not go back. A timer of 0 never fires.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Timers:
    """How long, in seconds."""

    init: float = 30.0
    """From the connection to its bind (session_init_timer)."""
    enquire: float = 60.0
    """Silence of the peer after which it is asked whether it is there (enquire_link_timer)."""
    inactivity: float = 0.0
    """Without a message, after which the session is unbound (inactivity_timer)."""
    response: float = 30.0
    """For an answer to a request of ours (response_timer)."""
    linger: float = 2.0
    """For the peer to close after unbind_resp: clients like to close first."""


def due(since: float, after: float) -> float:
    """When a timer of `after` seconds that began at `since` fires."""
    return since + after if after > 0 else NEVER


def earliest(moments: Iterable[float]) -> float | None:
    """The first of `moments`, or None when none ever comes."""
    first = min(moments, default=NEVER)
    return None if first == NEVER else first
