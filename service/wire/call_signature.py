"""Signed call-backs of the Twilio dialect: `X-Twilio-Signature`, an HMAC-SHA1 under the account's auth token.

What is signed is the address that was called, as the gateway was given it, and every parameter of the form,
sorted by name, each once for each of its values. Gateways of this family differ in whether a standard or any
port belongs to the address, so both are taken. SHA-1 is the dialect's; HMAC does not rest on the property
that SHA-1 has lost (RFC 6194 §3.3).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import urlsplit

from service.wire.calls import Parameters

HEADER = "X-Twilio-Signature"
STANDARD_PORTS = {"http": 80, "https": 443}


def signature(token: str, url: str, parameters: Parameters) -> str:
    """The signature of one call-back to `url`."""
    signed = url + "".join(name + value for name, value in sorted(set(parameters)))
    return base64.b64encode(
        hmac.new(token.encode(), signed.encode("utf-8", "surrogatepass"), hashlib.sha1).digest()
    ).decode()


def holds(given: str, token: str, url: str, parameters: Parameters) -> bool:
    """Whether `given` is the signature of a call-back to `url`. The time taken does not depend on where it
    differs."""
    right = [signature(token, each, parameters).encode() for each in _spellings(url)]
    theirs = given.encode("utf-8", "surrogatepass")
    return any([hmac.compare_digest(mine, theirs) for mine in right])  # noqa: C419  # every one is compared


def _spellings(url: str) -> list[str]:
    """The address with its port and without."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = host.removesuffix(f":{parts.port}") if parts.port else host
    port = parts.port or STANDARD_PORTS.get(parts.scheme, 80)
    return [parts._replace(netloc=netloc).geturl() for netloc in (bare, f"{bare}:{port}")]
