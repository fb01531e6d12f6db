"""Where the master key comes from: a passphrase file when one is set, else the keychain; never from nowhere."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode

from escher.errors import KeyUnavailable
from escher.settings import Settings
from escher.store import passphrase
from escher.store.keychain import Keychain, open_keychain
from escher.store.keys import KEY_BYTES, MasterKey


def make_master(settings: Settings, store_id: bytes) -> tuple[MasterKey, bytes | None, Keychain | None]:
    """A new master key, kept: as a slot for the store's header, or in the keychain. Raises KeyUnavailable."""
    key = os.urandom(KEY_BYTES)
    if settings.passphrase_file is not None:
        slot = passphrase.lock(key, passphrase.read_passphrase(settings.passphrase_file), store_id)
        return MasterKey(key, store_id), slot, None
    keychain = open_keychain()
    keychain.write(_entry(store_id), b64encode(key).decode())
    return MasterKey(key, store_id), None, keychain


def find_master(settings: Settings, store_id: bytes, slot: bytes | None) -> tuple[MasterKey, Keychain | None]:
    """The master key of an existing store. Raises KeyUnavailable, WrongKey, ConfigurationError."""
    if slot is not None and settings.passphrase_file is not None:
        given = passphrase.read_passphrase(settings.passphrase_file)
        return MasterKey(passphrase.unlock(slot, given, store_id), store_id), None
    keychain = open_keychain() if slot is None else None
    text = keychain.read(_entry(store_id)) if keychain else None
    if text is None:
        raise KeyUnavailable("the key of this store is not here; no new one is made.", hint=_next_move(slot))
    return MasterKey(b64decode(text), store_id), keychain


def forget_master(keychain: Keychain, store_id: bytes) -> None:
    """Take the key of a store that was not created after all out of the keychain."""
    keychain.remove(_entry(store_id))


def _entry(store_id: bytes) -> str:
    return f"master-key {store_id.hex()}"


def _next_move(slot: bytes | None) -> str:
    if slot is not None:
        return "It was created with a passphrase: set ESCHER_PASSPHRASE_FILE to the file that holds it."
    return "Log in as the user, on the machine, that created it; the keychain there holds its key."
