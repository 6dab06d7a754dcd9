"""Deliberate violations of the contract, each by one small change to what passes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tests.belfort.contract.bending import Bend, Forward, Passing


def on_answer(change: Any) -> Bend:
    """Bend what comes back, and leave the call alone."""

    async def bend(call: Passing, forward: Forward) -> Passing:
        return change(call, await forward(call))

    return bend


def on_call(change: Any) -> Bend:
    """Bend the call, and leave what comes back alone."""

    async def bend(call: Passing, forward: Forward) -> Passing:
        return await forward(change(call))

    return bend


def is_report(call: Passing) -> bool:
    return call.url.partition("?")[0].endswith("/report")


def query(call: Passing, change: Any) -> Passing:
    """The call with another query string."""
    path, _, asked = call.url.partition("?")
    changed = (change(*pair) for pair in parse_qsl(asked, keep_blank_values=True))
    kept = [pair for pair in changed if pair]

    return replace(call, url=f"{path}?{urlencode(kept)}" if kept else path)


def no_login_needed(call: Passing, answer: Passing) -> Passing:

    if answer.status == 401 and call.url.endswith("/surveys") and call.method == "GET":
        return replace(answer, status=200).saying([])
    return answer


def no_challenge(call: Passing, answer: Passing) -> Passing:
    return answer.without("WWW-Authenticate")


def plain_errors(call: Passing, answer: Passing) -> Passing:
    return answer.having(Content_Type="application/json") if answer.status >= 400 else answer


def first_fault_only(call: Passing, answer: Passing) -> Passing:
    said = answer.json
    if isinstance(said, dict) and isinstance(said.get("errors"), list):
        return answer.saying({**said, "errors": said["errors"][:1]})
    return answer


def typos_pass(call: Passing) -> Passing:
    known = ("startDate", "endDate", "channel", "segments", "segmentMode", "include")
    return (
        query(call, lambda name, value: (name, value) if name in known else None) if is_report(call) else call
    )


def no_location(call: Passing, answer: Passing) -> Passing:
    return answer.without("Location")


def oldest_first(call: Passing, answer: Passing) -> Passing:
    said = answer.json
    return answer.saying(said[::-1]) if isinstance(said, list) else answer


def forgets_references(call: Passing, answer: Passing) -> Passing:
    said = answer.json
    if isinstance(said, dict) and "requests" in said:
        return answer.saying(
            {**said, "requests": [{**each, "referenceId": None} for each in said["requests"]]}
        )
    return answer


def asks_again(call: Passing, answer: Passing) -> Passing:
    """Whoever was asked a moment ago is accepted once more, or so it says."""
    said = answer.json
    if isinstance(said, dict) and b"CONTACTED_RECENTLY" in answer.body:
        requests = [
            {"id": f"again-{place}", "referenceId": each["referenceId"], "status": "ACCEPTED"}
            if each.get("reason") == "CONTACTED_RECENTLY"
            else each
            for place, each in enumerate(said["requests"])
        ]
        return answer.saying({"accepted": len(requests), "rejected": 0, "requests": requests})
    return answer


def retry_with_offset(call: Passing, answer: Passing) -> Passing:

    return replace(answer, body=re.sub(rb'("retryAfter": ?"[^"]+)"', rb'\1+01:00"', answer.body))


def keys_are_ignored(call: Passing) -> Passing:
    return call.without("Idempotency-Key")


class OneKeyOneAnswer:
    """Replays by the key alone, whatever the body says."""

    def __init__(self) -> None:
        self.kept: dict[str, Passing] = {}

    async def __call__(self, call: Passing, forward: Forward) -> Passing:
        key = call.headers.get("Idempotency-Key")
        if key in self.kept:
            return self.kept[key]
        answer = await forward(call)
        if key and answer.status < 400:
            self.kept[key] = answer
        return answer


class RefusalsUseUpKeys(OneKeyOneAnswer):
    """Keeps refusals under their key, too."""

    async def __call__(self, call: Passing, forward: Forward) -> Passing:
        key = call.headers.get("Idempotency-Key")
        if key in self.kept and self.kept[key].status == 400:
            return self.kept[key]
        answer = await forward(call)
        if key:
            self.kept.setdefault(key, answer)
        return answer


def any_is_all(call: Passing) -> Passing:
    swap = {"ANY": "ALL"}
    if not is_report(call):
        return call
    return query(call, lambda n, v: (n, swap.get(v, v)) if n == "segmentMode" else (n, v))


def offset_is_dropped(call: Passing) -> Passing:
    if not is_report(call):
        return call
    dates = ("startDate", "endDate")
    return query(call, lambda n, v: (n, re.sub(r"[+-]\d\d:\d\d$", "", v)) if n in dates else (n, v))


def passives_told(call: Passing, answer: Passing) -> Passing:
    said = answer.json
    if is_report(call) and answer.status == 200:
        return answer.saying({**said, "nps": {**said["nps"], "passives": 0}})
    return answer


def rounds_to_even(call: Passing, answer: Passing) -> Passing:
    said = answer.json
    if not is_report(call) or answer.status != 200 or not said["responseStatistics"]["goodResponses"]:
        return answer
    nps, good = said["nps"], said["responseStatistics"]["goodResponses"]
    return answer.saying(
        {**said, "nps": {**nps, "score": round(100 * (nps["promoters"] - nps["detractors"]) / good)}}
    )


class OneTokenForAll:
    """Looks a survey up without asking whose it is: a 404 is asked again as the other account."""

    def __init__(self) -> None:
        self.tokens: set[str] = set()

    async def __call__(self, call: Passing, forward: Forward) -> Passing:
        token = call.headers.get("Authorization", "")
        self.tokens.add(token)
        answer = await forward(call)
        for other in self.tokens - {token}:
            if answer.status == 404 and call.method == "GET":
                answer = await forward(call.having(Authorization=other))
        return answer


def no_limits_told(call: Passing, answer: Passing) -> Passing:
    return answer.without("RateLimit", "RateLimit-Policy")


class GraveRobber:
    """Still shows a survey after it was deleted."""

    def __init__(self) -> None:
        self.seen: dict[str, Passing] = {}

    async def __call__(self, call: Passing, forward: Forward) -> Passing:
        if call.method == "DELETE":
            self.seen[call.url] = await forward(Passing("GET", call.url, call.headers, b""))
        if call.method == "GET" and call.url in self.seen:
            return self.seen[call.url]
        return await forward(call)


def half_a_call(call: Passing) -> Passing:
    """Sends the requests of sound form in a call that must be refused whole."""
    said = call.json
    if call.url.endswith("/send") and isinstance(said, dict) and len(said.get("requests", ())) > 1:
        sound = [each for each in said["requests"] if each.get("channel") in ("SMS", "VOICE", "EMAIL")]
        return call.saying({**said, "requests": sound})
    return call


def counts_bytes(call: Passing, answer: Passing) -> Passing:
    """Counts letters as bytes: long names in other alphabets are refused."""

    said = call.json
    if call.method == "POST" and isinstance(said, dict) and len(str(said.get("name", "")).encode()) > 255:
        problem = {"type": "x", "title": "x", "status": 400, "detail": "too long", "fault": {}}
        return replace(answer, status=400).saying(problem)
    return answer


VIOLATIONS: dict[str, tuple[str, Any]] = {
    "lists surveys without a token": ("auth-first", lambda: on_answer(no_login_needed)),
    "sends no challenge": ("auth-first", lambda: on_answer(no_challenge)),
    "calls a problem plain JSON": ("errors-are-problems", lambda: on_answer(plain_errors)),
    "tells the first fault only": ("errors-all-named", lambda: on_answer(first_fault_only)),
    "overlooks unknown parameters": ("unknown-parameter", lambda: on_call(typos_pass)),
    "forgets Location": ("survey-created", lambda: on_answer(no_location)),
    "lists the oldest first": ("surveys-newest-first", lambda: on_answer(oldest_first)),
    "counts bytes": ("lengths-in-code-points", lambda: on_answer(counts_bytes)),
    "shows deleted surveys": ("deletion", GraveRobber),
    "forgets references": ("send-receipt", lambda: on_answer(forgets_references)),
    "sends half of a refused call": ("form-refuses-the-call", lambda: on_call(half_a_call)),
    "asks people again": ("contact-interval", lambda: on_answer(asks_again)),
    "writes an offset": ("contact-interval", lambda: on_answer(retry_with_offset)),
    "ignores keys": ("idempotency-replay", lambda: on_call(keys_are_ignored)),
    "replays whatever the body": ("idempotency-other-body", OneKeyOneAnswer),
    "lets refusals use up keys": ("idempotency-refused-call", RefusalsUseUpKeys),
    "reads ANY as ALL": ("report-segments", lambda: on_call(any_is_all)),
    "drops the offset of dates": ("report-period-edges", lambda: on_call(offset_is_dropped)),
    "tells passives": ("report-members", lambda: on_answer(passives_told)),
    "rounds to even": ("report-rounding", lambda: on_answer(rounds_to_even)),
    "looks surveys up for everybody": ("another-accounts-survey", OneTokenForAll),
    "tells no limits": ("rate-limit-told", lambda: on_answer(no_limits_told)),
}
"""What is wrong, the rule that must notice, and how to make it so."""
