"""The token end point in every form real clients use, and bearer tokens."""

import base64
import io
from typing import Any

import pytest

from service.app import Service
from service.clock import Dice
from tests.service.web.caller import Caller
from tests.service.web.conftest import Opener

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PAIR = "client_id=first&client_secret=first-secret"
GRANT = "grant_type=client_credentials"


def basic(pair: str = "first:first-secret", scheme: str = "Basic") -> dict[str, str]:
    return {"Authorization": f"{scheme} {base64.b64encode(pair.encode()).decode()}"}


GOOD: list[tuple[str, str, dict[str, Any]]] = [
    ("Basic and a form", "", {"data": GRANT, "headers": {**FORM, **basic()}}),
    ("Basic and a form, other case", "", {"data": GRANT, "headers": {**FORM, **basic(scheme="basic")}}),
    ("Basic and the query", f"?{GRANT}", {"headers": basic()}),
    (
        "Basic, and the same id in the form",
        "",
        {"data": f"{GRANT}&client_id=first", "headers": {**FORM, **basic()}},
    ),
    (
        "Basic, form-encoded first",
        "",
        {"data": GRANT, "headers": {**FORM, **basic("fir%73t:first%2Dsecret")}},
    ),
    ("a form", "", {"data": f"{GRANT}&{PAIR}", "headers": FORM}),
    (
        "a form with a charset",
        "",
        {"data": f"{GRANT}&{PAIR}", "headers": {"Content-Type": FORM["Content-Type"] + "; charset=UTF-8"}},
    ),
    (
        "a form without a type",
        "",
        {"data": f"{GRANT}&{PAIR}".encode(), "skip_auto_headers": ["Content-Type"]},
    ),
    ("a form with a scope", "", {"data": f"{GRANT}&{PAIR}&scope=openid", "headers": FORM}),
    ("the query without a body", f"?{GRANT}&{PAIR}", {}),
    ("the query with Accept in it", f"?{GRANT}&{PAIR}&Accept=application%2Fjson", {}),
    ("the query and a body of =", f"?{GRANT}&{PAIR}", {"data": "=", "headers": FORM}),
    (
        "the query and a body of = as JSON",
        f"?{GRANT}&{PAIR}",
        {"data": "=", "headers": {"Content-Type": "application/json"}},
    ),
    ("half query, half form", f"?{GRANT}", {"data": PAIR, "headers": FORM}),
]


async def ask(caller: Caller, query: str, path: str = "/token", **more: Any) -> Any:
    async with caller.session.post(path + query, **more) as answer:
        return answer.status, answer.headers, await answer.json(content_type=None)


@pytest.mark.parametrize("path", ["/token", "/survey/1.0.0/token"])
async def test_every_form_of_real_clients_gets_a_token(caller: Caller, path: str) -> None:
    for name, query, more in GOOD:
        status, headers, token = await ask(caller, query, path, **more)
        assert (name, status, headers["Cache-Control"]) == (name, 200, "no-store")
        assert (token["token_type"], token["expires_in"], token["scope"]) == ("Bearer", 3600, "default")
        assert (await caller.get("/surveys", token=token["access_token"])).status == 200


BAD: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("no grant type", "", {"data": PAIR, "headers": FORM}, 400, "invalid_request"),
    ("an empty grant type", "?grant_type=", {"data": PAIR, "headers": FORM}, 400, "invalid_request"),
    (
        "another grant",
        "",
        {"data": f"grant_type=password&{PAIR}", "headers": FORM},
        400,
        "unsupported_grant_type",
    ),
    (
        "a parameter twice",
        "",
        {"data": f"{GRANT}&{PAIR}&client_id=x", "headers": FORM},
        400,
        "invalid_request",
    ),
    (
        "a parameter twice, alike",
        "",
        {"data": f"{GRANT}&{GRANT}&{PAIR}", "headers": FORM},
        400,
        "invalid_request",
    ),
    (
        "two clients",
        "",
        {"data": f"{GRANT}&client_id=x", "headers": {**FORM, **basic()}},
        400,
        "invalid_request",
    ),
    ("JSON", "", {"json": {"grant_type": "client_credentials"}}, 400, "invalid_request"),
    ("not UTF-8", f"?{GRANT}&client_id=%ff", {}, 400, "invalid_request"),
    ("a form that is not UTF-8", "", {"data": b"\xff", "headers": FORM}, 400, "invalid_request"),
    ("nobody", f"?{GRANT}", {}, 401, "invalid_client"),
    ("no secret", f"?{GRANT}&client_id=first", {}, 401, "invalid_client"),
    ("a wrong secret", f"?{GRANT}&client_id=first&client_secret=x", {}, 401, "invalid_client"),
    ("an unknown client", f"?{GRANT}&client_id=x&client_secret=first-secret", {}, 401, "invalid_client"),
    ("Basic without a colon", f"?{GRANT}", {"headers": basic("first")}, 401, "invalid_client"),
    (
        "Basic that is no base64",
        f"?{GRANT}",
        {"headers": {"Authorization": "Basic %%%"}},
        401,
        "invalid_client",
    ),
]


