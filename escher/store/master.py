"""Replace the master key, or the ways to it, inside one transaction of the store, so that it opens at every moment.

A passphrase slot is in the store and changes with it. A keychain is not: it gets the next key under a second name
first, `sources` tries both names, and after the commit `settle` leaves the one that the store has come to.
"""

from __future__ import annotations

import os
from sqlite3 import Connection

from escher.errors import ConfigurationError, KeyUnavailable, StoreError, WrongKey
from escher.settings import Settings
from escher.store import passphrase
from escher.store.database import set_header
from escher.store.identity import Identity, identity_of
from escher.store.keychain import Keychain, master_entry, open_keychain, pending_entry
from escher.store.keys import KEY_BYTES, MasterKey
from escher.store.sources import Unlocked, as_text, kept_master, unlock
from escher.store.transaction import Transaction

SLOT = "passphrase"


def replace_master(settings: Settings, within: Transaction, typed: bytes | None = None) -> Keychain | None:
    """Put every key of the store under a new master key; call `sources.settle` with the keychain after the commit.

    Raises ConfigurationError where Escher does not keep the key, KeyUnavailable where it cannot, WrongKey.
    """
    connection = within.connection
    unlocked = unlock(settings, identity_of(connection), typed)
    new = MasterKey(os.urandom(KEY_BYTES), unlocked.store_id)
    keychain = keep_master(settings, unlocked, new, connection, typed)
    rows = connection.execute("SELECT id, purpose, wrapped FROM keys").fetchall()
    for key_id, purpose, wrapped in rows:
        again = new.wrap(unlocked.master.unwrap(wrapped, key_id, purpose), key_id, purpose)
        connection.execute("UPDATE keys SET wrapped = ? WHERE id = ?", (again, key_id))
    set_header(connection, "check", new.check())
    within.changed = True
    unlocked.master.forget()
    new.forget()
    return keychain


def keep_master(
    settings: Settings, unlocked: Unlocked, new: MasterKey, connection: Connection, typed: bytes | None = None
) -> Keychain | None:
    """Keep a new master key wherever the old one is, within the transaction that puts the store under it.

    Returns the keychain that now holds both. Raises ConfigurationError, KeyUnavailable, WrongKey; nothing was changed.
    """
    identity = identity_of(connection)
    if unlocked.source in ("environment", "key file"):
        raise ConfigurationError(
            f"the master key comes from the {unlocked.source}; Escher does not keep it, so it cannot replace it.",
            hint="Give the store a passphrase or a keychain first: escher keys export FILE, then escher keys import FILE",
        )
    if identity.slot is not None:
        given = _passphrase(settings, typed)
        passphrase.unlock(identity.slot, given, identity.store_id)
        set_header(connection, SLOT, passphrase.lock(bytes(new.secret()), given, identity.store_id))
    keychain = unlocked.keychain if unlocked.source == "keychain" else keychain_with_key(identity)
    if keychain is not None:
        _keep_both(keychain, identity, unlocked.master, new)
    return keychain


def keychain_with_key(identity: Identity) -> Keychain | None:
    """The keychain, if it is reachable and holds this store's key."""
    try:
        keychain = open_keychain(quiet=True)
        names = (master_entry(identity.store_id), pending_entry(identity.store_id))
        held = any(kept_master(keychain.read(name), identity) is not None for name in names)
    except KeyUnavailable:
        return None
    return keychain if held else None


def _keep_both(keychain: Keychain, identity: Identity, old: MasterKey, new: MasterKey) -> None:
    """The old key under its name, where an earlier replacement may not have put it, and the new one beside it."""
    name, pending = master_entry(identity.store_id), pending_entry(identity.store_id)
    if kept_master(keychain.read(name), identity) is None:
        keychain.write(name, as_text(old))
    keychain.write(pending, as_text(new))
    if keychain.read(pending) != as_text(new):
        raise StoreError("the keychain did not keep the new key.", hint="Look at its state: escher doctor")


def _passphrase(settings: Settings, typed: bytes | None) -> bytes:
    if typed is not None:
        return typed
    if settings.passphrase_file is None:
        raise KeyUnavailable(
            "this store also has a passphrase, and the new key must be put behind it.",
            hint="Set ESCHER_PASSPHRASE_FILE to the file that holds it; or: escher keys passphrase remove",
        )
    return passphrase.read_passphrase(settings.passphrase_file)


def set_slot(within: Transaction, master: MasterKey, identity: Identity, given: bytes) -> None:
    """Give the store a passphrase, in place of the one it has."""
    set_header(within.connection, SLOT, passphrase.lock(bytes(master.secret()), given, identity.store_id))
    within.changed = True


def put_slot(connection: Connection, exported: Identity) -> None:
    """Give the store the slot of its exported key. Raises WrongKey when that is not the store's key any more."""
    assert exported.slot is not None
    connection.execute("BEGIN IMMEDIATE")
    try:
        if identity_of(connection).check != exported.check:
            raise WrongKey("the master key was replaced meanwhile.", hint="Use a later export.")
        set_header(connection, SLOT, exported.slot)
        connection.execute("COMMIT")
    finally:
        connection.rollback()


def drop_slot(within: Transaction, identity: Identity) -> None:
    """Take the passphrase away. Raises StoreError when it is the last way in, or may be."""
    if identity.slot is None:
        raise StoreError("this store has no passphrase.", hint="escher keys status")
    if keychain_with_key(identity) is None:
        raise StoreError(
            "the passphrase is the only way into this store: no keychain here holds its key.",
            hint="Put the key into a keychain first: escher keys export FILE, then escher keys import FILE",
        )
    within.connection.execute("DELETE FROM header WHERE name = ?", (SLOT,))
    within.changed = True
