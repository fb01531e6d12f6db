"""Encrypt and authenticate rows: AES-256-GCM, bound to the row's place, and the digest over a whole collection.

Associated data of a row = format | store id | collection | position, row id, sequence, version, deleted, key id. A row
that is altered, moved, swapped or put back under another version does not open. The digest of a collection is the sum
modulo 2^256 of a keyed hash per row: adding and taking out rows costs the same however large it is, and nobody without
the key can make another set of rows with the same sum.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from escher.errors import StoreTampered
from escher.store.records import Change, unpack

FORMAT = b"escher/1"
NONCE_BYTES = 12
TAG_BYTES = 16
ROW_ID_BYTES = 16
_MODULUS = 1 << 256
_PLACE = struct.Struct(">Q16sQQBI")


class Place(NamedTuple):
    """Where a row stands: everything of it that is not encrypted, in the order of the columns."""

    position: int
    row_id: bytes
    sequence: int
    version: int
    deleted: int
    key_id: int


def seal(cipher: AESGCM, plain: bytes | bytearray, bound_to: bytes) -> bytes:
    """Nonce, ciphertext and tag of a value that opens only with the same `bound_to`."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plain, bound_to)


def unseal(cipher: AESGCM, sealed: bytes, bound_to: bytes) -> bytes:
    """Undo `seal`. Raises InvalidTag for another key, another place or altered bytes."""
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise InvalidTag
    return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)


def unseal_into(cipher: AESGCM, sealed: bytes, bound_to: bytes, plain: bytearray) -> None:
    """`unseal` a value of known length into memory that can be overwritten. Raises InvalidTag, ValueError."""
    if len(sealed) != NONCE_BYTES + len(plain) + TAG_BYTES:
        raise InvalidTag
    cipher.decrypt_into(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to, plain)


def overwrite(key: bytearray) -> None:
    """Zeros where a key was."""
    key[:] = bytes(len(key))


class RowSealer:
    """Seals and opens the rows of one collection. `cipher` gives the AES key of a key id and raises for unknown ones."""

    def __init__(
        self,
        collection: str,
        store_id: bytes,
        *,
        cipher: Callable[[int], AESGCM],
        id_key: bytearray,
        digest_key: bytearray,
    ) -> None:
        self._collection, self._cipher = collection, cipher
        self._id_key, self._digest_key = id_key, digest_key
        self._prefix = b"|".join((FORMAT, store_id, collection.encode(), b""))

    def row_id(self, key: str) -> bytes:
        """The keyed hash of a natural key: 16 bytes that say nothing to those without the key."""
        return blake2b(self._prefix + key.encode(), key=self._id_key, digest_size=ROW_ID_BYTES).digest()

    def seal(self, place: Place, frame: bytes) -> bytes:
        """Encrypt a frame for one place."""
        return seal(self._cipher(place.key_id), frame, self._bound(place))

    def open(self, row: tuple[Any, ...]) -> Change:
        """What a row says, given as the columns of its place and the sealed frame.

        Raises StoreTampered when it is not what was written there.
        """
        place, sealed = Place._make(row[:-1]), row[-1]
        try:
            frame = unseal(self._cipher(place.key_id), sealed, self._bound(place))
        except (InvalidTag, TypeError) as cause:
            raise self.tampered("a record was altered or moved") from cause
        return unpack(frame, place.version, place.sequence)

    def reseal(self, row: tuple[Any, ...], key_id: int) -> tuple[Place, bytes]:
        """The same frame under another key: its new place and sealed value. Raises StoreTampered."""
        place, sealed = Place._make(row[:-1]), row[-1]
        try:
            frame = unseal(self._cipher(place.key_id), sealed, self._bound(place))
        except (InvalidTag, TypeError) as cause:
            raise self.tampered("a record was altered or moved") from cause
        moved = place._replace(key_id=key_id)
        return moved, self.seal(moved, frame)

    def element(self, place: Place, tag: Any) -> int:
        """What one row adds to its collection's digest."""
        try:
            hashed = blake2b(self._bound(place) + tag, key=self._digest_key, digest_size=32)
        except TypeError as cause:
            raise self.tampered("a record was altered") from cause
        return int.from_bytes(hashed.digest(), "big")

    def digest(self, rows: Iterable[tuple[Any, ...]]) -> int:
        """The digest of rows given as the columns of a place and the tag."""
        element = self.element
        return sum(element(Place._make(row[:-1]), row[-1]) for row in rows) % _MODULUS

    def forget(self) -> None:
        """Overwrite the keys in memory; nothing can be sealed, opened or found any more."""
        overwrite(self._id_key)
        overwrite(self._digest_key)

    def tampered(self, what: str) -> StoreTampered:
        """The error for this collection."""
        return StoreTampered(
            f"{self._collection}: {what} since it was written.", hint="Restore the store from a backup."
        )

    def _bound(self, place: Place) -> bytes:
        try:
            packed = _PLACE.pack(*place)
        except struct.error as cause:
            raise self.tampered("a record was altered") from cause
        if len(place.row_id) != ROW_ID_BYTES:
            raise self.tampered("a record was altered")
        return self._prefix + packed


def replaced(digest: int, *, added: int = 0, removed: int = 0) -> int:
    """A collection's digest after a row was exchanged, added or taken out."""
    return (digest + added - removed) % _MODULUS
