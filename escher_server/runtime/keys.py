"""API keys: made once, shown once, held as salted hashes. Pure but for the randomness of a new one.

A key reads `esk_<id>_<secret>`; the id finds the record, so one hash answers whether it is right. The secret has 256
random bits: no dictionary holds it, so one round of BLAKE2b under a salt of its own is enough.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from pydantic import Field

from escher.contract.wire import Wire
from escher_server.runtime.caller import INCLUDES, Caller, Right

TENANT = r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$"
ACTIVE_KEYS = 2
_PREFIX = "esk"


class KeyRecord(Wire):
    """A key as it is kept. `opaque` is the tenant's name in logs; times are UTC, ISO 8601."""

    key_id: str
    tenant: str = Field(pattern=TENANT)
    opaque: str
    scopes: tuple[Right, ...] = Field(min_length=1)
    salt: str
    hash: str
    created_at: str
    revoked_at: str | None = None

    @property
    def active(self) -> bool:
        """Whether it still opens the door."""
        return self.revoked_at is None

    def caller(self) -> Caller:
        """Whom the key stands for."""
        rights = frozenset[Right]().union(*(INCLUDES[scope] for scope in self.scopes))
        return Caller(tenant=self.tenant, opaque=self.opaque, key_id=self.key_id, rights=rights)


def new_key(tenant: str, opaque: str, scopes: Iterable[Right], at: str) -> tuple[str, KeyRecord]:
    """A new key and its record; the key itself is in neither the record nor anywhere else."""
    key_id = secrets.token_hex(4)
    key = f"{_PREFIX}_{key_id}_{secrets.token_urlsafe(32)}"
    return key, record_of(key, key_id=key_id, tenant=tenant, opaque=opaque, scopes=scopes, at=at)


def record_of(key: str, *, key_id: str, tenant: str, opaque: str, scopes: Iterable[Right], at: str) -> KeyRecord:
    """The record of a key that somebody chose, under a new salt."""
    salt = secrets.token_hex(16)
    return KeyRecord(
        key_id=key_id,
        tenant=tenant,
        opaque=opaque,
        scopes=tuple(sorted(set(scopes))),
        salt=salt,
        hash=_hashed(key, salt),
        created_at=at,
    )


class Keyring:
    """The keys that are accepted: those with an id in them, and those that somebody chose, at most a few."""

    def __init__(self, records: Iterable[KeyRecord] = (), chosen: Iterable[KeyRecord] = ()) -> None:
        self._by_id = {record.key_id: _held(record) for record in records if record.active}
        self._chosen = tuple(map(_held, chosen))

    def find(self, key: str) -> Caller | None:
        """Whom this key stands for, or None."""
        prefix, _, rest = key.partition("_")
        named = self._by_id.get(rest.partition("_")[0]) if prefix == _PREFIX else None
        typed = key.encode()
        for salt, right, caller in (named, *self._chosen) if named else self._chosen:
            if hmac.compare_digest(_digest(typed, salt), right):
                return caller
        return None


def _held(record: KeyRecord) -> tuple[bytes, bytes, Caller]:
    """A record as it is asked: salt, hash, and whom the key stands for."""
    return bytes.fromhex(record.salt), bytes.fromhex(record.hash), record.caller()


def _hashed(key: str, salt: str) -> str:
    return _digest(key.encode(), bytes.fromhex(salt)).hex()


def _digest(key: bytes, salt: bytes) -> bytes:
    return hashlib.blake2b(key, digest_size=32, salt=salt, person=b"escher-key").digest()
