"""What becomes of a mail after it was accepted, and how a bounce spells it: RFC 3463 status, SMTP reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.world import CAUSE, Cause, Status


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a delivery status notification words a cause (RFC 3464 §2.3)."""

    status: str
    """RFC 3463."""
    diagnostic: str
    """What the last server answered; `{address}` is the recipient."""


def _failed(name: str) -> Cause:
    return Cause(name, 0, "UNDELIV", 5, Status.DELIVERY_IMPOSSIBLE)


def _waits(name: str) -> Cause:
    return Cause(name, 0, "ENROUTE", 1, Status.MESSAGE_WAITING, final=False)


_TABLE = (
    (_failed("mailbox unknown"), "5.1.1", "550 5.1.1 <{address}>: Recipient address rejected: User unknown"),
    (_failed("mailbox disabled"), "5.2.1", "550 5.2.1 The account {address} is disabled"),
    (_failed("mailbox full for good"), "5.2.2", "552 5.2.2 <{address}>: Mailbox is full, over quota"),
    (_failed("refused by a filter"), "5.7.1", "554 5.7.1 Message rejected because of its content"),
    (_failed("cannot be routed"), "5.4.4", "550 5.4.4 Unable to route to the host of {address}"),
    (_failed("never taken"), "4.4.7", "451 4.4.7 Message delayed for too long: delivery time expired"),
    (_waits("server not reached"), "4.4.1", "421 4.4.1 Connection to the server of {address} timed out"),
    (_waits("mailbox full"), "4.2.2", "452 4.2.2 <{address}>: Mailbox is full, try again later"),
)

SPELLINGS: Mapping[str, Spelling] = {cause.name: Spelling(*words) for cause, *words in _TABLE}
MAIL_CAUSES: Mapping[str, Cause] = {
    **{cause.name: cause for cause, *_ in _TABLE},
    **{name: CAUSE[name] for name in ("delivered", "lost without a report")},
}
"""The causes of mail by name: what bounces tell, and the two of which no mail system ever tells."""

OF_A_PHONE: Mapping[str, str] = {
    "unknown subscriber": "mailbox unknown",
    "teleservice not provisioned": "mailbox disabled",
    "call barred": "mailbox disabled",
    "not sms capable": "mailbox full for good",
    "absent until expiry": "never taken",
    "memory full until expiry": "mailbox full for good",
    "message waiting list full": "mailbox full for good",
    "system failure": "cannot be routed",
    "rejected by the operator": "refused by a filter",
    "absent": "server not reached",
    "memory full": "mailbox full",
    "under way": "server not reached",
    "no report": "delivered",
    "expired": "never taken",
    "deleted by the sender": "lost without a report",
}
"""What a fate told for a telephone means for a mailbox, so that one file can describe both."""


def mail_cause(name: str) -> Cause:
    """The cause of that name, a telephone's translated; KeyError for one that is none."""
    return MAIL_CAUSES[OF_A_PHONE.get(name, name)]
