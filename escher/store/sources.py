"""Where the master key comes from: what was given first, the keychain last; never from nowhere.

The order: ESCHER_MASTER_KEY, the key file, the passphrase (typed or in a file) for a store that has a slot for one,
the keychain. What was given and does not fit is an error; the next source is not tried in its place.
"""

from __future__ import annotations

import hmac
import os
import sys
from base64 import b64decode, b64encode
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Literal

from escher.errors import ConfigurationError, KeyUnavailable, StoreTampered, WrongKey
from escher.settings import Settings
from escher.store import passphrase, recovery
from escher.store.database import header
from escher.store.identity import Identity, identity_of
from escher.store.keychain import Keychain, anchor_entry, master_entry, open_keychain, pending_entry
from escher.store.keys import KEY_BYTES, MasterKey
from escher.store.sealing import FORMAT

__all__ = ["Identity", "Source", "Unlocked", "find_master", "forget_master", "identity_of", "make_master", "unlock"]
Source = Literal["environment", "key file", "passphrase", "keychain"]


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A store's id, its master key, where that came from, and the keychain that remembers this store, if any does.

    `pending` says that the keychain still has the key under the name of the next one: its replacement was cut short.
    """

    store_id: bytes
    master: MasterKey
    keychain: Keychain | None
    source: Source = "keychain"
    pending: bool = False


def make_master(settings: Settings, store_id: bytes) -> tuple[MasterKey, bytes | None, Keychain | None]:
    """The master key of a new store: one that was given, or a new one, kept as a slot or in the keychain.

    Returns the slot for the store's header, if any, and the keychain, if it holds the key. Raises KeyUnavailable.
    """
    given = _given(settings, None)
    if given is not None:
        return MasterKey(given[0], store_id), None, None
    key = os.urandom(KEY_BYTES)
    if settings.passphrase_file is not None:
        slot = passphrase.lock(key, passphrase.read_passphrase(settings.passphrase_file), store_id)
        return MasterKey(key, store_id), slot, None
    try:
        keychain = open_keychain()
        keychain.write(master_entry(store_id), as_text(MasterKey(key, store_id)))
    except KeyUnavailable as cause:
        otherwise = "Or set ESCHER_PASSPHRASE_FILE to a file of mode 0600 that holds a passphrase."
        raise KeyUnavailable(cause.message, hint=f"{cause.hint} {otherwise}") from cause
    return MasterKey(key, store_id), None, keychain


def find_master(settings: Settings, connection: Connection, typed: bytes | None = None) -> Unlocked:
    """The master key of an existing store; `typed` is its passphrase where a person was asked for it.

    Raises KeyUnavailable, WrongKey, ConfigurationError, StoreTampered.
    """
    if header(connection, "format") != FORMAT:
        raise StoreTampered(
            "this file is no store that this version can read.", hint="Upgrade Escher, or restore a backup."
        )
    unlocked = unlock(settings, identity_of(connection), typed)
    if unlocked.pending and unlocked.keychain is not None and not connection.in_transaction:
        settle(unlocked.keychain, connection)
    return unlocked


def unlock(settings: Settings, identity: Identity, typed: bytes | None = None) -> Unlocked:
    """The master key of this identity. Raises KeyUnavailable, WrongKey, ConfigurationError."""
    given = _given(settings, identity) or _behind_passphrase(settings, identity, typed)
    if given is None:
        return _from_keychain(identity)
    key, source = given
    master = MasterKey(key, identity.store_id)
    if not fits(master, identity):
        raise _wrong_key(source)
    return Unlocked(identity.store_id, master, _remembering(identity.store_id), source)


def fits(master: MasterKey, identity: Identity) -> bool:
    """Whether this is the master key of that store."""
    return hmac.compare_digest(master.check(), identity.check)


def forget_master(keychain: Keychain, store_id: bytes) -> None:
    """Take the key of a store that was not created after all out of the keychain."""
    keychain.remove(master_entry(store_id))


def _given(settings: Settings, identity: Identity | None) -> tuple[bytes, Source] | None:
    """The key that the environment or the key file holds."""
    if settings.master_key:
        return _decoded(settings.master_key, "ESCHER_MASTER_KEY"), "environment"
    if settings.key_file is None:
        return None
    text = passphrase.read_private(settings.key_file, "key file", "ESCHER_KEY_FILE").decode("ascii", "replace")
    if recovery.is_export(text):
        return _exported(settings, text, identity), "key file"
    return _decoded(text.strip(), f"the key file {settings.key_file}"), "key file"


def _exported(settings: Settings, text: str, identity: Identity | None) -> bytes:
    """The key in an export that is used as key file, so that a store can be opened on a machine without a keychain."""
    exported = recovery.parse(text)
    if identity is None or exported.store_id != identity.store_id:
        raise WrongKey("the key file is the export of another store's key.", hint="Correct ESCHER_KEY_FILE.")
    if settings.passphrase_file is None:
        raise KeyUnavailable(
            "the key file is an export, and its passphrase is not given.",
            hint="Set ESCHER_PASSPHRASE_FILE to the file that holds it.",
        )
    return recovery.opened(exported, passphrase.read_passphrase(settings.passphrase_file))


def _behind_passphrase(settings: Settings, identity: Identity, typed: bytes | None) -> tuple[bytes, Source] | None:
    if identity.slot is None or (typed is None and settings.passphrase_file is None):
        return None
    if typed is not None:
        return passphrase.unlock(identity.slot, typed, identity.store_id, hint="Type it again."), "passphrase"
    assert settings.passphrase_file is not None
    given = passphrase.read_passphrase(settings.passphrase_file)
    return passphrase.unlock(identity.slot, given, identity.store_id), "passphrase"


def _from_keychain(identity: Identity) -> Unlocked:
    """The key that the keychain holds; also the next one, for a store whose key was being replaced when it crashed."""
    store_id, wrong = identity.store_id, False
    try:
        keychain = open_keychain()
        for name in (master_entry(store_id), pending_entry(store_id)):
            text = keychain.read(name)
            master = kept_master(text, identity)
            if master is not None:
                return Unlocked(store_id, master, keychain, "keychain", name == pending_entry(store_id))
            wrong = wrong or text is not None
    except KeyUnavailable as cause:
        if identity.slot is not None:
            raise _passphrase_missing() from cause
        raise
    if identity.slot is not None:
        raise _passphrase_missing()
    if wrong:
        raise _wrong_key("keychain")
    raise KeyUnavailable(
        "the keychain does not hold the key of this store; no new one is made.",
        hint="Log in as the user, on the machine, that created it; or, with an exported key: escher keys import FILE",
    )


def kept_master(text: str | None, identity: Identity) -> MasterKey | None:
    """The master key in a keychain's text, or None when there is none, or another store's."""
    try:
        master = MasterKey(_decoded(text or "", "the keychain"), identity.store_id)
    except ConfigurationError:
        return None
    return master if fits(master, identity) else None


def as_text(master: MasterKey) -> str:
    """A master key as a keychain keeps it."""
    return b64encode(master.secret()).decode()


def settle(keychain: Keychain, connection: Connection) -> None:
    """Bring the keychain's entries to what the store's header says: its key under its name, and no next one.

    Inside a write transaction of its own: so no replacement is on its way between the keychain and the store.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        identity = identity_of(connection)
        name, pending = master_entry(identity.store_id), pending_entry(identity.store_id)
        after = kept_master(keychain.read(pending), identity)
        if after is not None:
            keychain.write(name, as_text(after))
        if kept_master(keychain.read(name), identity) is not None:
            keychain.remove(pending)
    finally:
        connection.rollback()


