"""A mail as the control API shows it: head, parts and source. Shown, never run: it is text in JSON."""

from __future__ import annotations

import base64
from email import message_from_bytes
from email.message import Message as Part

from simulator.wire.mail.charset import header_text

MOST_HEADERS = 200
MOST_PARTS = 100
LONGEST_VALUE = 2_000


def shown(source: bytes | None) -> dict[str, object] | None:
    """A mail that was accepted or written; None when there is none, or it is no longer kept."""
    if source is None:
        return None
    mail = message_from_bytes(source)
    headers = [[name, header_text(str(value))[:LONGEST_VALUE]] for name, value in mail.raw_items()]
    parts = [_part(part) for _, part in zip(range(MOST_PARTS), mail.walk(), strict=False)]
    return {
        "headers": headers[:MOST_HEADERS],
        "parts": parts,
        "octets": len(source),
        "source": base64.b64encode(source).decode(),
    }


def _part(part: Part) -> dict[str, object]:
    octets = None if part.is_multipart() else part.get_payload(decode=True)
    return {
        "type": part.get_content_type(),
        "charset": part.get_content_charset(),
        "encoding": str(part.get("Content-Transfer-Encoding", "7bit")).strip()[:40].lower(),
        "octets": len(octets) if isinstance(octets, bytes) else 0,
    }
