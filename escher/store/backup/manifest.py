"""What an archive says of itself, and the form of a record in it: a line of JSON in its collection's files.

Records are counted and summed up by hash, whatever their order, so that a restored store can be compared with the
archive record by record without holding either in memory. Pure: it knows no files.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from pydantic_core import from_json, to_json

from escher.store.collections import CollectionName
from escher.store.records import Record
from escher.store.root import Head

_MODULUS = 1 << 256


@dataclass(slots=True)
class Tally:
    """How many records, and the sum of their hashes modulo 2^256."""

    records: int = 0
    digest: int = 0

    def add(self, content: bytes) -> None:
        """Count one more record by its `content`."""
        self.records += 1
        self.digest = (self.digest + int.from_bytes(content, "big")) % _MODULUS


@dataclass(frozen=True, slots=True)
class Manifest:
    """One commit of a store of version `schema`: what of it is in the archive, and the SHA-256 of each file there.

    `derivation` is the key, wrapped by the master key, that gives a store built from this the same ids and signatures.
    """

    store_id: str
    made_at: str
    schema: int
    sequence: int
    head: Head
    derivation: bytes
    collections: Mapping[CollectionName, Tally]
    files: Mapping[str, str]

    def encode(self) -> bytes:
        """This manifest as JSON."""
        collections = {name: {"records": one.records, "digest": f"{one.digest:064x}"} for name, one in self._sorted()}
        document: dict[str, Any] = {name: getattr(self, name) for name in ("store_id", "made_at", "schema", "sequence")}
        document |= {"head": asdict(self.head), "derivation": b64encode(self.derivation).decode()}
        return to_json(document | {"collections": collections, "files": self.files}, indent=2)

    @property
    def records(self) -> int:
        """How many records there are in all."""
        return sum(one.records for one in self.collections.values())

    def _sorted(self) -> list[tuple[CollectionName, Tally]]:
        return sorted(self.collections.items())


def decode(plain: bytes) -> Manifest:
    """Read what `Manifest.encode` wrote."""
    document: dict[str, Any] = from_json(plain)
    document["head"] = Head(**document["head"])
    document["derivation"] = b64decode(document["derivation"])
    document["collections"] = {
        name: Tally(one["records"], int(one["digest"], 16)) for name, one in document["collections"].items()
    }
    return Manifest(**document)


def content_of(record: Record) -> bytes:
    """The SHA-256 of a record's key, body and vector: equal for two records that say the same."""
    return sha256(to_json([record.key, record.body, _text(record.vector)])).digest()


def line_of(record: Record) -> bytes:
    """A record as a line of JSON."""
    document = {
        "key": record.key,
        "version": record.version,
        "sequence": record.sequence,
        "body": record.body,
        "vector": _text(record.vector),
    }
    return to_json(document) + b"\n"


def record_of(line: bytes) -> Record:
    """Read what `line_of` wrote."""
    document: dict[str, Any] = from_json(line)
    vector = document["vector"]
    document["vector"] = None if vector is None else b64decode(vector)
    return Record(**document)


def _text(vector: bytes | None) -> str | None:
    return None if vector is None else b64encode(vector).decode()
