"""Which addresses somebody lives at, and by which ways each can be reached."""

from __future__ import annotations

from collections.abc import Callable

from simulator.people import mailboxes, numbers
from simulator.people.mailboxes import is_mailbox
from simulator.people.numbers import is_landline, is_mobile
from simulator.world import Channel

TELEPHONE = (Channel.SMS, Channel.VOICE)
LANDLINE = (Channel.VOICE,)
MAILBOX = (Channel.EMAIL,)

KINDS: tuple[tuple[Callable[[str], bool], tuple[Channel, ...]], ...] = (
    (is_mobile, TELEPHONE),
    (is_landline, LANDLINE),
    (is_mailbox, MAILBOX),
)
"""The first kind that fits an address says how it is reached."""


def channels_of(address: str) -> tuple[Channel, ...]:
    """The ways to `address`; none where nobody can live."""
    return next((channels for fits, channels in KINDS if fits(address)), ())


def describe(address: str) -> str:
    """What stands behind an address, in a few words."""
    return mailboxes.describe(address) if "@" in address else numbers.describe(address)
