"""Which heads are known again by their bytes."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import HttpVersion10, HttpVersion11
from aiohttp.http_parser import RawRequestMessage
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from service.domain.request import SurveyId
from service.web import heads
from service.web.heads import Head, Heads, ordinary

SEND = "/survey/1.0.0/surveys/7/send"
PLAIN = [("Host", "x"), ("Authorization", "Bearer t"), ("Content-Type", "application/json")]
LENGTH = ("Content-Length", "12")


def message(*more: tuple[str, str], **members: Any) -> RawRequestMessage:
    headers = CIMultiDictProxy(CIMultiDict([*PLAIN, LENGTH, *more]))
    said: dict[str, Any] = {
        "method": "POST",
        "path": SEND,
        "version": HttpVersion11,
        "headers": headers,
        "raw_headers": (),
        "should_close": False,
        "compression": None,
        "upgrade": False,
        "chunked": False,
        "url": URL(SEND),
    }
    said |= members
    return RawRequestMessage(*said.values())


def without(name: str, *more: tuple[str, str]) -> CIMultiDictProxy[str]:
    kept = [pair for pair in (*PLAIN, LENGTH) if pair[0] != name]
    return CIMultiDictProxy(CIMultiDict([*kept, *more]))


def test_an_ordinary_head_says_whose_call_for_which_survey_and_how_long() -> None:
    assert ordinary(message(("User-Agent", "x"), ("Connection", "keep-alive"))) == Head(SurveyId(7), "t", 12)
    for kind in ("Application/JSON; charset=UTF-8", "application/json;charset=utf-8"):
        typed = without("Content-Type", ("Content-Type", kind))
        assert ordinary(message(headers=typed)) == Head(SurveyId(7), "t", 12)


def test_its_token_is_not_shown() -> None:
    assert "t'" not in repr(ordinary(message()))


@pytest.mark.parametrize(
    "other",
    [
        message(method="PUT"),
        message(version=HttpVersion10),
        message(path=SEND + "?details=yes"),
        message(path=SEND + "/"),
        message(path="/surveys/7/send"),
        message(path="http://x" + SEND),
        message(path=SEND.replace("send", "report")),
        message(path=SEND.replace("7", "%37")),
        message(path=SEND.replace("7", str(2**63))),
        message(should_close=True),
        message(upgrade=True),
        message(chunked=True),
        message(("Idempotency-Key", "k")),
        message(("Expect", "100-continue")),
        message(("Content-Encoding", "identity")),
        message(("Transfer-Encoding", "chunked")),
        message(("Upgrade", "h2c")),
        message(("Authorization", "Bearer t")),
        message(("Content-Type", "application/json")),
        message(headers=without("Authorization")),
        message(headers=without("Authorization", ("Authorization", "Basic t"))),
        message(headers=without("Content-Type")),
        message(headers=without("Content-Type", ("Content-Type", "application/json; charset=latin-1"))),
        message(headers=without("Content-Length")),
        message(headers=without("Content-Length", ("Content-Length", "0"))),
        message(headers=without("Content-Length", ("Content-Length", str(2**20 + 1)))),
    ],
    ids=str,
)
def test_every_other_head_is_for_the_general_way(other: RawRequestMessage) -> None:
    assert ordinary(other) is None


def test_heads_are_bounded_in_number_and_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "MOST_HEADS", 2)
    known, head, long = Heads(), Head(SurveyId(7), "t", 12), b"d" * (heads.LONGEST + 1)
    for raw in (b"a", b"b", b"c", long):
        known.learn(raw, head)
    assert [known.find(raw) for raw in (b"a", b"b", b"c", long)] == [None, head, head, None]
