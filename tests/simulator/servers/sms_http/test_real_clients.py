"""The requests of real clients, as they send them (domain facts §1.6)."""

import json

import pytest

from simulator.journal import Kind
from tests.simulator.servers.gateway import CLIENT, opened, parsed
from tests.simulator.servers.sms_http.forms import BASIC, FIELDS, FORM_C, SILENT

C1 = (
    """
POST /sms/1.0.0/sms/outboundmessages?forceCharacterLimit=false HTTP/1.1
Accept: application/json
Content-Type: application/json
Authorization: Bearer {token}
User-Agent: axios/1.6.8
Accept-Encoding: gzip, compress, deflate, br
Host: api.enco.io
""",
    '{"message":"Hello","destinations":["+32450030000"]}',
)
C2 = (
    """
POST /sms/1.0.0/sms/outboundmessages HTTP/1.1
Host: api.enco.io
User-Agent: Go-http-client/1.1
Authorization: Bearer {token}
Content-Type: application/json
Accept-Encoding: gzip
""",
    '{"message":"Price alarm","destinations":["+32450030000"],"binary":false}',
)
C3 = (
    """
POST /sms/1.0.0/sms/outboundmessages?forceCharacterLimit=false HTTP/1.1
Host: api.enco.io
User-Agent: python-requests/2.9.1
Accept-Encoding: gzip, deflate
Accept: application/json
Authorization: Bearer {token}
Content-Type: application/json
""",
    '{"message": "Temperature too high", "destinations": ["+32450030000"]}',
)
C4 = (
    """
POST /sms/1.0.0/sms/outboundmessages?forceCharacterLimit=false HTTP/1.1
authorization: Bearer {token}
content-type: application/json
accept: application/json
host: api.enco.io
""",
    '{"message":"Your code\\nis 1234\\n","destinations":["+32450030000"]}',
)
C5 = (
    """
POST /proximusenco/sms/outboundmessages HTTP/1.1
Host: sandbox.api.sap.com
User-Agent: python-requests/2.18.4
Content-Type: application/json
APIKey: {token}
""",
    '{"message": "See you there", "destinations": ["+32450030000"]}',
)
C6 = (
    """
POST /proximusenco/sms/outboundmessages HTTP/1.1
Host: sandbox.api.sap.com
Content-Type: application/json
Accept: application/json
APIKey: {token}
User-Agent: sensorTag/1 CFNetwork/808.2.16 Darwin/16.3.0
""",
    '{"binary":false,"destinations":["+32450030000"],"message":"Atenção: a pressão está alta"}',
)
C7 = (
    """
POST /proximusenco/sms/outboundmessages HTTP/1.1
Host: sandbox.api.sap.com
Content-Type: application/json
Accept: application/json
apikey: {token}
""",
    '{"message":"RAM low","destinations":["+32450030000"]}',
)


@pytest.mark.parametrize(
    ("request_", "body"), [C1, C2, C3, C4, C5, C6, C7], ids=["C1", "C2", "C3", "C4", "C5", "C6", "C7"]
)
async def test_what_real_clients_send_is_taken(request_, body):
    async with opened() as gateway:
        answer = await gateway.ask(request_, body)
        assert answer.status == 201
        assert answer.headers["content-type"] == "application/json"
        assert answer.json["deliveryInfo"] == [{"address": SILENT, "deliveryStatus": "DeliveredToNetwork"}]
        [sent] = gateway.entries(Kind.MT_SUBMITTED)
        assert (sent.address, sent.account, sent.facts["sender"]) == (SILENT, CLIENT, "8937")
        assert sent.facts["text"] == json.loads(body)["message"]


async def test_c1_finds_length_and_dedicated_sending_as_it_calls_them():
    async with opened(dedicated={"8640": CLIENT}) as gateway:
        head = "POST /sms/1.0.0/sms/outboundmessages/{what} HTTP/1.1\nHost: x\nAuthorization: Bearer {token}"
        answer = await gateway.ask(head, '{"message":"a€","destinations":["+32450030000"]}', what="length")
        assert (answer.status, answer.json) == (
            201,
            {
                "numberOfChars": 3,
                "numberOfParts": 1,
                "charLimitPerPart": 160,
                "numberOfRemainingCharsInPart": 157,
                "numberOfRemainingParts": 9,
            },
        )
        literal = await gateway.ask(head, '{"message":"a","destinations":["+32450030000"]}', what="address")
        assert (literal.status, literal.json["fault"]["type"]) == (404, "Status report")
        own = await gateway.ask(head, '{"message":"a","destinations":["+32450030000"]}', what="8640")
        assert own.status == 201
        assert gateway.entries(Kind.MT_SUBMITTED)[0].facts["sender"] == "8640"
        assert (await gateway.get("/sms/1.0.0/sms/dedicatedaddresses")).json == {
            "dedicatedAddresses": ["8640"]
        }


async def test_c3_c8_and_c9_find_their_four_names():
    async with opened() as gateway:
        answer = (await gateway.get("/userinfo?schema=openid")).json
        assert all(answer[name] for name in ("name", "given_name", "family_name", "email"))


async def test_c10s_stray_line_feed_is_answered_and_named():
    head = f"POST /token HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {BASIC}\n\r\n"
    raw = (head + "Content-Length: 0\r\n\r\n").encode()
    async with opened() as gateway:
        answer = parsed(await gateway.raw(raw))
        assert answer.status in (200, 400)
        assert (answer.status == 400) == bool(gateway.malformed())


async def test_c11_gets_401_for_a_token_it_must_renew():
    async with opened() as gateway:
        stale = await gateway.ask(C3[0].replace("{token}", "0" * 32), C3[1])
        assert (stale.status, stale.json["fault"]["code"]) == (401, 900901)
        assert "www-authenticate" in stale.headers
        renewed = (await gateway.ask(FORM_C, "=")).json["access_token"]
        assert (await gateway.ask(C3[0].replace("{token}", renewed), C3[1])).status == 201


async def test_c12_posts_for_a_token_with_neither_body_nor_content_type():
    request = f"POST /token?{FIELDS} HTTP/1.1\nHost: api.enco.io\nAccept: */*\nUser-Agent: node-fetch/1.0"
    async with opened() as gateway:
        assert (await gateway.ask(request)).status == 200
