"""What mail systems report of a mail: that it was delivered, delayed or failed (RFC 3464), or that somebody
complained about it (RFC 5965).

Whose mail it was stands in the address that the report came to, so no address in it is read. Of bounces
without form only the plain ones are believed: a code or word of permanent failure near the top, and none of
delay.
"""

from __future__ import annotations

import re
from email.message import Message
from enum import Enum

from service.wire.mail_message import body, header

UNFORMED_TOP = 4_000
"""Characters of a report without form that are searched: what follows is the mail that came back."""


class Report(Enum):
    """What became of the mail, as the report says."""

    DELIVERED = "delivered"
    DELAYED = "delayed"
    FAILED = "failed"
    COMPLAINT = "complaint"


_ACTIONS = {
    # RFC 3464 §2.3.3; `error` is opensmtpd's.
    "failed": Report.FAILED,
    "error": Report.FAILED,
    "delayed": Report.DELAYED,
    "delivered": Report.DELIVERED,
    "relayed": Report.DELAYED,
    "expanded": Report.DELAYED,
}
_PERMANENT = re.compile(
    r"\b5\.[0-9]{1,3}\.[0-9]{1,3}\b|\b55[0-4][ -]|permanent(?:ly)?\b|fatal errors|user unknown|no such user"
    r"|does(?: not|n't) exist|unknown user|mailbox unavailable|undeliverable|could not be delivered",
    re.IGNORECASE,
)
_PASSING = re.compile(
    r"\bwarning\b|transient|non-fatal|temporar|delayed|will (?:be )?(?:keep |continue |retr)|still trying"
    r"|not yet been delivered|\b4\.[0-9]{1,3}\.[0-9]{1,3}\b",
    re.IGNORECASE,
)
_DAEMON = re.compile(r"\b(?:mailer-daemon|postmaster|mail delivery)\b", re.IGNORECASE)
_WORST_FIRST = (Report.FAILED, Report.DELIVERED, Report.DELAYED)


def read(mail: Message) -> Report | None:
    """What a report in form says; None for any other mail."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/feedback-report":
            # RFC 5965 §7.3: every kind of feedback but this one is a complaint.
            return Report.COMPLAINT if _field(_blocks(part), "feedback-type") != "not-spam" else None
        if kind == "message/delivery-status":
            return _status(_blocks(part))
    return None


def complainant(mail: Message) -> str:
    """Whom the mail complained about had gone to, as the complaint tells (RFC 5965 §3.2); empty if not."""
    for part in mail.walk():
        kind = part.get_content_type()
        told = _field(_blocks(part), "original-rcpt-to") if kind == "message/feedback-report" else ""
        if kind in ("message/rfc822", "text/rfc822-headers"):
            told = _field(_blocks(part), "to")
        if told:
            return told.strip("<> ").removeprefix("rfc822;").strip("<> ")
    return ""


def guess(mail: Message) -> Report | None:
    """What a mail system's bounce without form says, if it says it plainly."""
    if mail.get("X-Failed-Recipients") is None and not _DAEMON.search(header(mail, "From")):
        return None
    told = f"{header(mail, 'Subject')}\n{body(mail).plain[:UNFORMED_TOP]}"
    if _PASSING.search(told):
        return Report.DELAYED
    failed = _PERMANENT.search(told) is not None or mail.get("X-Failed-Recipients") is not None
    return Report.FAILED if failed else None


def _blocks(part: Message) -> list[Message]:
    """The groups of fields that the parser makes of such a part's body."""
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _field(blocks: list[Message], name: str) -> str:
    values = (str(block.get(name, "")).split("(")[0].strip().lower() for block in blocks)
    return next(filter(None, values), "")


def _status(blocks: list[Message]) -> Report | None:
    """Of several recipients the worst: ours had one."""
    actions = {str(block.get("Action", "")).split("(")[0].split(";")[0].strip().lower() for block in blocks}
    found = {_ACTIONS[action] for action in actions if action in _ACTIONS}
    return next((report for report in _WORST_FIRST if report in found), None)
