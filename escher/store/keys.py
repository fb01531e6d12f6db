"""The keys of a store: one master key outside it wraps the random keys inside it.

The master key comes from the keychain or from behind a passphrase and does nothing but wrap. Inside are one data key
per collection (more after a replacement, told apart by key id) and one key from which everything else is derived, so
the master key can change without touching a record. A missing or wrong key is an error; it is never made anew.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from escher.errors import KeyUnavailable, StoreReplaced, StoreTampered
from escher.store.database import connect, header
from escher.store.sealing import FORMAT, overwrite, seal, unseal_into

KEY_BYTES = 32
DERIVATION, DERIVATION_KEY_ID = "derivation", 1
# NIST SP 800-38D allows 2^32 random nonces under one key; a data key is replaced long before.
WRITES_PER_KEY = 1 << 28
_RESTORE = "Restore the store from a backup."


class MasterKey:
    """The master key in memory, until `forget`.

    Keys are kept in bytearrays and overwritten there; OpenSSL overwrites its own copies. What Python has as `bytes` or
    `str` before a key gets here cannot be overwritten, only freed: the text of a keychain, a passphrase. Measured after
    closing, in all writable memory of the process: no master, data, derivation or derived key of the store; the
    passphrase of a file once; and what `Store.derive` gave to others for as long as they keep it
    (`tests/store/test_memory.py`).
    """

    def __init__(self, key: bytes, store_id: bytes) -> None:
        self._key, self._store_id = bytearray(key), store_id

    def check(self) -> bytes:
        """A value by which the key is recognised, and which says nothing about it."""
        return bytes(_hkdf(self.secret(), f"check of the master key of {self._store_id.hex()}"))

    def wrap(self, key: bytes | bytearray, key_id: int, purpose: str) -> bytes:
        """Another key, sealed."""
        return seal(AESGCM(self.secret()), key, self._bound(key_id, purpose))

    def unwrap(self, wrapped: bytes, key_id: int, purpose: str) -> bytearray:
        """Undo `wrap`. Raises StoreTampered: that this is the right master key was checked before."""
        key = bytearray(KEY_BYTES)
        try:
            unseal_into(AESGCM(self.secret()), wrapped, self._bound(key_id, purpose), key)
        except (InvalidTag, TypeError, ValueError) as cause:
            raise StoreTampered(f"a key of the store ({purpose}) was altered.", hint=_RESTORE) from cause
        return key

    def forget(self) -> None:
        """Overwrite the key in memory."""
        overwrite(self._key)
        self._key.clear()

    def secret(self) -> bytearray:
        """The key itself, for those who keep it; a copy of it is theirs to overwrite. Raises KeyUnavailable when closed."""
        if not self._key:
            raise _forgotten()
        return self._key

    def _bound(self, key_id: int, purpose: str) -> bytes:
        return b"|".join((FORMAT, self._store_id, b"key", str(key_id).encode(), str(purpose).encode()))


class StoreKeys:
    """The keys inside a store. They are unwrapped when first needed; `learn` takes in those that others have added.

    A key that the store no longer has is kept until `forget`: somebody may still be reading what was sealed under it.
    """

    def __init__(self, path: Path, master: MasterKey) -> None:
        self._path, self._master = path, master
        self._wrapped = _read_keys(path)
        self._ciphers: dict[int, AESGCM] = {}
        self._derivation_key = self._unwrap(DERIVATION_KEY_ID)

    def __contains__(self, key_id: int) -> bool:
        return key_id in self._wrapped

    def derive(self, purpose: str) -> bytearray:
        """32 bytes for one purpose, the same in every process that opens this store (HKDF-SHA256)."""
        if not self._derivation_key:
            raise _forgotten()
        return _hkdf(self._derivation_key, purpose)

    def master(self) -> bytes:
        """The master key itself, to be handed over. Raises KeyUnavailable when closed."""
        return bytes(self._master.secret())

    def cipher(self, key_id: int) -> AESGCM:
        """The AES key of a key id. Raises StoreTampered for one that the store does not have."""
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            key = self._unwrap(key_id)
            cipher = self._ciphers[key_id] = AESGCM(key)
            overwrite(key)
        return cipher

    def held(self) -> Callable[[int], AESGCM]:
        """`cipher` for the keys there are now, which goes on when a rotation drops them."""
        held = {key_id: self.cipher(key_id) for key_id in self._wrapped if key_id != DERIVATION_KEY_ID}
        return lambda key_id: held.get(key_id) or self.cipher(key_id)

    def check(self) -> None:
        """Unwrap every key. Raises StoreTampered for one that was altered."""
        for key_id in self._wrapped:
            overwrite(self._unwrap(key_id))

    def learn(self, connection: Connection) -> None:
        """Take in the keys that a connection sees."""
        self._wrapped |= _keys_seen(connection)

    def wrap(self, key: bytes, purpose: str) -> bytes:
        """A key that is kept outside the store, sealed under the master key. Raises KeyUnavailable when closed."""
        with closing(connect(self._path)) as connection:
            self._must_be_current(connection)
        return self._master.wrap(key, 0, purpose)

    def add(self, connection: Connection, purpose: str) -> int:
        """Make one more key for a collection, inside the caller's transaction; its key id."""
        self._must_be_current(connection)
        key_id, wrapped = add_key(connection, self._master, purpose)
        self._wrapped[key_id] = (purpose, wrapped)
        return key_id

    def forget(self) -> None:
        """Drop every key from memory."""
        self._ciphers.clear()
        overwrite(self._derivation_key)
        self._derivation_key.clear()
        self._master.forget()

    def _unwrap(self, key_id: int) -> bytearray:
        if key_id not in self._wrapped:
            self._wrapped |= _read_keys(self._path)
        if key_id not in self._wrapped:
            raise StoreTampered("a key of the store is gone.", hint=_RESTORE)
        purpose, wrapped = self._wrapped[key_id]
        try:
            return self._master.unwrap(wrapped, key_id, purpose)
        except StoreTampered:
            with closing(connect(self._path)) as connection:
                self._must_be_current(connection)
            raise

    def _must_be_current(self, connection: Connection) -> None:
        """Raises StoreReplaced when another process has given the store another master key."""
        if header(connection, "check") != self._master.check():
            raise StoreReplaced("the master key of this store was replaced meanwhile.", hint="Open the store again.")