def _remembering(store_id: bytes) -> Keychain | None:
    """The keychain, if it is reachable and knows this store: what opens it does not change who watches over it.

    Whoever opens a store without the keychain must not wait for it, be asked by it, or fail because of it.
    """
    if sys.platform == "linux" and "DBUS_SESSION_BUS_ADDRESS" not in os.environ:
        return None  # no desktop, so no keychain: loading its libraries would take a tenth of a second
    try:
        keychain = open_keychain(quiet=True)
        known = any(keychain.read(name(store_id)) is not None for name in (anchor_entry, master_entry))
    except KeyUnavailable:
        return None
    return keychain if known else None


def _decoded(text: str, where: str) -> bytes:
    try:
        key = b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ConfigurationError(
            f"{where} holds no key of {KEY_BYTES} bytes in base64.", hint="Make one: openssl rand -base64 32"
        )
    return key


_HINTS: dict[Source, str] = {
    "environment": "Correct ESCHER_MASTER_KEY.",
    "key file": "Correct ESCHER_KEY_FILE.",
    "passphrase": "Put this store's own file back.",
    "keychain": "Put this store's own file or keychain back.",
}


def _wrong_key(source: Source) -> WrongKey:
    return WrongKey("the key that was found is not this store's.", hint=_HINTS[source])


def _passphrase_missing() -> KeyUnavailable:
    return KeyUnavailable(
        "this store was created with a passphrase, and none is given; no new key is made.",
        hint="Set ESCHER_PASSPHRASE_FILE to the file that holds it, or type it: escher unlock",
    )
