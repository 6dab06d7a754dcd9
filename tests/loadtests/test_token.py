"""The token that users send with: another one before it is over, and when somebody says that it is."""

from __future__ import annotations

from types import SimpleNamespace

from harness import Token


class Desk:
    """Hands out tokens that last for ten seconds, each with its number."""

    def __init__(self) -> None:
        self.now, self.given = 100.0, 0

    def __call__(self, *_: object, **__: object) -> dict[str, object]:
        self.given += 1
        return {"access_token": str(self.given), "expires_in": 10}

    def token(self) -> Token:
        return Token(self, lambda: self.now)


def bearer(token: Token) -> str:
    return token.headers["Authorization"]


def test_a_token_is_kept_and_replaced_before_it_is_over():
    desk = Desk()
    token = desk.token()
    assert (bearer(token), bearer(token)) == ("Bearer 1", "Bearer 1")
    desk.now += 7.9
    assert bearer(token) == "Bearer 1"
    desk.now += 0.2
    assert bearer(token) == "Bearer 2"


def test_a_token_that_is_refused_is_not_sent_again():
    desk = Desk()
    token = desk.token()
    assert bearer(token) == "Bearer 1"
    token.heard(response=SimpleNamespace(status_code=200))
    token.heard(response=None)
    assert bearer(token) == "Bearer 1"
    token.heard(response=SimpleNamespace(status_code=401))
    assert bearer(token) == "Bearer 2"
