import asyncio
import base64
import json

import pytest

from simulator.journal import Kind
from simulator.servers.listener import Limits
from simulator.truth import Selection, Truth
from simulator.wire.wso2 import PERMANENT
from tests.simulator.servers.gateway import CLIENT, SECRET, SEND, closed, opened, parsed

ANSWERS_7 = "+32450000700"
SILENT = "+32450030000"
UNKNOWN = "+32450040100"
BASIC = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
FIELDS = f"grant_type=client_credentials&client_id={CLIENT}&client_secret={SECRET}&scope=openid"

FORM_A = f"""
POST /token HTTP/1.1
Host: api.enco.io
Authorization: Basic {BASIC}
Content-Type: application/x-www-form-urlencoded
"""
FORM_A_IN_BODY = """
POST /token HTTP/1.1
Host: api.enco.io
Content-Type: application/x-www-form-urlencoded
"""
FORM_B = f"""
POST /token?{FIELDS}&Accept=application%2Fjson HTTP/1.1
Host: api.enco.io
Content-Length: 0
"""
FORM_C = f"""
POST /token?{FIELDS} HTTP/1.1
Host: login.enco.io
Content-Type: application/x-www-form-urlencoded
"""


# Tokens


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        (FORM_A, "grant_type=client_credentials&scope=openid"),
        (FORM_A_IN_BODY, FIELDS),
        (FORM_B, ""),
        (FORM_B.replace("Content-Length: 0\n", ""), ""),
        (FORM_C, "="),
        (FORM_C.replace("/token", "/oauth2/token"), "="),
        (FORM_A.replace(BASIC, f"{BASIC} \t"), "grant_type=client_credentials"),
    ],
    ids=["A", "A in the body", "B", "B without length", "C", "the login alias", "a value with blanks behind"],
)
async def test_a_token_is_given_in_every_form_that_clients_use(request_, body):
    async with opened() as gateway:
        answer = await gateway.ask(request_, body)
        assert answer.status == 200
        assert answer.headers["cache-control"] == "no-store"
        assert (answer.json["token_type"], answer.json["scope"]) == ("Bearer", "openid")
        assert answer.json["expires_in"] == 3600
        assert isinstance(answer.json["expires_in"], int)
        assert 28 <= len(answer.json["access_token"]) <= 32
        assert answer.json["id_token"].count(".") == 2
        assert (await gateway.ask(info(answer.json["access_token"]))).status == 200


def info(token: str) -> str:
    return f"GET /userinfo?schema=openid HTTP/1.1\nHost: api.enco.io\nAuthorization: Bearer {token}"


async def test_the_same_token_is_given_while_it_is_valid_and_then_another():
    wall = [1_000_000.0]
    async with opened(wall=lambda: wall[0]) as gateway:
        first = (await gateway.ask(FORM_B)).json
        wall[0] += 3_599
        again = (await gateway.ask(FORM_B)).json
        assert (again["access_token"], again["expires_in"]) == (first["access_token"], 1)
        assert (await gateway.ask(info(first["access_token"]))).status == 200
        wall[0] += 1
        expired = await gateway.ask(info(first["access_token"]))
        assert (expired.status, expired.json["fault"]["code"]) == (401, 900901)
        other = (await gateway.ask(FORM_B)).json
        assert other["access_token"] != first["access_token"]
        assert (await gateway.ask(info(first["access_token"]))).status == 401


async def test_permanent_tokens_have_the_platforms_endless_lifetime():
    async with opened(token_lifetime=None) as gateway:
        answer = (await gateway.ask(FORM_B)).json
        assert (answer["expires_in"], answer["access_token"]) == (PERMANENT, gateway.token)


@pytest.mark.parametrize(
    ("request_", "body", "status", "error"),
    [
        (FORM_A.replace(BASIC, "bm9ib2R5Om5vbmU="), "grant_type=client_credentials", 401, "invalid_client"),
        (FORM_B.replace(SECRET, "wrong"), "", 401, "invalid_client"),
        (FORM_A, "grant_type=password", 400, "unsupported_grant_type"),
        (FORM_A, "", 400, "invalid_request"),
    ],
)
async def test_no_token_for_the_wrong_client_or_grant(request_, body, status, error):
    async with opened() as gateway:
        answer = await gateway.ask(request_, body)
        assert (answer.status, answer.json["error"]) == (status, error)
        assert "error_description" in answer.json
        assert SECRET.encode() not in answer.body


async def test_basic_credentials_that_cannot_be_read_are_named():
    async with opened() as gateway:
        assert (await gateway.ask(FORM_A.replace(BASIC, "%%%"), "grant_type=x")).status == 400
        assert gateway.malformed() == [
            "Authorization: Basic credentials must be base64 of client id, colon, secret"
        ]


