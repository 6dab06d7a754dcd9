"""Who may use the SMS API: clients with secrets, the tokens they hold, API keys (domain facts §1.4, WSO2's
habits).

A token is opaque and stays the same while it is valid, as on the platform. Its lifetime is this machine's: it
guards connections. It is derived from the client's secret, so nobody without it can guess one, and each
client also has a permanent one, which is the same after a restart: real clients carry such tokens in their
code.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulator.wire import wso2


@dataclass(frozen=True, slots=True)
class Issued:
    """A token as it was given out; `ends` in this machine's seconds."""

    value: str
    ends: float


class Access:
    """`clients` maps client ids to secrets; `lifetime` is in seconds, None makes every token permanent."""

    def __init__(
        self, clients: Mapping[str, str], *, wall: Callable[[], float], lifetime: float | None = 3_600.0
    ) -> None:
        self._secrets = dict(clients)
        self._wall, self._lifetime = wall, lifetime
        self._issued: dict[str, Issued] = {}
        self._owners: dict[str, str] = {self.permanent_token(client): client for client in clients}

    def permanent_token(self, client: str) -> str:
        """The token of `client` that never ends; KeyError if there is no such client."""
        return self._derived(client, "permanent")

    def _derived(self, client: str, name: str) -> str:
        return hmac.new(
            self._secrets[client].encode(), f"{client}/{name}".encode(), hashlib.sha256
        ).hexdigest()[:32]

    def issue(self, request: wso2.TokenRequest) -> tuple[str, int] | wso2.TokenError:
        """A token and the whole seconds it is still valid."""
        secret = self._secrets.get(request.client_id)
        given = request.client_secret.encode("utf-8", "surrogatepass")
        if secret is None or not hmac.compare_digest(secret.encode(), given):
            return wso2.TokenError.INVALID_CLIENT
        if request.grant_type != "client_credentials":
            return (
                wso2.TokenError.UNSUPPORTED_GRANT_TYPE
                if request.grant_type
                else wso2.TokenError.INVALID_REQUEST
            )
        if self._lifetime is None:
            return self.permanent_token(request.client_id), wso2.PERMANENT
        now = self._wall()
        issued = self._current(request.client_id, self._lifetime, now)
        return issued.value, max(1, int(issued.ends - now))

    def _current(self, client: str, lifetime: float, now: float) -> Issued:
        issued = self._issued.get(client)
        if issued is None or now >= issued.ends:
            if issued is not None:
                self._owners.pop(issued.value, None)
            issued = self._issued[client] = Issued(self._derived(client, repr(now)), now + lifetime)
            self._owners[issued.value] = client
        return issued

    def bearer(self, authorization: str | None) -> str | wso2.Fault:
        """The client whose token this header carries, or the fault to answer with."""
        if authorization is None:
            return wso2.MISSING_CREDENTIALS
        kind, _, token = authorization.strip().partition(" ")
        if kind.lower() != "bearer":
            return wso2.MISSING_CREDENTIALS
        client = self._owners.get(token.strip())
        if client is None or not self._is_valid(client, token.strip()):
            return wso2.INVALID_CREDENTIALS
        return client

    def _is_valid(self, client: str, token: str) -> bool:
        issued = self._issued.get(client)
        return issued is None or issued.value != token or self._wall() < issued.ends

    def api_key(self, key: str | None) -> str | wso2.Fault:
        """The client whose permanent token or secret is this `APIKey`."""
        if key is None:
            return wso2.MISSING_CREDENTIALS
        given = key.strip().encode("utf-8", "surrogatepass")
        for client, secret in self._secrets.items():
            if any(
                hmac.compare_digest(own.encode(), given) for own in (self.permanent_token(client), secret)
            ):
                return client
        return wso2.INVALID_CREDENTIALS

    def revoke(self, client: str) -> None:
        """End the client's current token, as the platform's own page can."""
        issued = self._issued.pop(client, None)
        if issued is not None:
            self._owners.pop(issued.value, None)
