"""Replies in parts: kept sealed until the last is there, so that every process finds what the others heard,
and a crash loses none.

What was read goes at once. Hashes of its parts stay for an hour, by which copies are known.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from service.clock import Moment
from service.domain.request import ReplyPart
from service.store.tx import Row, Tx
from service.store.vault import Vault, day_of

KEPT_MS = 3_600_000
"""How long a message is known after its last part came."""
MARK_BYTES = 8


@dataclass(slots=True)
class LongReply:
    """What is there of a message. `parts` by number, none once it was read; `marks` of those that came."""

    message: bytes
    marks: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def octets(self) -> bytes:
        """The parts that came, in their order."""
        return b"".join(bytes.fromhex(self.parts[number]) for number in sorted(self.parts, key=int))


def take(tx: Tx, vault: Vault, part: ReplyPart, now: Moment) -> bytes | None:
    """Keep a part; all octets if it is the last that was missing, None as well for a copy.

    A reference is used again: another part of a number that came before begins another message."""
    message = vault.hashed(part.message)
    tx.run("expect_long_reply", message=message, expires=now + KEPT_MS)
    known = _opened(tx, vault, message, tx.sole("long_reply", message=message))
    number = str(part.number)
    mark = _mark(vault, part)
    if known.marks.get(number) == mark:
        return None
    if not known.parts:
        known.marks = {}
    known.parts[number], known.marks[number] = part.octets.hex(), mark
    whole = known.octets if len(known.parts) == part.total else None
    _keep(tx, vault, known, now, read=whole is not None)
    return whole


def give_up(tx: Tx, vault: Vault, part: ReplyPart, now: Moment) -> bytes | None:
    """The octets that came of the message that this part began; None if it was read meanwhile."""
    message = vault.hashed(part.message)
    row = tx.one("long_reply", message=message)
    if row is None:
        return None
    known = _opened(tx, vault, message, row)
    if not known.parts or known.marks.get(str(part.number)) != _mark(vault, part):
        return None
    _keep(tx, vault, known, now, read=True)
    return known.octets


def _mark(vault: Vault, part: ReplyPart) -> str:
    return vault.hashed(part.octets)[:MARK_BYTES].hex()


def _opened(tx: Tx, vault: Vault, message: bytes, row: Row) -> LongReply:
    parts = {}
    if row["sealed"] is not None:
        parts = json.loads(vault.opener(tx).unsealed(row["day"], message, row["sealed"]))
    return LongReply(message, json.loads(row["marks"]), parts)


def _keep(tx: Tx, vault: Vault, known: LongReply, now: Moment, *, read: bool) -> None:
    day, sealed = day_of(now), None
    if not read:
        content = json.dumps(known.parts).encode()
        sealed = vault.sealer(tx, day).sealed(known.message, content, vault.nonce())
    marks, expires = json.dumps(known.marks), now + KEPT_MS
    tx.run("keep_long_reply", message=known.message, day=day, sealed=sealed, marks=marks, expires=expires)
