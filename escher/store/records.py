"""What goes into the store and comes out of it, and the plain form of a record before it is encrypted.

A frame is: length of the key, length of the body (two little-endian 32-bit numbers), key, body as JSON, vector. A
frame with an empty body is a tombstone: it tells followers that the record is gone.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json, to_json

from escher.store.collections import CollectionName

_LENGTHS = struct.Struct("<II")


@dataclass(frozen=True, slots=True)
class Record:
    """A body of JSON values under its natural key, with a vector of little-endian float32 numbers or none.

    `version` counts the writes of this record, `sequence` is the commit that wrote it; the store sets both.
    """

    key: str
    body: dict[str, Any]
    vector: bytes | None = None
    version: int = 1
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a key: its record as it is now, or None when it was deleted."""

    key: str
    record: Record | None


@dataclass(frozen=True, slots=True)
class Feed:
    """Changes up to commit `sequence`, after which a collection has `count` records."""

    changes: Iterator[Change]
    sequence: int
    count: int


@dataclass(frozen=True, slots=True)
class CollectionStats:
    """One collection in numbers: `bytes` of ciphertext, `key_made_at` in Unix seconds (0: not known)."""

    name: CollectionName
    records: int
    deleted: int
    bytes: int
    vectors: int
    key_id: int
    key_made_at: int
    writes: int


def pack(record: Record) -> bytes:
    """The frame of a record. Raises PydanticSerializationError for a body that is not JSON."""
    key, body = record.key.encode(), to_json(record.body)
    return b"".join((_LENGTHS.pack(len(key), len(body)), key, body, record.vector or b""))


def pack_tombstone(key: str) -> bytes:
    """The frame that stands where a record was."""
    encoded = key.encode()
    return _LENGTHS.pack(len(encoded), 0) + encoded


def unpack(frame: bytes, version: int, sequence: int) -> Change:
    """Read a frame that was authenticated."""
    key_length, body_length = _LENGTHS.unpack_from(frame)
    body_at = _LENGTHS.size + key_length
    key = frame[_LENGTHS.size : body_at].decode()
    if not body_length:
        return Change(key, None)
    body = from_json(frame[body_at : body_at + body_length])
    return Change(key, Record(key, body, frame[body_at + body_length :] or None, version, sequence))
