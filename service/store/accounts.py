"""Accounts, their clients, and the bearer tokens that clients are given (survey-api "Addresses and access").

A client secret is kept as scrypt under a salt, a token as SHA-256: it is 256 random bits itself. Hashing a
secret takes tens of milliseconds on purpose, so it runs in a thread, two at a time, and takes as long for a
client that does not exist.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from dataclasses import dataclass, field

from service.clock import Clock, Dice, Moment
from service.domain.request import AccountId
from service.store.engine import Store, Tx

HASHING_AT_ONCE = 2
EXPIRED_AT_ONCE = 1_000


class ClientTaken(Exception):
    """The client id belongs to somebody, with another secret or revoked."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A client as its owner must know it. The secret is shown once and kept nowhere."""

    account: AccountId
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Client:
    """A client whose secret was right."""

    id: str
    account: AccountId


@dataclass(frozen=True, slots=True)
class Token:
    """A fresh bearer token; `expires_in` in whole seconds."""

    value: str = field(repr=False)
    expires_in: int


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account and its clients, as lists show them."""

    id: AccountId
    name: str
    created_at: Moment
    clients: tuple[str, ...]
    revoked: tuple[str, ...]


class Accounts:
    """Makes accounts, checks secrets, issues and knows tokens."""

    def __init__(self, store: Store, clock: Clock, dice: Dice, *, token_lifetime: float) -> None:
        self._store, self._clock, self._dice = store, clock, dice
        self._lifetime = token_lifetime
        self._hashing = asyncio.Semaphore(HASHING_AT_ONCE)

    async def create(
        self, name: str, *, client_id: str | None = None, client_secret: str | None = None
    ) -> Credentials:
        """A new account with one client. Id and secret are made up unless handed in.

        Handing in the id and secret of a client that exists gives that client's account: a restart changes
        nothing. Errors: ClientTaken."""
        given = client_id or f"client-{self._word(9)}", client_secret or self._word(32)
        if client_id is not None and (known := await self._known(*given)) is not None:
            return known
        salt = self._dice.secret(16)
        digest = await self._hashed(given[1], salt)
        account = await self._store.write(
            lambda tx: _insert_account(tx, name, given[0], digest, salt, self._clock.now())
        )
        return Credentials(account, *given)

    async def add_client(self, account: AccountId) -> Credentials | None:
        """Another client for an account; None when there is no such account."""
        client_id, secret, salt = f"client-{self._word(9)}", self._word(32), self._dice.secret(16)
        digest = await self._hashed(secret, salt)

        def unit(tx: Tx) -> Credentials | None:
            if tx.one("account_exists", account=account) is None:
                return None
            _insert_client(tx, account, client_id, digest, salt, self._clock.now())
            return Credentials(account, client_id, secret)

        return await self._store.write(unit)

    async def cards(self) -> list[AccountCard]:
        """Every account, oldest first."""
        return await self._store.read(_cards)

    async def revoke(self, client_id: str) -> bool:
        """End a client and its tokens; False when there was none to end."""

        def unit(tx: Tx) -> bool:
            tx.run("drop_tokens_of_client", id=client_id)
            return tx.run("revoke_client", id=client_id, now=self._clock.now()) > 0

        return await self._store.write(unit, erasing=True)

    async def authenticate(self, client_id: str, client_secret: str) -> Client | None:
        """The client, if the secret is right and it is not revoked. Unknown ids cost the same work."""
        row = await self._store.read(lambda tx: tx.one("client", id=client_id))
        salt, kept = (row["salt"], row["secret"]) if row is not None else (b"nobody's salt...", b"")
        digest = await self._hashed(client_secret, salt)
        if not hmac.compare_digest(digest, kept) or row is None or row["revoked_at"] is not None:
            return None
        return Client(row["id"], AccountId(row["account"]))

    async def issue(self, client: Client) -> Token | None:
        """A new token for a client; None when it was revoked meanwhile."""
        value, wall = self._word(32), self._clock.wall()

        def unit(tx: Tx) -> bool:
            tx.run("drop_expired_tokens", wall=_milliseconds(wall), limit=EXPIRED_AT_ONCE)
            row = tx.one("client", id=client.id)
            if row is None or row["revoked_at"] is not None:
                return False
            tx.run(
                "create_token",
                digest=_digest(value),
                account=client.account,
                client=client.id,
                expires_at=_milliseconds(wall + self._lifetime),
            )
            return True

        return Token(value, int(self._lifetime)) if await self._store.write(unit) else None

    async def lookup(self, token: str) -> tuple[AccountId, float] | None:
        """Whose token this is and when it expires (wall seconds); None if unknown, expired or revoked."""
        digest, wall = _digest(token), _milliseconds(self._clock.wall())
        row = await self._store.read(lambda tx: tx.one("token", digest=digest, wall=wall))
        return None if row is None else (AccountId(row["account"]), row["expires_at"] / 1000)

    async def revoke_token(self, token: str) -> bool:
        """End one token; False when there was none."""
        digest = _digest(token)
        return await self._store.write(lambda tx: tx.run("drop_token", digest=digest) > 0, erasing=True)

    async def _known(self, client_id: str, client_secret: str) -> Credentials | None:
        if await self._store.read(lambda tx: tx.one("client", id=client_id)) is None:
            return None
        client = await self.authenticate(client_id, client_secret)
        if client is None:
            raise ClientTaken(f"client {client_id} exists with another secret, or was revoked")
        return Credentials(client.account, client_id, client_secret)

    async def _hashed(self, secret: str, salt: bytes) -> bytes:
        async with self._hashing:
            return await asyncio.to_thread(_scrypt, secret, salt)

    def _word(self, size: int) -> str:
        return base64.urlsafe_b64encode(self._dice.secret(size)).decode().rstrip("=")


def _scrypt(secret: str, salt: bytes) -> bytes:
    text = secret.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(text, salt=salt, n=2**14, r=8, p=1, dklen=32)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)


def _insert_account(tx: Tx, name: str, client_id: str, digest: bytes, salt: bytes, now: Moment) -> AccountId:
    account = AccountId(tx.sole("create_account", name=name, now=now)["id"])
    _insert_client(tx, account, client_id, digest, salt, now)
    return account


def _insert_client(
    tx: Tx, account: AccountId, client_id: str, digest: bytes, salt: bytes, now: Moment
) -> None:
    if not tx.run("create_client", id=client_id, account=account, secret=digest, salt=salt, now=now):
        raise ClientTaken(f"client {client_id} exists already")


def _cards(tx: Tx) -> list[AccountCard]:
    cards: dict[int, AccountCard] = {}
    for row in tx.all("accounts"):
        card = cards.get(row["id"]) or AccountCard(
            AccountId(row["id"]), row["name"], Moment(row["created_at"]), (), ()
        )
        if row["client"] is not None:
            live, ended = card.clients, card.revoked
            if row["revoked_at"] is None:
                live = (*live, row["client"])
            else:
                ended = (*ended, row["client"])
            card = AccountCard(card.id, card.name, card.created_at, live, ended)
        cards[row["id"]] = card
    return list(cards.values())
