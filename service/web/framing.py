"""Where one call of a connection ends and the next begins, told by lengths: the library reads the heads.

What the library has read is enough to say how many bytes are due until a call is whole. A connection on which
that cannot be said (chunks, a head that came in pieces, calls that run into each other) is not followed any
further, and all that comes on it goes the general way.
"""

from __future__ import annotations

from aiohttp.http_parser import RawRequestMessage

from service.web.heads import END, content_length


class Framing:
    """Follows the bytes of one connection."""

    __slots__ = ("_due",)

    def __init__(self) -> None:
        self._due: int | None = 0

    @property
    def between_calls(self) -> bool:
        """Whether the next byte begins a call, for certain."""
        return self._due == 0

    def passed(self, data: bytes, message: RawRequestMessage | None) -> bytes | None:
        """The library was given `data`. `message`: the one that it read in them, if it is one; None for none
        or many. Gives the bytes of its head, where they are certain."""
        if not data:  # the library looks whether it has kept anything back
            return None
        if self._due == 0:
            raw = _head(data, message)
            self._due = self._left(data, raw, message)
            return raw
        if self._due is not None:
            self._due = self._due - len(data) if len(data) <= self._due else None
        return None

    def _left(self, data: bytes, raw: bytes | None, message: RawRequestMessage | None) -> int | None:
        if raw is None or message is None or message.chunked or message.upgrade:
            return None
        left = len(raw) + content_length(message) - len(data)
        return left if left >= 0 else None


def _head(data: bytes, message: RawRequestMessage | None) -> bytes | None:
    """The head that `data` begin with, the blank line included; None if that is not where `message` ends."""
    end = data.find(END) + len(END)
    # The library passes over blank lines before a head (RFC 9112 §2.2); here they would be taken for its own.
    if message is None or end < len(END) or not data.startswith(message.method.encode()):
        return None
    raw = data[:end]
    # A line for the request and one for each header: nothing that looks like a line was taken for another.
    return raw if raw.count(b"\n") == len(message.raw_headers) + 2 else None
