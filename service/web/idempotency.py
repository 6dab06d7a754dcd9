"""`Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header-07, survey-api "Sending").

The first answer under a key is kept in the unit that did the work, so that both become durable together. Keys
and bodies are kept as keyed hashes only. Which calls are at work is known in memory: after a crash none is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from service.clock import Moment
from service.domain.request import AccountId
from service.store import idempotency
from service.store.engine import Store, Tx
from service.store.idempotency import Kept, Slot
from service.store.vault import Vault
from service.web.problems import Faults, Kind, Problem

HEADER = "Idempotency-Key"
LONGEST = 255

_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_BARE = re.compile(r"[!-~](?:[ -~]*[!-~])?")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call is answered: a status and JSON text, or none."""

    status: int
    text: str = ""
    location: str | None = None
    replayed: bool = False


Unit = Callable[[Tx], Answer]


def read_key(call: web.BaseRequest, faults: Faults) -> str | None:
    """The key, quoted (a string of RFC 8941) or bare; both spellings are the same key."""
    given = call.headers.getall(HEADER, [])
    if not given:
        return None
    text = given[0].strip(" \t")
    quoted = _QUOTED.fullmatch(text)
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else text
    sound = quoted is not None or (_BARE.fullmatch(text) is not None and not text.startswith('"'))
    if len(given) > 1:
        faults.of(HEADER, "The header is repeated.")
    elif not sound or not 1 <= len(key) <= LONGEST:
        faults.of(HEADER, f"It must have 1 to {LONGEST} printable ASCII characters, quoted or bare.")
    return key


class Keys:
    """Does a unit of work at most once for each key."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault
        self._at_work: set[Slot] = set()

    async def once(
        self, unit: Unit, *, account: AccountId, path: str, key: str, body: Any, now: Moment
    ) -> Answer:
        """The answer of `unit`, or the first answer under this key.

        Errors: Problem 409 while the first call is at work, 422 when the key was used with another body."""
        slot = Slot(account, path, self._vault.hashed(key.encode()))
        if slot in self._at_work:
            raise Problem(
                Kind.CONFLICT, "The first call under this idempotency key is still at work; try again."
            )
        kept_body = self._vault.hashed(_canonical(body))
        self._at_work.add(slot)
        try:
            answer = await self._store.write(lambda tx: _replayed_or_done(tx, slot, kept_body, unit, now))
        finally:
            self._at_work.discard(slot)
        if answer is None:
            raise Problem(Kind.OTHER_BODY, "This idempotency key was used with another body.")
        return answer


def _replayed_or_done(tx: Tx, slot: Slot, body: bytes, unit: Unit, now: Moment) -> Answer | None:
    """None when the key belongs to another body."""
    kept = idempotency.lookup(tx, slot, now)
    if kept is None:
        answer = unit(tx)
        idempotency.record(tx, slot, Kept(body, answer.status, answer.text, answer.location), now)
        return answer
    if kept.body_hash != body:
        return None
    return Answer(kept.status, kept.answer, kept.location, replayed=True)


def _canonical(body: Any) -> bytes:
    """Equal for equal JSON values, whatever their spelling and the order of their members."""
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
