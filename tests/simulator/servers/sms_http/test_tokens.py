"""Tokens, in every form that clients ask for them."""

import pytest

from simulator.wire.wso2 import PERMANENT
from tests.simulator.servers.gateway import SECRET, opened
from tests.simulator.servers.sms_http.forms import BASIC, FIELDS, FORM_A, FORM_A_IN_BODY, FORM_B, FORM_C


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