def add_key(connection: Connection, master: MasterKey, purpose: str, key_id: int = 0) -> tuple[int, bytes]:
    """Store a new random key for a purpose, wrapped; its id and wrapped form.

    Ids are random unless given, so that one which was rolled back never comes to mean another key.
    """
    key_id = key_id or _unused_id(connection)
    key = bytearray(os.urandom(KEY_BYTES))
    wrapped = master.wrap(key, key_id, purpose)
    overwrite(key)
    keep_key(connection, key_id, purpose, wrapped)
    return key_id, wrapped


def _unused_id(connection: Connection) -> int:
    used = {key_id for (key_id,) in connection.execute("SELECT id FROM keys")}
    while (key_id := DERIVATION_KEY_ID + 1 + secrets.randbelow((1 << 32) - 2)) in used:
        """Two of 2^32 were the same."""
    return key_id


def keep_key(connection: Connection, key_id: int, purpose: str, wrapped: bytes) -> None:
    """Store a key that is wrapped already."""
    connection.execute("INSERT INTO keys (id, purpose, wrapped) VALUES (?, ?, ?)", (key_id, purpose, wrapped))


def _read_keys(path: Path) -> dict[int, tuple[str, bytes]]:
    with closing(connect(path)) as connection:
        return _keys_seen(connection)


def _keys_seen(connection: Connection) -> dict[int, tuple[str, bytes]]:
    rows = connection.execute("SELECT id, purpose, wrapped FROM keys").fetchall()
    return {key_id: (purpose, wrapped) for key_id, purpose, wrapped in rows}


def _hkdf(key: bytearray, purpose: str) -> bytearray:
    info, derived = FORMAT + b"|" + purpose.encode(), bytearray(KEY_BYTES)
    HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive_into(key, derived)
    return derived


def _forgotten() -> KeyUnavailable:
    return KeyUnavailable("the store is closed; its keys are no longer in memory.", hint="Open it again.")