# The requests of real clients, as they send them (domain facts §1.6)

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


# Submitting


async def test_numbers_that_are_none_are_told_apart_within_a_call_that_succeeds():
    numbers = [SILENT, "+3221234567", "+31612345678", "0470123456", "+32450070000", "x"]
    async with opened() as gateway:
        answer = await gateway.ask(SEND, json.dumps({"message": "0-10?", "destinations": numbers}))
        assert answer.status == 201
        assert [each["deliveryStatus"] for each in answer.json["deliveryInfo"]] == [
            "DeliveredToNetwork",
            "AddressInvalid",
            "AddressInvalid",
            "AddressInvalid",
            "DeliveryImpossible",
            "AddressInvalid",
        ]
        path = answer.json["resourceURL"].removeprefix(gateway.door.url)
        again = await gateway.get(path)
        assert (again.status, again.json) == (200, answer.json)


async def test_one_number_that_is_none_has_a_resource_too():
    async with opened() as gateway:
        answer = await gateway.send("+3221234567")
        assert (answer.status, answer.json["deliveryInfo"][0]["deliveryStatus"]) == (201, "AddressInvalid")
        assert (
            await gateway.get(answer.json["resourceURL"].removeprefix(gateway.door.url))
        ).json == answer.json


async def test_a_second_submission_under_a_reference_is_the_same_message():
    async with opened() as gateway:
        first = await gateway.send(SILENT, clientCorrelator="r-1", callbackData="r-1")
        second = await gateway.send(SILENT, clientCorrelator="r-1", callbackData="r-1")
        assert (second.status, second.json) == (201, first.json)
        assert [entry.kind for entry in gateway.entries(Kind.MT_SUBMITTED, Kind.MT_REPEATED)] == [
            Kind.MT_SUBMITTED,
            Kind.MT_REPEATED,
        ]


@pytest.mark.parametrize(
    ("number", "statuses", "codes"),
    [
        ("+32450070100", [429, 429, 201], [900800, 900800]),
        ("+32450070200", [503, 201], [700700]),
        ("+32450070500", [503, 503, 201], [101503, 101503]),
    ],
)
async def test_refusals_for_now_are_spelt_as_the_platform_does(number, statuses, codes):
    async with opened() as gateway:
        answers = [await gateway.send(number, clientCorrelator="r") for _ in statuses]
        assert [answer.status for answer in answers] == statuses
        assert [answer.json["fault"]["code"] for answer in answers[: len(codes)]] == codes
        assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers[: len(codes)])


async def test_a_connection_is_cut_after_accepting_and_the_repeat_is_known():
    async with opened() as gateway:
        with pytest.raises(ConnectionResetError):
            await gateway.send("+32450070400", clientCorrelator="r")
        assert (await gateway.send("+32450070400", clientCorrelator="r")).status == 201
        kinds = [entry.kind.value for entry in gateway.entries()]
        assert kinds.count("mt.submitted") == kinds.count("mt.botched") == kinds.count("mt.repeated") == 1


async def test_a_submission_that_times_out_gets_no_answer():
    async with opened(silence=0.1) as gateway:
        with pytest.raises(ConnectionResetError):
            await gateway.send("+32450070300")
        assert not gateway.entries(Kind.MT_SUBMITTED)


async def test_a_message_may_have_ten_parts_and_one_where_the_client_says_so():
    async with opened() as gateway:
        assert (await gateway.send(SILENT, "a" * 1_530)).status == 201
        long = await gateway.send(SILENT, "a" * 1_531)
        assert (long.status, long.json["fault"]["description"]) == (
            400,
            "message: takes 11 parts; at most 10 are sent",
        )
        forced = SEND.replace("=false", "=true")
        body = '{{"message": "{text}", "destinations": ["+32450030000"]}}'
        assert (await gateway.ask(forced, body.format(text="a" * 160))).status == 201
        assert (await gateway.ask(forced, body.format(text="a" * 161))).status == 400


# Asking and fetching


async def test_the_delivery_status_follows_the_message_and_asking_counts_as_being_told():
    async with opened() as gateway:
        answer = await gateway.send(UNKNOWN, clientCorrelator="r")
        path = answer.json["resourceURL"].removeprefix(gateway.door.url)
        assert (await gateway.get(path)).json == answer.json
        await gateway.clock.advance(by=30 * 3_600)
        assert not gateway.entries(Kind.REPORT_HANDED)
        for _ in range(2):
            told = (await gateway.get(path)).json
            assert told["deliveryInfo"] == [{"address": UNKNOWN, "deliveryStatus": "DeliveryImpossible"}]
        [handed] = gateway.entries(Kind.REPORT_HANDED)
        assert (handed.facts["status"], handed.facts["reference"]) == ("DeliveryImpossible", "r")


