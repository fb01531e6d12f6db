"""Create a store: complete and on the disk before it gets its name, so that a crash leaves none or a whole one."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import closing
from pathlib import Path
from typing import get_args

from escher.errors import StoreError
from escher.settings import Settings
from escher.store.collections import CollectionName
from escher.store.database import connect, create_private, create_tables, set_header, translated
from escher.store.keys import DERIVATION, DERIVATION_KEY_ID, MasterKey, StoreKeys, add_key, keep_key
from escher.store.root import CollectionState, Root, RootSealer
from escher.store.sealing import FORMAT
from escher.store.sources import Identity, forget_master, make_master

STORE_ID_BYTES = 16


def create_store(settings: Settings) -> None:
    """An empty store at `settings.store_path` with new keys. Raises StoreError when there is one, KeyUnavailable."""
    path = settings.store_path
    if path.exists():
        raise _exists(path)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        create_private(draft)
    except OSError as cause:
        raise StoreError(
            f"cannot create a store in {path.parent}: {cause.strerror}.", hint="Choose another ESCHER_HOME."
        ) from cause
    try:
        _fill_and_publish(settings, draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _fill_and_publish(settings: Settings, draft: Path, path: Path) -> None:
    store_id = os.urandom(STORE_ID_BYTES)
    master, slot, keychain = make_master(settings, store_id)
    try:
        with translated(draft):
            fill(draft, Identity(store_id, master.check(), slot), master)
        os.link(draft, path)
    except BaseException as failure:
        if keychain is not None:
            forget_master(keychain, store_id)
        if isinstance(failure, FileExistsError):
            raise _exists(path) from failure
        raise
    finally:
        master.forget()


def fill(draft: Path, identity: Identity, master: MasterKey, derivation: bytes = b"", sequence: int = 0) -> None:
    """Lay an empty store out in an empty file, with new data keys.

    A store that is built anew from its backup keeps its wrapped `derivation` key, and goes on from commit `sequence`.
    """
    with closing(connect(draft)) as connection:
        create_tables(connection)
        set_header(connection, "format", FORMAT)
        set_header(connection, "store", identity.store_id)
        set_header(connection, "check", identity.check)
        if identity.slot is not None:
            set_header(connection, "passphrase", identity.slot)
        if derivation:
            keep_key(connection, DERIVATION_KEY_ID, DERIVATION, derivation)
        else:
            add_key(connection, master, DERIVATION, DERIVATION_KEY_ID)
        now = int(time.time())
        states = {
            name: CollectionState(add_key(connection, master, name)[0], key_made_at=now)
            for name in get_args(CollectionName)
        }
        sealer = RootSealer(StoreKeys(draft, master).derive("root"), identity.store_id)
        set_header(connection, "root", sealer.seal(Root(sequence, states)))


def _exists(path: Path) -> StoreError:
    return StoreError(f"there is a store at {path} already.", hint="Use it, or choose another ESCHER_HOME.")
