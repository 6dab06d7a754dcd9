"""What was answered under an idempotency key, for 24 hours (survey-api "Sending", IETF draft 07).

Look up and record inside the unit that does the work, so that the answer and its effect become durable
together.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.clock import Moment
from service.domain.request import AccountId
from service.store.database import Contested
from service.store.engine import Tx

LIFETIME_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Slot:
    """Where an answer is kept. The hashes are keyed (`Vault.hashed`): a bare one could be guessed back."""

    account: AccountId
    path: str
    key_hash: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """The first answer. `answer` is the JSON text as it was sent."""

    body_hash: bytes
    status: int
    answer: str
    location: str | None = None


def lookup(tx: Tx, slot: Slot, now: Moment) -> Kept | None:
    """The answer kept in `slot`, if any and not expired. The caller compares `body_hash` (another one is
    422)."""
    row = tx.one("kept_answer", account=slot.account, path=slot.path, key_hash=slot.key_hash, now=now)
    return None if row is None else Kept(row["body_hash"], row["status"], row["answer"], row["location"])


def record(tx: Tx, slot: Slot, kept: Kept, now: Moment) -> None:
    """Keep an answer. Errors: Contested when another process has answered under this key meanwhile."""
    kept_ours = tx.run(
        "keep_answer",
        account=slot.account,
        path=slot.path,
        key_hash=slot.key_hash,
        body_hash=kept.body_hash,
        status=kept.status,
        answer=kept.answer,
        location=kept.location,
        expires_at=now + LIFETIME_MS,
        now=now,
    )
    if not kept_ours:
        raise Contested