async def test_another_clients_message_is_not_shown():
    async with opened() as gateway:
        path = (await gateway.send(SILENT)).json["resourceURL"].removeprefix(gateway.door.url)
        stranger = gateway.door.access.permanent_token("other")
        request = f"GET {path} HTTP/1.1\nHost: x\nAuthorization: Bearer {stranger}"
        assert (await gateway.ask(request)).status == 404


async def replied(gateway, count: int) -> None:
    for n in range(count):
        await gateway.send(f"+324500007{n:02}")
    await gateway.clock.advance(by=48 * 3_600)


def listed(answer) -> list[str]:
    return [each["senderAddress"] for each in answer.json["inboundSMSMessageList"]["inboundSMSMessage"]]


async def test_polling_without_after_takes_what_it_is_handed():
    async with opened() as gateway:
        await replied(gateway, 3)
        first = await gateway.get("/sms/1.0.0/sms/inboundmessages/shared?limit=2")
        second = await gateway.get("/sms/1.0.0/sms/inboundmessages/8937")
        assert (len(listed(first)), len(listed(second))) == (2, 1)
        inner = first.json["inboundSMSMessageList"]
        assert (inner["numberOfMessagesInThisBatch"], inner["totalNumberOfPendingMessages"]) == (2, 1)
        shown = inner["inboundSMSMessage"][0]
        assert set(shown) == {
            "messageId", "senderAddress", "destinationAddress", "message", "dateTime", "resourceURL"
        }  # fmt: skip
        assert (shown["destinationAddress"], shown["dateTime"][-6:]) == ("8937", "+00:00")
        assert listed(await gateway.get("/sms/1.0.0/sms/inboundmessages/shared")) == []
        assert len(gateway.entries(Kind.REPLY_HANDED)) == 3


async def test_polling_with_after_loses_nothing_until_it_is_confirmed():
    async with opened() as gateway:
        await replied(gateway, 3)
        path = "/sms/1.0.0/sms/inboundmessages/shared?limit=2&after="
        first = await gateway.get(path)
        assert listed(await gateway.get(path)) == listed(first)
        last = first.json["inboundSMSMessageList"]["inboundSMSMessage"][-1]["messageId"]
        rest = await gateway.get(path + last)
        assert len({*listed(first), *listed(rest)}) == 3
        assert listed(await gateway.get(path + "unheard-of")) == listed(rest)
        final = rest.json["inboundSMSMessageList"]["inboundSMSMessage"][-1]["messageId"]
        assert listed(await gateway.get(path + final)) == []


async def test_asking_in_vain_is_no_event():
    async with opened() as gateway:
        path = (await gateway.send(UNKNOWN)).json["resourceURL"].removeprefix(gateway.door.url)
        await gateway.clock.advance(by=30 * 3_600)
        for _ in range(3):
            await gateway.get(path)
            await gateway.get("/sms/1.0.0/sms/inboundmessages/shared?after=")
        assert [entry.facts["path"] for entry in gateway.entries(Kind.DOOR_CALL)] == [path]


async def test_replies_are_fetched_by_whom_they_are_for():
    async with opened() as gateway:
        await replied(gateway, 1)
        stranger = gateway.door.access.permanent_token("other")
        request = (
            f"GET /sms/1.0.0/sms/inboundmessages/shared HTTP/1.1\nHost: x\nAuthorization: Bearer {stranger}"
        )
        assert listed(await gateway.ask(request)) == []
        assert len(listed(await gateway.get("/sms/1.0.0/sms/inboundmessages/shared"))) == 1


async def test_truth_is_told_from_what_came_through_the_door():
    async with opened() as gateway:
        await replied(gateway, 4)
        await gateway.get("/sms/1.0.0/sms/inboundmessages/shared")
        truth = gateway.truth.tell(Selection(), gateway.clock.now())
        assert isinstance(truth, Truth)
        assert (truth.figures.requests, truth.figures.passives) == (4, 4)


async def test_the_log_shows_the_clients_own_traffic():
    async with opened() as gateway:
        await gateway.send(SILENT)
        logs = (await gateway.get("/sms/1.0.0/logs")).json["logs"]
        assert [each["address"] for each in logs] == [SILENT]


KEYWORD = """
{method} /sms/1.0.0/sms/keywords/{word} HTTP/1.1
Host: x
Authorization: Bearer {owner}
"""


