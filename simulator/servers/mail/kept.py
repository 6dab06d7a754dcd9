"""Mails kept as they came and went, to be looked at: the newest, up to so many octets."""

from __future__ import annotations

from collections import OrderedDict


class KeptMails:
    """Raw mails by the id of a message or a reply. One mail to many recipients is kept once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._octets = 0
        self._mails: OrderedDict[str, bytes] = OrderedDict()

    def put(self, identity: str, mail: bytes) -> None:
        """Keep it; the oldest make room."""
        self._octets += len(mail) - len(self._mails.pop(identity, b""))
        self._mails[identity] = mail
        while self._octets > self._most:
            self._octets -= len(self._mails.popitem(last=False)[1])

    def get(self, identity: str) -> bytes | None:
        """The mail as it was on the wire; None when it is no longer kept."""
        return self._mails.get(identity)

    def clear(self) -> None:
        self._mails.clear()
        self._octets = 0
