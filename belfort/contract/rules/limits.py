"""How much an account may ask for. Comes last: afterwards the account has to wait."""

from __future__ import annotations

import re
from typing import Any

from belfort.contract.exchange import Answer
from belfort.contract.rule import NotPossible, Rule
from belfort.contract.visit import Visit

QUOTA = re.compile(r"\bq=(\d+)")
FULL_CALL: dict[str, Any] = {"requests": [{"channel": "SMS", "destination": "0"}] * 1000}
"""A thousand requests that reach nobody."""
MOST_CALLS = 60


def _is_told(answer: Answer) -> bool:
    return bool(answer.header("RateLimit")) and QUOTA.search(answer.header("RateLimit-Policy")) is not None


async def told(visit: Visit) -> None:
    answer = await visit.send(await visit.survey(), {})
    visit.must(answer, "the headers RateLimit and RateLimit-Policy", _is_told)


def _refuses(answer: Answer) -> bool:
    return answer.status == 429 and answer.header("Retry-After").isdigit() and _is_told(answer)


async def kept(visit: Visit) -> None:
    path = f"/surveys/{await visit.survey()}/send"
    answer = visit.must_be(await visit.call("POST", path, FULL_CALL), 202)
    quota = QUOTA.search(answer.header("RateLimit-Policy"))
    if quota is None or int(quota[1]) > MOST_CALLS * 1000:
        raise NotPossible(f"the limit is above {MOST_CALLS * 1000:,} requests, or not told")
    many = int(quota[1]) // 1000 + 2
    answers = await visit.at_once(visit.planned("POST", path, FULL_CALL), many)
    refused = [answer for answer in answers if answer.status == 429]
    visit.must(
        (refused or answers)[0],
        "status 429 with Retry-After, RateLimit and RateLimit-Policy for one of them at least",
        _refuses,
    )


RULES = (
    Rule("rate-limit-told", "RateLimit and RateLimit-Policy.", told),
    Rule("rate-limit-kept", "Rate limit per account, counted in requests to send: 429, Retry-After.", kept),
)
