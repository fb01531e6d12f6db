"""The clear part of an archive: enough to say whose it is and which key it needs, and nothing of what is in it.

An archive is: magic, length of the header, header as JSON, chunks (`chunks`), Ed25519 signature over the SHA-256 of all
before it. The archive's own random key stands in the header twice: wrapped by the store's master key, and by a key that
the store derives, so that an open store can read its backups also when its master key was replaced since.
"""

from __future__ import annotations

import struct
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any, BinaryIO

from pydantic_core import from_json, to_json

from escher.errors import BackupUnreadable
from escher.store.sources import Identity

MAGIC = b"escher backup 1\n"
SIGNATURE_BYTES = 64
SIGNED = b"escher backup|"
SIGNATURES = "backup signatures"
KEY_PURPOSE = "backup"
STORE_KEY = "backup keys"
_LENGTH = struct.Struct(">I")
_LONGEST = 1 << 16


@dataclass(frozen=True, slots=True)
class Header:
    """`key` is the archive's key under the master key, `own_key` the same under `STORE_KEY` of the store.

    `public_key` checks the signature; `made_at` is UTC in ISO 8601.
    """

    identity: Identity
    schema: int
    made_at: str
    public_key: bytes
    key: bytes
    own_key: bytes

    def encode(self) -> bytes:
        """The bytes at the beginning of an archive, magic and length included."""
        slot = self.identity.slot
        plain = to_json(
            {
                "store_id": self.identity.store_id.hex(),
                "check": _text(self.identity.check),
                "slot": None if slot is None else _text(slot),
                "schema": self.schema,
                "made_at": self.made_at,
                "public_key": self.public_key.hex(),
                "key": _text(self.key),
                "own_key": _text(self.own_key),
            },
            indent=2,
        )
        return MAGIC + _LENGTH.pack(len(plain)) + plain


def read_header(file: BinaryIO) -> tuple[Header, bytes]:
    """The header of an archive, and the bytes that it stands in. Raises BackupUnreadable."""
    start = file.read(len(MAGIC) + _LENGTH.size)
    if len(start) != len(MAGIC) + _LENGTH.size or not start.startswith(MAGIC):
        raise unreadable("it does not begin as an archive of Escher does")
    (length,) = _LENGTH.unpack(start[len(MAGIC) :])
    plain = file.read(length) if length <= _LONGEST else b""
    try:
        return _decode(from_json(plain)), start + plain
    except (KeyError, TypeError, ValueError, AttributeError) as cause:
        raise unreadable("its header is damaged") from cause


def unreadable(why: str) -> BackupUnreadable:
    """The error for an archive that is not what was written."""
    return BackupUnreadable(
        f"this backup cannot be used: {why}.", hint="Use another one: escher backup --list shows them."
    )


def _decode(document: dict[str, Any]) -> Header:
    slot = document["slot"]
    identity = Identity(
        bytes.fromhex(document["store_id"]), b64decode(document["check"]), None if slot is None else b64decode(slot)
    )
    key, own_key = b64decode(document["key"]), b64decode(document["own_key"])
    public_key = bytes.fromhex(document["public_key"])
    return Header(identity, int(document["schema"]), str(document["made_at"]), public_key, key, own_key)


def bound_key(store_id: str) -> bytes:
    """What an archive's key under `STORE_KEY` is bound to."""
    return b"|".join((MAGIC, store_id.encode(), STORE_KEY.encode()))


def _text(value: bytes) -> str:
    return b64encode(value).decode()
