"""What goes wrong is answered as the platform does, and named."""

import pytest

from simulator.journal import Kind
from tests.simulator.servers.gateway import SEND, opened

WRONG = [
    (SEND, b"", "body:"),
    (SEND, b"{", "body:"),
    (SEND, b"[1]", "body:"),
    (SEND, b"\xff\xfe{}", "body:"),
    (SEND, b'{"a":' * 5_000, "body:"),
    (SEND, b'{"message": NaN}', "body:"),
    (SEND, b'{"message": ' + b"9" * 10_000 + b"}", "body:"),
    (SEND, b'{"destinations": ["+32450030000"]}', "message:"),
    (SEND, b'{"message": "", "destinations": ["+32450030000"]}', "message:"),
    (SEND, b'{"message": "\\ud800", "destinations": ["+32450030000"]}', "message:"),
    (SEND, b'{"message": "x", "destinations": "+32450030000"}', "destinations:"),
    (SEND, b'{"message": "x", "destinations": []}', "destinations:"),
    (SEND, b'{"message": "x", "destinations": [3]}', "destinations:"),
    (SEND, b'{"message": "x", "destinations": ["+3245\\u0000"]}', "destinations:"),
    (SEND, b'{"message": "x", "destinations": ["+3245\\r\\n"]}', "destinations:"),
    (SEND, b'{"message": "x", "destinations": ["\\udc80"]}', "destinations:"),
    (SEND, b'{"message": "x", "destinations": ["+32450030000"], "binary": "no"}', "binary:"),
    (SEND, b'{"message": "x", "destinations": ["+32450030000"], "clientCorrelator": 7}', "clientCorrelator:"),
    (SEND, b'{"message": "x", "destinations": ["+32450030000"], "callbackData": ""}', "callbackData:"),
    (SEND.replace("outboundmessages", "outboundmessages/length"), b'{"message": 5}', "message:"),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "body", "named"), WRONG, ids=range(len(WRONG)))
async def test_malformed_input_is_answered_and_named_in_the_journal(request_, body, named):
    async with opened() as gateway:
        answer = await gateway.ask(request_, body)
        assert (answer.status, answer.json["fault"]["code"]) == (400, 400)
        [what] = gateway.malformed()
        assert what.startswith(named)
        assert not gateway.entries(Kind.MT_SUBMITTED)


@pytest.mark.parametrize("limit", ["0", "1001", "x", "-1", "99999999999999999999"])
async def test_a_limit_out_of_bounds_is_named(limit):
    async with opened() as gateway:
        assert (await gateway.get(f"/sms/1.0.0/sms/inboundmessages/shared?limit={limit}")).status == 400
        assert gateway.malformed() == ["limit: must be a whole number from 1 to 1000"]


ASTRAY = [
    ("GET /survey/9.9.9/x", 404, 404),
    ("GET /sms/1.0.0/sms/nothing", 403, 900906),
    ("GET /sms/1.0.0/sms/outboundmessages", 405, 405),
    ("DELETE /token", 405, 405),
    ("GET /sms/1.0.0/sms/inboundmessages/1234", 404, 404),
    ("GET /sms/1.0.0/sms/outboundmessages/deliveryinfos/none", 404, 404),
    ("GET /sms/1.0.0/sms/outboundmessages/deliveryinfos/%00", 404, 404),
]


@pytest.mark.parametrize(("request_", "status", "code"), ASTRAY)
async def test_what_leads_nowhere_is_a_fault_of_the_platform(request_, status, code):
    async with opened() as gateway:
        answer = await gateway.ask(f"{request_} HTTP/1.1\nHost: x\nAuthorization: Bearer {{token}}")
        assert (answer.status, answer.json["fault"]["code"]) == (status, code)
        assert ("allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", 900902),
        ("Authorization: Basic abc", 900902),
        ("Authorization: Bearer", 900901),
        ("Authorization: Bearer x", 900901),
    ],
)
async def test_a_missing_or_wrong_token_is_401(header, code):
    async with opened() as gateway:
        answer = await gateway.ask(
            f"POST /sms/1.0.0/sms/outboundmessages HTTP/1.1\nHost: x\n{header}".strip(), "{}"
        )
        assert (answer.status, answer.json["fault"]["code"]) == (401, code)


async def test_the_newer_platforms_bare_faults_are_an_option():
    async with opened(bare_faults=True) as gateway:
        answer = (await gateway.ask("GET /userinfo HTTP/1.1\nHost: x")).json
        assert (answer["code"], "fault" in answer) == ("900902", False)
