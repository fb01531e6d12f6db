"""Where the master key comes from: a passphrase file when one is set, else the keychain; never from nowhere."""

from __future__ import annotations

import hmac
import os
from base64 import b64decode, b64encode
from dataclasses import dataclass
from sqlite3 import Connection

from escher.errors import KeyUnavailable, StoreTampered, WrongKey
from escher.settings import Settings
from escher.store import passphrase
from escher.store.database import header
from escher.store.keychain import Keychain, open_keychain
from escher.store.keys import KEY_BYTES, MasterKey
from escher.store.sealing import FORMAT


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of a store without its key: its id, the check of its master key, and its passphrase slot if any.

    A store keeps it in its header, a backup in the clear part of its archive.
    """

    store_id: bytes
    check: bytes
    slot: bytes | None


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A store's id, its master key, and the keychain that key came from, if any."""

    store_id: bytes
    master: MasterKey
    keychain: Keychain | None


def make_master(settings: Settings, store_id: bytes) -> tuple[MasterKey, bytes | None, Keychain | None]:
    """A new master key, kept: as a slot for the store's header, or in the keychain. Raises KeyUnavailable."""
    key = os.urandom(KEY_BYTES)
    if settings.passphrase_file is not None:
        slot = passphrase.lock(key, passphrase.read_passphrase(settings.passphrase_file), store_id)
        return MasterKey(key, store_id), slot, None
    try:
        keychain = open_keychain()
        keychain.write(_entry(store_id), b64encode(key).decode())
    except KeyUnavailable as cause:
        otherwise = "Or set ESCHER_PASSPHRASE_FILE to a file of mode 0600 that holds a passphrase."
        raise KeyUnavailable(cause.message, hint=f"{cause.hint} {otherwise}") from cause
    return MasterKey(key, store_id), None, keychain


def find_master(settings: Settings, connection: Connection) -> Unlocked:
    """The master key of an existing store. Raises KeyUnavailable, WrongKey, ConfigurationError, StoreTampered."""
    if header(connection, "format") != FORMAT:
        raise StoreTampered(
            "this file is no store that this version can read.", hint="Upgrade Escher, or restore a backup."
        )
    return unlock(settings, identity_of(connection))


def identity_of(connection: Connection) -> Identity:
    """The identity in a store's header."""
    return Identity(
        header(connection, "store") or b"", header(connection, "check") or b"", header(connection, "passphrase")
    )


def unlock(settings: Settings, identity: Identity) -> Unlocked:
    """The master key of this identity. Raises KeyUnavailable, WrongKey, ConfigurationError."""
    store_id, slot = identity.store_id, identity.slot
    if slot is not None and settings.passphrase_file is not None:
        given = passphrase.read_passphrase(settings.passphrase_file)
        unlocked = Unlocked(store_id, MasterKey(passphrase.unlock(slot, given, store_id), store_id), None)
    else:
        unlocked = _from_keychain(store_id, slot)
    if not hmac.compare_digest(unlocked.master.check(), identity.check):
        raise _wrong_key()
    return unlocked


def _from_keychain(store_id: bytes, slot: bytes | None) -> Unlocked:
    if slot is not None:
        raise KeyUnavailable(
            "this store was created with a passphrase, and none is given; no new key is made.",
            hint="Set ESCHER_PASSPHRASE_FILE to the file that holds it.",
        )
    keychain = open_keychain()
    text = keychain.read(_entry(store_id))
    if text is None:
        raise KeyUnavailable(
            "the keychain does not hold the key of this store; no new one is made.",
            hint="Log in as the user, on the machine, that created it.",
        )
    return Unlocked(store_id, MasterKey(_decoded(text), store_id), keychain)


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as cause:
        raise _wrong_key() from cause


def _wrong_key() -> WrongKey:
    return WrongKey("the key that was found is not this store's.", hint="Put this store's own file or keychain back.")


def forget_master(keychain: Keychain, store_id: bytes) -> None:
    """Take the key of a store that was not created after all out of the keychain."""
    keychain.remove(_entry(store_id))


def _entry(store_id: bytes) -> str:
    return f"master-key {store_id.hex()}"
