"""What mail systems write by themselves: delivery status notifications (RFC 3464), complaints (RFC 5965)."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.wire.mail.compose import Headers, mail, plain_part, several, text_part


@dataclass(frozen=True, slots=True)
class Returned:
    """The mail that a report is about. Moments are RFC 5322 date-times."""

    address: str
    """The recipient."""
    return_path: str
    arrived: str
    head: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of it: RFC 3463 status, the last server's answer, and whether the server still tries."""

    status: str
    diagnostic: str
    delayed: bool = False
    retries_until: str | None = None


def delivery_status(headers: Headers, about: Returned, verdict: Verdict, boundary: str, host: str) -> bytes:
    """A notification that a mail failed for good, or is delayed."""
    fields = [
        f"Reporting-MTA: dns; {host}",
        f"Arrival-Date: {about.arrived}",
        "",
        f"Final-Recipient: rfc822; {about.address}",
        f"Original-Recipient: rfc822;{about.address}",
        f"Action: {'delayed' if verdict.delayed else 'failed'}",
        f"Status: {verdict.status}",
        f"Remote-MTA: dns; {about.address.rpartition('@')[2]}",
        f"Diagnostic-Code: smtp; {verdict.diagnostic}",
    ]
    if verdict.retries_until:
        fields.append(f"Will-Retry-Until: {verdict.retries_until}")
    parts = [
        text_part(_explained(about, verdict, host), encoding="quoted-printable"),
        plain_part("message/delivery-status", "\n".join([*fields, ""])),
        plain_part("text/rfc822-headers", _returned(about.head)),
    ]
    whole = several("report", boundary, parts, report_type="delivery-status")
    return mail([*headers, ("Auto-Submitted", "auto-replied")], whole)


def _explained(about: Returned, verdict: Verdict, host: str) -> str:
    began = "This is the mail system at host " + host + "."
    if verdict.delayed:
        told = "Your message could not be delivered yet. It is still being tried; do not send it again."
    else:
        told = "I'm sorry to have to tell you that your message could not be delivered. It is attached below."
    return f"{began}\n\n{told}\n\n<{about.address}>: {verdict.diagnostic}\n"


def complaint(headers: Headers, about: Returned, boundary: str, host: str) -> bytes:
    """A feedback report: the recipient has called the mail spam."""
    fields = [
        "Feedback-Type: abuse",
        "User-Agent: Belfort-Feedback/1.0",
        "Version: 1",
        f"Original-Mail-From: <{about.return_path}>",
        f"Original-Rcpt-To: <{about.address}>",
        f"Arrival-Date: {about.arrived}",
        f"Reporting-MTA: dns; {host}",
    ]
    said = f"This is a report about a mail that was sent to {about.address} and reported as unwanted.\n"
    parts = [
        text_part(said),
        plain_part("message/feedback-report", "\n".join([*fields, ""])),
        plain_part("text/rfc822-headers", _returned(about.head)),
    ]
    return mail(headers, several("report", boundary, parts, report_type="feedback-report"))


def _returned(head: bytes) -> str:
    """The returned head, with octets beyond ASCII as question marks: the part is 7bit."""
    return head.replace(b"\r\n", b"\n").decode("ascii", "replace").replace("\ufffd", "?") + "\n"
