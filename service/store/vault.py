"""Keys: destinations are sealed under a key of their day, known again by a keyed hash, and both end
(survey-api "Personal data").

One master key; from it (HKDF) the keys for fingerprints, for other hashes and for wrapping. A day's data key
stands wrapped in the database until no destination of that day is left, so that dead pages and backups
cannot be read either.
"""

from __future__ import annotations

import base64
import hmac
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.clock import Dice, Moment
from service.domain.request import RequestId
from service.store.engine import Row, Tx

KEY_BYTES = 32
NONCE_BYTES = 12
DAY_MS = 86_400_000
CACHED_KEYS = 16


class WrongMasterKey(Exception):
    """The master key is missing, malformed, or not the one this database was made with."""


def day_of(moment: Moment) -> int:
    """Days since the epoch, UTC."""
    return moment // DAY_MS


class Vault:
    """Seals and recognises destinations. Its methods with `tx` belong inside a writing unit."""

    def __init__(self, master: bytes, dice: Dice) -> None:
        self._dice = dice
        # A copy of a keyed hash costs half of making one.
        self._fingerprints = hmac.new(_derived(master, b"fingerprint"), digestmod="sha256")
        self._hashes = _derived(master, b"hash")
        self._wrapping = AESGCM(_derived(master, b"wrap"))
        self._mark = hmac.digest(self._hashes, b"mark of the master key", "sha256")
        self._unwrapped: dict[bytes, AESGCM] = {}

    @classmethod
    def open(cls, database: Path | None, master_key: str, dice: Dice) -> Vault:
        """With the key given (base64 of 32 bytes), else with the one in `<database>.key`, which is made if
        need be. Without a file the key must be given: all processes that share a database need the same.

        Errors: WrongMasterKey, OSError."""
        if master_key:
            return cls(_decoded(master_key, "the master key"), dice)
        if database is None:
            raise WrongMasterKey("a database on a server needs BELFORT_MASTER_KEY (base64 of 32 bytes)")
        file = database.with_name(database.name + ".key")
        return cls(_read_or_make(file, dice), dice)

    def recognise(self, tx: Tx) -> None:
        """Make sure that this database belongs to this key; a new one does from now on. Errors:
        WrongMasterKey."""
        row = tx.one("master_key_mark")
        if row is None:
            tx.send("keep_master_key_mark", mark=self._mark)
        elif not hmac.compare_digest(row["mark"], self._mark):
            raise WrongMasterKey("the database was made with another master key")

    def fingerprint(self, destination: str) -> bytes:
        """By what a person is known again: a keyed hash of the normalised destination, the same on every
        channel."""
        keyed = self._fingerprints.copy()
        keyed.update(destination.encode())
        return keyed.digest()

    def hashed(self, content: bytes) -> bytes:
        """A keyed hash of anything else that may hold personal data. 32 bytes."""
        return hmac.digest(self._hashes, content, "sha256")

    def opener(self, tx: Tx) -> Opener:
        """Unseals many within one unit: each day's key is read once."""
        return Opener(partial(self._standing_key, tx))

    def _standing_key(self, tx: Tx, day: int) -> AESGCM:
        row = tx.one("data_key", day=day)
        if row is None:
            raise WrongMasterKey(f"there is no data key of day {day}")
        return self._unwrap(day, row["wrapped"])

    def sealer(self, tx: Tx, day: int) -> Sealer:
        """Seals destinations under the key of `day`, which is made if need be."""
        return self.asked_sealer(tx, day)()

    def asked_sealer(self, tx: Tx, day: int) -> Callable[[], Sealer]:
        """The same for who can wait (`Tx.ask`)."""
        rows = tx.ask("data_key", day=day)
        return lambda: Sealer(self._key_of(tx, day, rows()))

    def _key_of(self, tx: Tx, day: int, rows: Sequence[Row]) -> AESGCM:
        # The row decides, never this object's memory: a unit that made the key may have been rolled back,
        # and a sweep may have destroyed it.
        if rows:
            return self._unwrap(day, rows[0]["wrapped"])
        nonce, fresh = self.nonce(), self._dice.secret(KEY_BYTES)
        wrapped = nonce + self._wrapping.encrypt(nonce, fresh, _aad(day))
        if not tx.run("keep_data_key", day=day, wrapped=wrapped):  # another process has made one just now
            wrapped = tx.sole("data_key", day=day)["wrapped"]
        return self._unwrap(day, wrapped)

    def _unwrap(self, day: int, wrapped: bytes) -> AESGCM:
        if (key := self._unwrapped.get(wrapped)) is not None:
            return key
        key = AESGCM(self._wrapping.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _aad(day)))
        while len(self._unwrapped) >= CACHED_KEYS:
            self._unwrapped.pop(next(iter(self._unwrapped)))
        self._unwrapped[wrapped] = key
        return key

    def nonce(self) -> bytes:
        """Unguessable, for one sealing."""
        return self._dice.secret(NONCE_BYTES)

    def forget(self) -> None:
        """Let go of every data key held in memory; those still in the database are unwrapped again on
        demand."""
        self._unwrapped.clear()


class Opener:
    """The keys of one unit at work."""

    __slots__ = ("_key_of", "_keys")

    def __init__(self, key_of: Callable[[int], AESGCM]) -> None:
        self._key_of = key_of
        self._keys: dict[int, AESGCM] = {}

    def unseal(self, day: int, request: RequestId, sealed: bytes) -> str:
        """The destination again. Errors: WrongMasterKey when the key of that day is gone or another's."""
        return self.unsealed(day, request.bytes, sealed).decode()

    def unsealed(self, day: int, bound: bytes, sealed: bytes) -> bytes:
        """The same for anything that was bound to something else."""
        try:
            key = self._keys.get(day)
            if key is None:
                key = self._keys[day] = self._key_of(day)
            return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
        except InvalidTag as error:
            raise WrongMasterKey(f"what was sealed on day {day} does not open") from error


class Sealer:
    """One day's key at work inside one unit."""

    __slots__ = ("_key",)

    def __init__(self, key: AESGCM) -> None:
        self._key = key

    def seal(self, request: RequestId, destination: str, nonce: bytes) -> bytes:
        """The destination, bound to its request. `nonce`: unguessable, for this once."""
        return self.sealed(request.bytes, destination.encode(), nonce)

    def sealed(self, bound: bytes, content: bytes, nonce: bytes) -> bytes:
        """The same for anything else, bound to what it belongs to."""
        return nonce + self._key.encrypt(nonce, content, bound)


def _aad(day: int) -> bytes:
    return b"data key of day %d" % day


def _derived(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=b"belfort " + purpose).derive(
        master
    )


def _decoded(text: str, what: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise WrongMasterKey(f"{what} must be base64 of {KEY_BYTES} bytes")
    return key


def _read_or_make(file: Path, dice: Dice) -> bytes:
    try:
        return _decoded(file.read_text("ascii", "replace"), f"the master key in {file.name}")
    except FileNotFoundError:
        pass
    draft = file.with_name(f"{file.name}.{dice.secret(8).hex()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(base64.b64encode(dice.secret(KEY_BYTES)) + b"\n")
            out.flush()
            os.fsync(out.fileno())
        # Whole or not at all, on disk before anything is sealed with it, and never over another instance's.
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink()
    _sync_folder(file.parent)
    return _decoded(file.read_text("ascii", "replace"), f"the master key in {file.name}")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