async def test_what_is_wrong_is_told_as_rfc_6749_says(caller: Caller) -> None:
    for name, query, more, status, error in BAD:
        got, headers, body = await ask(caller, query, **more)
        assert (name, got, body["error"]) == (name, status, error)
        assert headers["Cache-Control"] == "no-store"
        assert ("WWW-Authenticate" in headers) == (status == 401)


async def test_unknown_and_known_clients_get_the_same_answer(caller: Caller) -> None:
    known = await ask(caller, f"?{GRANT}&client_id=first&client_secret=x")
    unknown = await ask(caller, f"?{GRANT}&client_id=nobody&client_secret=x")
    assert (known[0], known[2]) == (unknown[0], unknown[2])


async def test_after_ten_wrong_secrets_a_client_must_wait_and_others_need_not(
    service: Service, caller: Caller
) -> None:
    await service.open_account("other", "other-secret")
    for _ in range(10):
        assert (await ask(caller, f"?{GRANT}&client_id=first&client_secret=x"))[0] == 401
    status, headers, body = await ask(caller, f"?{GRANT}&{PAIR}")
    assert (status, body["error"]) == (429, "temporarily_unavailable")
    assert 0 < int(headers["Retry-After"]) <= 60
    assert (await ask(caller, f"?{GRANT}&client_id=other&client_secret=other-secret"))[0] == 200


async def test_the_token_end_point_keeps_the_rules_of_bodies_and_methods(caller: Caller) -> None:
    for method in ("GET", "PUT", "DELETE"):
        async with caller.session.request(method, "/token") as answer:
            assert (answer.status, answer.headers["Allow"]) == (405, "POST")
        assert (await caller.call(method, "/token", token=None)).status == 405
    large = await ask(caller, "", data=io.BytesIO(b"x" * 1048577), headers=FORM)
    packed = await ask(caller, "", data=b"x", headers={**FORM, "Content-Encoding": "gzip"})
    for (status, headers, _), expected in ((large, 413), (packed, 415)):
        assert (status, headers["Cache-Control"]) == (expected, "no-store")


WRONG = ("", "Bearer", "Bearer ", "Basic {}", "Bearer {}x", "Bearer x{}", "{}", "Token {}", "Bearer {} {}")


async def test_a_token_that_is_missing_or_wrong_is_401(caller: Caller) -> None:
    for header in (*WRONG, "Bearer \xff{}"):
        headers = {"Authorization": header.format(caller.token, caller.token)} if header else {}
        answer = await caller.get("/surveys", token=None, headers=headers)
        assert (header, answer.status, answer.headers["WWW-Authenticate"]) == (header, 401, "Bearer")


async def test_two_authorization_headers_are_none(caller: Caller) -> None:
    headers = [("Authorization", f"Bearer {caller.token}")] * 2
    async with caller.session.get("/survey/1.0.0/surveys", headers=headers) as answer:
        assert answer.status == 401


async def test_the_scheme_is_read_without_regard_to_case(caller: Caller) -> None:
    for scheme in ("Bearer", "bearer", "BEARER"):
        headers = {"Authorization": f"{scheme}  {caller.token}"}
        assert (await caller.get("/surveys", token=None, headers=headers)).status == 200


class MovedClock:
    """The machine's clock, ahead by `by` seconds."""

    by = 0.0

    def __init__(self) -> None:
        from service.clock import RealClock

        self._real = RealClock()
        self.now, self.sleep_until, self.at_work = self._real.now, self._real.sleep_until, self._real.at_work

    def wall(self) -> float:
        return self._real.wall() + self.by


async def test_a_token_ends_when_it_said_it_would(tmp_path: Any) -> None:
    from service.config import Settings

    clock = MovedClock()
    settings = Settings(port=0, database=str(tmp_path / "x.sqlite3"), gateway_url="http://127.0.0.1:9")
    with (tmp_path / "log").open("wb") as log:
        service = await Service.start(settings, clock=clock, dice=Dice(1), log_to=log)
        try:
            async with Caller(service.url, await service.open_account("a", "b")) as caller:
                assert (await caller.get("/surveys")).status == 200
                clock.by = 3599
                assert (await caller.get("/surveys")).status == 200
                clock.by = 3601
                assert (await caller.get("/surveys")).status == 401
        finally:
            await service.stop()


async def test_a_revoked_client_is_out_at_once(service: Service, caller: Caller) -> None:
    assert (await caller.get("/surveys")).status == 200
    assert await service.revoke("first")
    assert (await caller.get("/surveys")).status == 401
    assert (await ask(caller, f"?{GRANT}&{PAIR}"))[0] == 401


async def test_neither_secret_nor_token_stands_in_the_log(open_service: Opener, tmp_path: Any) -> None:
    async with (
        open_service() as service,
        Caller(service.url, await service.open_account("first", "first-secret")) as caller,
    ):
        _, _, token = await ask(caller, f"?{GRANT}&{PAIR}")
        await caller.get("/surveys", token=token["access_token"])
        await caller.get("/surveys/" + caller.token)
        await caller.call(caller.token[:8], "/surveys")
    log = (tmp_path / "log").read_text()
    assert '"route": "/token"' in log
    assert [word for word in ("first-secret", token["access_token"], caller.token[:8]) if word in log] == []
