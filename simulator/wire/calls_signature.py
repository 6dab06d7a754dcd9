"""Signs what is sent to a caller's addresses: `X-Twilio-Signature` (Twilio, "Validating requests").

HMAC-SHA1 under the account's token over the whole URL and, for a POST, over every parameter, sorted by name,
name and value without anything between; in base64.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping

HEADER = "X-Twilio-Signature"


def signature(token: str, url: str, posted: Mapping[str, str]) -> str:
    """The header's value for a request to `url` with these form parameters (none for a GET)."""
    text = url + "".join(f"{name}{posted[name]}" for name in sorted(posted))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
