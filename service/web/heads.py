"""Heads of send calls, known again by their bytes.

A caller says the same in each head; the library reads the first, and what it read is kept. The same bytes
mean the same, so nothing here reads HTTP. A head is kept only when all it says is which survey is meant, by
whom, and how long the body is: what else may be said is for the general way.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from aiohttp import HttpVersion11, hdrs
from aiohttp.http_parser import RawRequestMessage

from service.domain.request import SurveyId
from service.web import addresses
from service.web.access import bearer
from service.web.body import MOST_BYTES
from service.web.idempotency import HEADER
from service.web.problems import Problem

END = b"\r\n\r\n"
MOST_HEADS = 1_000
LONGEST = 2_048
"""Bytes: of longer heads none is kept."""

_JSON = (["application/json"], ["application/json;charset=utf-8"])
_SPECIAL = (HEADER, hdrs.EXPECT, hdrs.CONTENT_ENCODING, hdrs.TRANSFER_ENCODING, hdrs.UPGRADE)


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of an ordinary send call says."""

    survey: SurveyId
    token: str = field(repr=False)
    length: int
    """Of the body, in bytes."""


class Heads:
    """Those that were met lately, by their bytes, the blank line included."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, Head] = OrderedDict()

    def find(self, raw: bytes) -> Head | None:
        """What these bytes said when the library read them."""
        return self._known.get(raw)

    def learn(self, raw: bytes, head: Head) -> None:
        """These bytes say `head`."""
        if len(raw) > LONGEST:
            return
        self._known[raw] = head
        if len(self._known) > MOST_HEADS:
            self._known.popitem(last=False)


def ordinary(message: RawRequestMessage) -> Head | None:
    """What the head of an ordinary send call says; None for any other."""
    if message.method != hdrs.METH_POST or message.version != HttpVersion11 or message.should_close:
        return None
    resource, survey = addresses.find(message.path)
    if resource != addresses.SEND or not message.path.startswith(addresses.BASE):
        return None
    headers = message.headers
    if message.upgrade or message.chunked or any(name in headers for name in _SPECIAL):
        return None
    kinds = [kind.lower().replace("; ", ";") for kind in headers.getall(hdrs.CONTENT_TYPE, ())]
    if kinds not in _JSON:
        return None
    length = content_length(message)
    if not 0 < length <= MOST_BYTES:
        return None
    try:
        return Head(survey, bearer(headers.getall(hdrs.AUTHORIZATION, ())), length)
    except Problem:
        return None


def content_length(message: RawRequestMessage) -> int:
    """How many bytes of a body follow the head of a message that is not chunked; the library has checked
    the header."""
    return int(message.headers.get(hdrs.CONTENT_LENGTH, 0))
