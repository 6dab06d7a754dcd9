"""`Idempotency-Key`: a call that may be made again."""

from __future__ import annotations

import json
from typing import Any

from belfort.contract.exchange import Answer
from belfort.contract.rule import Needs, Rule
from belfort.contract.rules.sending import statuses
from belfort.contract.visit import Visit

TOGETHER = 4


def _key(visit: Visit) -> dict[str, str]:
    return {"Idempotency-Key": f"belfort-{visit.site.dice.getrandbits(64):016x}"}


def _order(visit: Visit) -> dict[str, Any]:
    return {"requests": [{"channel": "SMS", "destination": visit.site.number(), "segments": ["a"]}]}


async def _sent(visit: Visit, key: dict[str, str], order: dict[str, Any]) -> tuple[str, Answer]:
    """A survey's send path, and the first answer under the key there."""
    path = f"/surveys/{await visit.survey()}/send"
    first = await visit.call("POST", path, order, headers=key)
    return path, visit.must(first, "ACCEPTED", lambda seen: statuses(seen) == ["ACCEPTED"])


async def replay(visit: Visit) -> None:
    key, order = _key(visit), _order(visit)
    path, first = await _sent(visit, key, order)
    again = await visit.call("POST", path, order, headers=key)
    visit.must(
        again,
        "the first answer once more",
        lambda seen: (seen.status, seen.json) == (first.status, first.json),
    )


async def same_value(visit: Visit) -> None:
    key, order = _key(visit), _order(visit)
    path, first = await _sent(visit, key, order)
    (request,) = order["requests"]
    backwards = {"requests": [dict(reversed(request.items()))]}
    quoted = {"Idempotency-Key": f'"{key["Idempotency-Key"]}"'}
    again = await visit.call("POST", path, raw=json.dumps(backwards, indent=2), headers=quoted)
    visit.must(
        again, "the first answer once more", lambda seen: (seen.status, seen.json) == (202, first.json)
    )


async def other_body(visit: Visit) -> None:
    key, order = _key(visit), _order(visit)
    path, _ = await _sent(visit, key, order)
    visit.must_be(await visit.call("POST", path, _order(visit), headers=key), 422)


async def refused_leaves_it(visit: Visit) -> None:
    key, order = _key(visit), _order(visit)
    path = f"/surveys/{await visit.survey()}/send"
    visit.must_be(await visit.call("POST", path, {"requests": []}, headers=key), 400)
    answer = await visit.call("POST", path, order, headers=key)
    visit.must(
        answer,
        "status 202: the key is still unused",
        lambda seen: seen.status == 202 and statuses(seen) == ["ACCEPTED"],
    )


async def one_path(visit: Visit) -> None:
    key = _key(visit)
    await _sent(visit, key, _order(visit))
    path = f"/surveys/{await visit.survey()}/send"
    answer = await visit.call("POST", path, _order(visit), headers=key)
    visit.must(answer, "status 202: the key counts for one path", lambda seen: seen.status == 202)


async def one_account(visit: Visit) -> None:
    key = _key(visit)
    await _sent(visit, key, _order(visit))
    path = f"/surveys/{await visit.survey(token='$TOKEN_TWO')}/send"  # noqa: S106  # a name, no secret
    answer = await visit.call("POST", path, _order(visit), headers=key, token="$TOKEN_TWO")  # noqa: S106
    visit.must(answer, "status 202: the key counts for one account", lambda seen: seen.status == 202)


async def at_work(visit: Visit) -> None:
    path = f"/surveys/{await visit.survey()}/send"
    call = visit.planned("POST", path, _order(visit), headers=_key(visit))
    answers = await visit.at_once(call, TOGETHER)
    won = next((answer.json for answer in answers if answer.status == 202), None)
    for answer in answers:
        visit.must(
            answer,
            "one answer 202, the others the same or 409",
            lambda seen: seen.status == 409 or (seen.status == 202 and seen.json == won),
        )
    again = await visit.make(call)
    visit.must(again, "the first answer once more", lambda seen: (seen.status, seen.json) == (202, won))


async def length(visit: Visit) -> None:
    path = f"/surveys/{await visit.survey()}/send"
    for key, status in (("k" * 255, 202), ("k" * 256, 400)):
        fresh = f"{visit.site.dice.getrandbits(64):016x}{key}"[: len(key)]
        answer = await visit.call("POST", path, _order(visit), headers={"Idempotency-Key": fresh})
        visit.must_be(answer, status)


RULES = (
    Rule(
        "idempotency-replay",
        "The same key with the same body within 24 hours replays the first answer and sends nothing.",
        replay,
    ),
    Rule("idempotency-same-value", "Quoted or bare; the same JSON value is the same body.", same_value),
    Rule("idempotency-other-body", "With another body 422.", other_body),
    Rule(
        "idempotency-refused-call",
        "A call refused for its form (400) does not use up its key.",
        refused_leaves_it,
    ),
    Rule("idempotency-one-path", "For one account and path.", one_path),
    Rule("idempotency-one-account", "For one account and path.", one_account,
         frozenset({Needs.SECOND_ACCOUNT})),
    Rule("idempotency-at-work", "While the first call is still at work 409.", at_work),
    Rule("idempotency-length", "At most 255 characters.", length),
)  # fmt: skip
