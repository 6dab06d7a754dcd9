"""Calls that are wrong: what answers first, every fault at once, and nothing that was sent in the answer."""

import json
from typing import Any

import pytest

from tests.service.web.caller import Caller, to

NO_ADDRESSES = [
    "/surveys/0", "/surveys/01", "/surveys/-1", "/surveys/x", "/surveys/%EF%BC%98", "/surveys/1%2Fsend",
    "/surveys/9223372036854775808", "/surveys/99999999999999999999", "/surveys/", "/surveys/1/",
    "/surveys//1", "/report/", "/", "/Surveys", "/surveys/1;a=b", "/surveys/..%2freport",
]  # fmt: skip


async def test_what_is_no_address_is_404(caller: Caller) -> None:
    for path in NO_ADDRESSES:
        assert (path, (await caller.get(path)).status) == (path, 404)


JSON = {"Content-Type": "application/json"}
PRECEDENCE: list[tuple[str, dict[str, Any], int]] = [
    (
        "no token, nothing here, wrong method, faulty body",
        {"token": None, "path": "/surveys/999999/send"},
        401,
    ),
    ("a wrong token for what is there", {"token": "nonsense"}, 401),
    ("no such survey, wrong method", {"method": "PUT", "path": "/surveys/999999/send"}, 404),
    ("no such survey, too large and not JSON", {"path": "/surveys/999999/send", "data": b" " * 1048577}, 404),
    ("wrong method, coding, too large", {"method": "PUT", "headers": {"Content-Encoding": "br"}}, 405),
    ("not JSON and too large", {"data": b" " * 1048577, "headers": {"Content-Type": "text/plain"}}, 415),
    (
        "a coding and too large",
        {"data": b" " * 1048577, "headers": {**JSON, "Content-Encoding": "gzip"}},
        415,
    ),
    (
        "another charset",
        {"data": b"{}", "headers": {"Content-Type": "application/json; charset=latin-1"}},
        415,
    ),
    ("no type at all", {"data": b"{}", "skip_auto_headers": ["Content-Type"]}, 415),
    ("too large and faulty", {"data": b"x" * 1048577, "headers": JSON}, 413),
    ("exactly 1 MiB is read, and faulty", {"data": b"x" * 1048576, "headers": JSON}, 400),
    ("faulty under a used key", {"data": b"{}", "headers": {**JSON, "Idempotency-Key": "used"}}, 400),
    (
        "another body under a used key",
        {
            "data": b'{"requests": [{"channel": "SMS", "destination": "x"}]}',
            "headers": {**JSON, "Idempotency-Key": "used"},
        },
        422,
    ),
]


async def test_the_first_that_applies_answers(caller: Caller) -> None:
    survey = await caller.survey()
    await caller.send(survey, to(1), headers={"Idempotency-Key": "used"})
    for name, parts, expected in PRECEDENCE:
        more = dict(parts)
        method, path = more.pop("method", "POST"), more.pop("path", f"/surveys/{survey}/send")
        answer = await caller.call(method, path, **more)
        assert (name, answer.status) == (name, expected)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json["status"] == expected
        assert list(answer.json["fault"]) == ["code", "message", "description"]
        assert isinstance(answer.json["fault"]["code"], int)


ALLOWED = {
    "/surveys": "GET, HEAD, POST",
    "/surveys/{id}": "DELETE, GET, HEAD",
    "/surveys/{id}/question": "POST",
    "/surveys/{id}/send": "POST",
    "/surveys/{id}/report": "GET, HEAD",
    "/report": "GET, HEAD",
}


async def test_a_wrong_method_is_told_which_are_right(caller: Caller) -> None:
    survey = str(await caller.survey())
    for path, allowed in ALLOWED.items():
        for method in ("PUT", "PATCH", "OPTIONS", "TRACE"):
            answer = await caller.call(method, path.replace("{id}", survey))
            assert (path, method, answer.status, answer.headers["Allow"]) == (path, method, 405, allowed)


async def test_head_is_get_without_a_body(caller: Caller) -> None:
    got, head = await caller.get("/surveys"), await caller.call("HEAD", "/surveys")
    assert (200, b"", got.headers["Content-Length"]) == (
        head.status,
        head.raw,
        head.headers["Content-Length"],
    )


@pytest.mark.parametrize(
    "path", ["/surveys", "/surveys/{id}", "/surveys/{id}/question", "/surveys/{id}/send"]
)
async def test_an_unknown_query_parameter_is_named_beside_the_faults_of_the_body(
    caller: Caller, path: str
) -> None:
    path = path.replace("{id}", str(await caller.survey()))
    post = not path[-1].isdigit()
    answer = await (caller.post(path + "?chanel=SMS", b"") if post else caller.get(path + "?chanel=SMS"))
    assert (400, ["chanel", ""] if post else ["chanel"]) == (answer.status, answer.places)


async def test_every_fault_of_a_call_is_told_at_once(caller: Caller) -> None:
    first = b'{"channel": NaN, "destination": "", "destination": " "}'
    body = b'{"requests": [' + first + b', {"segments": ["\\u0000", 5]}], "extra": 1}'
    path = f"/surveys/{await caller.survey()}/send?x=%ff"
    answer = await caller.post(path, body, headers={"Idempotency-Key": "x" * 256})
    assert answer.status == 400
    assert sorted(
        ["x", "x", "Idempotency-Key", "/extra", "/requests/0/channel", "/requests/0/destination",
         "/requests/1/segments/0", "/requests/1/channel", "/requests/1/destination", "/requests/1/segments/1"]
    ) == sorted(answer.places)  # fmt: skip


async def test_an_answer_with_very_many_faults_is_bounded(caller: Caller) -> None:
    body = json.dumps({"requests": [{}], **{f"m{i}": 0 for i in range(60_000)}}).encode()
    answer = await caller.post(f"/surveys/{await caller.survey()}/send", body)
    assert (answer.status, len(answer.json["errors"])) == (400, 10_000)
    assert "At least 10000 things are wrong" in answer.json["detail"]


async def test_no_value_that_was_sent_stands_in_a_problem(caller: Caller) -> None:
    survey = await caller.survey()
    secret = "+32479998877"
    for member, value in (("destination", [secret]), ("language", secret), ("channel", secret)):
        answer = await caller.send(survey, {**to(1), member: value}, to(2, segments=[secret + ","]))
        assert answer.status == 400
        assert secret.encode() not in answer.raw
