"""How the voice door is set up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.calls.performance import Bounds

USUAL_BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Options:
    """`accounts` maps account sids to tokens."""

    accounts: Mapping[str, str] = field(repr=False)
    origins: frozenset[str] = frozenset()
    """Beyond this machine, the only origins (`https://host:port`) that a call may ask."""
    per_second: float = 0.0
    """Calls that an account dials in a second; more wait in its queue. 0: no limit."""
    at_once: int = 0
    """Calls of an account that may be under way; more are refused. 0: no limit."""
    keep: int = 100_000
    """Calls that can be asked for."""
    body_bytes: int = 65_536
    answer_seconds: float = 15.0
    """Of this machine, for a caller's server to answer; Twilio's."""
    bounds: Bounds = USUAL_BOUNDS
