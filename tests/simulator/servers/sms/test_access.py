import pytest

from simulator.servers.sms.access import Access
from simulator.wire.wso2 import INVALID_CREDENTIALS, MISSING_CREDENTIALS, TokenError, TokenRequest

CLIENTS = {"one": "first-secret", "two": "second-secret"}
ASKED = TokenRequest("one", "first-secret", "client_credentials", "openid")


def access(now: list[float], lifetime: float | None = 3_600.0) -> Access:
    return Access(CLIENTS, wall=lambda: now[0], lifetime=lifetime)


def test_a_token_opens_for_its_client_until_it_ends_or_is_revoked():
    now = [1_000.0]
    door = access(now)
    issued = door.issue(ASKED)
    assert not isinstance(issued, TokenError)
    token, lifetime = issued
    assert (lifetime, door.bearer(f"Bearer {token}"), door.bearer(f"bearer  {token} ")) == (
        3_600,
        "one",
        "one",
    )
    now[0] += 3_600
    assert door.bearer(f"Bearer {token}") is INVALID_CREDENTIALS
    renewed = door.issue(ASKED)
    assert not isinstance(renewed, TokenError)
    door.revoke("one")
    assert door.bearer(f"Bearer {renewed[0]}") is INVALID_CREDENTIALS


def test_permanent_tokens_differ_by_client_and_survive_a_restart():
    now = [0.0]
    first, again = access(now), access(now)
    assert first.permanent_token("one") == again.permanent_token("one") != first.permanent_token("two")
    now[0] = 1e12
    assert again.bearer(f"Bearer {first.permanent_token('one')}") == "one"


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        (None, MISSING_CREDENTIALS),
        ("", MISSING_CREDENTIALS),
        ("Basic x", MISSING_CREDENTIALS),
        ("Bearer", INVALID_CREDENTIALS),
        ("Bearer \udc80", INVALID_CREDENTIALS),
        ("Bearer x y", INVALID_CREDENTIALS),
    ],
)
def test_other_headers_open_nothing(header, fault):
    assert access([0.0]).bearer(header) is fault


def test_an_api_key_is_the_secret_or_the_permanent_token():
    door = access([0.0])
    assert [door.api_key(key) for key in ("first-secret", door.permanent_token("two"))] == ["one", "two"]
    assert (door.api_key("x\udc80"), door.api_key(None)) == (INVALID_CREDENTIALS, MISSING_CREDENTIALS)


def test_tokens_do_not_pile_up():
    now = [0.0]
    door = access(now, lifetime=1.0)
    for n in range(1_000):
        now[0] = float(n)
        door.issue(ASKED)
    assert len(door._owners) == len(CLIENTS) + 1
