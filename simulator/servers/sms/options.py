"""How the SMS door is set up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.servers.mischief import SILENCE


@dataclass(frozen=True, slots=True)
class Options:
    """`clients` maps client ids to secrets, `dedicated` a client's own short numbers to the client."""

    clients: Mapping[str, str] = field(repr=False)
    short_number: str = "8937"
    dedicated: Mapping[str, str] = field(default_factory=dict)
    token_lifetime: float | None = 3_600.0
    """Seconds of this machine; None gives permanent tokens only."""
    bare_faults: bool = False
    """Errors as API Manager 4 writes them."""
    callback_window: int = 16
    callback_origins: frozenset[str] = frozenset()
    """Beyond this machine, the only origins (`https://host:port`) that may be called back."""
    silence: float = SILENCE
    """Seconds after which a connection without an answer is closed."""
