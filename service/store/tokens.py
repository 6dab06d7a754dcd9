"""Unguessable names of requests, for addresses at which a peer calls back or a person writes back.

A token is the request's id and a keyed hash over it and its channel, so nothing need be kept to know it
again, and nobody without the master key can make one. It tells nothing of a person. 42 characters of
lower-case base32 (RFC 4648 §6): they survive mail systems that do not keep capitals.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from uuid import UUID

from service.domain.request import Channel, RequestId
from service.store.vault import Vault

ID_BYTES = 16
PROOF_BYTES = 10
"""80 bits: whoever guesses must guess over the network."""
LENGTH = 42


class Tokens:
    """Makes tokens and knows them again."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def of(self, channel: Channel, request: RequestId) -> str:
        """The token of a request that travels on `channel`."""
        named = request.bytes + self._proof(channel, request.bytes)
        return base64.b32encode(named).decode().rstrip("=").lower()

    def request(self, channel: Channel, token: str) -> RequestId | None:
        """Whose token this is; None for what was not made here, or for another channel."""
        if len(token) != LENGTH or not token.isascii():
            return None
        try:
            named = base64.b32decode(token.upper() + "=" * (-LENGTH % 8))
        except binascii.Error:
            return None
        request, proof = named[:ID_BYTES], named[ID_BYTES:]
        right = hmac.compare_digest(proof, self._proof(channel, request))
        return UUID(bytes=request) if right else None

    def _proof(self, channel: Channel, request: bytes) -> bytes:
        return self._vault.hashed(b"token %s " % channel.value.encode() + request)[:PROOF_BYTES]