async def test_a_keyword_leads_to_whoever_reserved_it():
    async with opened() as gateway:
        other = gateway.door.access.permanent_token("other")

        async def keyword(method: str, word: str, owner: str) -> int:
            return (await gateway.ask(KEYWORD, method=method, word=word, owner=owner)).status

        await gateway.send(SILENT)
        assert [await keyword("PUT", "WAFEL", owner) for owner in (other, other, gateway.token)] == [
            201,
            201,
            409,
        ]
        gateway.carrier.reply_by_hand(SILENT, "Wafel 9")
        gateway.carrier.reply_by_hand(SILENT, "9 wafels")
        await gateway.clock.advance(by=1)
        assert [entry.account for entry in gateway.entries(Kind.REPLY_WRITTEN)] == ["other", CLIENT]
        assert [await keyword("DELETE", "wafel", owner) for owner in (gateway.token, other)] == [404, 204]
        assert await keyword("PUT", "two%20words", other) == 400


# What goes wrong


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


# Hostile clients


SMALL = Limits(connections=20, idle_seconds=0.3, body_bytes=2_000, body_seconds=0.3)


@pytest.mark.parametrize("length", [2_000, 2_001])
async def test_a_body_may_have_its_limit_and_not_one_byte_more(length):
    start, end = b'{"destinations": ["+32450030000"], "message": "', b'"}'
    body = start + b"a" * (length - len(start) - len(end)) + end
    async with opened(limits=SMALL) as gateway:
        answer = await gateway.ask(SEND, body)
        # within the limit the text is too long for ten parts, and that is what is said
        assert answer.status == (400 if length == 2_000 else 413)


async def test_a_huge_body_is_refused_without_being_read():
    head = SEND.strip().replace("\n", "\r\n") + "\r\nContent-Length: 1000000000000\r\n\r\n"
    async with opened(limits=SMALL) as gateway:
        answer = parsed(await gateway.raw(head.format(token=gateway.token).encode()))
        assert (answer.status, answer.json["fault"]["code"]) == (413, 413)
        assert answer.headers["connection"] == "close"


async def test_a_body_without_end_in_chunks_is_refused():
    head = SEND.strip().replace("\n", "\r\n") + "\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with opened(limits=SMALL) as gateway:
        chunks = b"400\r\n" + b"x" * 1_024 + b"\r\n"
        answer = parsed(await gateway.raw(head.format(token=gateway.token).encode() + chunks * 5))
        assert answer.status == 413


async def test_half_a_head_and_half_a_body_are_cut_off_and_harm_nobody():
    head = SEND.strip().replace("\n", "\r\n") + "\r\nContent-Length: 100\r\n\r\nhalf"
    async with opened(limits=SMALL) as gateway:
        slow = [await asyncio.open_connection("127.0.0.1", gateway.port) for _ in range(10)]
        for n, (_, writer) in enumerate(slow):
            writer.write(head.format(token=gateway.token).encode() if n % 2 else b"POST /tok")
        assert (await gateway.send(SILENT)).status == 201
        async with asyncio.timeout(5):
            ends = [await reader.read() for reader, _ in slow]
        assert all(parsed(end).status == 408 for end in ends[1::2])
        assert (await gateway.send(SILENT)).status == 201
        for _, writer in slow:
            await closed(writer)


async def test_a_body_that_breaks_off_is_named():
    head = SEND.strip().replace("\n", "\r\n") + "\r\nContent-Length: 100\r\n\r\nhalf"
    async with opened() as gateway:
        _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        writer.write(head.format(token=gateway.token).encode())
        await writer.drain()
        await closed(writer)
        [entry] = await gateway.until(Kind.INPUT_MALFORMED)
        assert "broke off" in str(entry.facts["what"])


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00" * 100,
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00" * 50,
        b"POST /token HTTP/1.1\r\n" + b"a: b\r\n" * 9_999 + b"\r\n",
        b"POST /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
    ],
    ids=["zeros", "no target", "no version", "TLS", "many headers", "long target"],
)
async def test_what_is_not_http_is_answered_and_named(garbage):
    async with opened() as gateway:
        try:
            answer = await gateway.raw(garbage + b"\r\n\r\n")
        except ConnectionResetError:
            answer = b""
        if answer:
            assert parsed(answer).status in (400, 431)
        assert gateway.malformed()
        assert (await gateway.send(SILENT)).status == 201


async def test_a_chunk_that_is_none_is_named():
    head = SEND.strip().replace("\n", "\r\n") + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nxx"
    async with opened() as gateway:
        answer = parsed(await gateway.raw(head.format(token=gateway.token).encode()))
        assert answer.status == 400
        assert gateway.malformed()


async def test_a_compressed_body_is_not_taken():
    async with opened() as gateway:
        answer = await gateway.ask(SEND.strip() + "\nContent-Encoding: gzip", b"\x1f\x8b")
        assert answer.status == 415
