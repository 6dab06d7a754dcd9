"""What the mail door is told before it opens."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

DOOR = "mail"
"""What the journal, the meters and the faults call it."""
UNNAMED = "mail"
"""The account of a peer that did not say who it is."""
HOST = "mx.belfort.test"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the door bears. Seconds are this machine's."""

    connections: int = 4_096
    mail_octets: int = 1_048_576
    recipients: int = 100
    """Of one mail; a server must take a hundred (RFC 5321 §4.5.3.1.8)."""
    idle: float = 60.0
    """Seconds without a command, and for the whole of a mail's data."""
    commands_octets: int = 4_194_304
    """Octets between two mails, besides twice the mail; beyond these a peer is cut off."""
    silence: float = 120.0
    """Until a connection that gets no answer is cut."""
    kept_octets: int = 67_108_864
    """Mails kept to be looked at; of older ones only the text is known."""
    waiting: int = 1_000_000
    """Mails that wait to go out."""
    window: int = 8
    """Connections to the peer's door for replies."""


USUAL_BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Options:
    """Settings of the door. Seconds of `greylist` and `give_up` are the world's."""

    domains: frozenset[str]
    """Whose mailboxes are here, in lower case."""
    accounts: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Passwords by user."""
    auth: str = "off"
    """`off`, `offered` or `required`."""
    tls: ssl.SSLContext | None = None
    """For STARTTLS. Where there is TLS, AUTH waits for it."""
    tls_required: bool = False
    greylist: float = 0.0
    replies: tuple[str, int] | None = None
    """Host and port of the peer's door for replies; MX is not looked up."""
    give_up: float = 5 * 86_400.0
    """How long a mail is tried again: four or five days (RFC 5321 §4.5.4.1)."""
    bounds: Bounds = USUAL_BOUNDS
