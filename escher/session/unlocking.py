"""Open a locked home: by its passphrase where it has one, else by whatever gives its key, and write down that it was."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from escher.errors import ConsentMissing, NotInitialised, WrongKey
from escher.session.wiring import Parts
from escher.settings import Settings
from escher.store.database import connect, translated
from escher.store.identity import Identity, identity_of
from escher.store.lock import FREE_TRIES, Lock
from escher.store.vault import Store

Ask = Callable[[str], str]


def unlock(settings: Settings, ask: Ask | None) -> Parts:
    """The parts around the store, which is no longer locked. `ask` asks a person for the passphrase, unseen.

    Raises StoreLocked to wait after wrong passphrases, WrongKey, KeyUnavailable, ConsentMissing, NotInitialised.
    """
    identity, lock = identity_at(settings), Lock(settings)
    if not has_to_know(settings, identity):
        parts = Parts(settings, Store.open(settings))
    else:
        parts = _with_passphrase(settings, lock, ask)
    parts.record("store_unlocked", parts.store.store_id, source=parts.store.key_source)
    lock.open()
    return parts


def identity_at(settings: Settings) -> Identity:
    """What the store's file says of itself without its key. Raises NotInitialised, StoreError."""
    path = settings.store_path
    if not path.exists():
        raise NotInitialised(f"there is no store in {settings.home}.", hint="Create one: escher init")
    with translated(path), closing(connect(path)) as connection:
        return identity_of(connection)


def has_to_know(settings: Settings, identity: Identity) -> bool:
    """Whether the store is unlocked by a passphrase: it has one, and its key is not given in another way."""
    return identity.slot is not None and not settings.master_key and settings.key_file is None


def _with_passphrase(settings: Settings, lock: Lock, ask: Ask | None) -> Parts:
    if settings.passphrase_file is None and ask is None:
        raise ConsentMissing(
            "this store is unlocked by its passphrase, and nobody can be asked for it here.",
            hint="Set ESCHER_PASSPHRASE_FILE, or run escher unlock at a terminal.",
        )
    typed = None if settings.passphrase_file is not None or ask is None else ask("Passphrase of the store: ").encode()
    lock.attempt()
    try:
        return Parts(settings, Store.open(settings, typed))
    except WrongKey as wrong:
        left = FREE_TRIES - lock.marker.wrong
        hint = f"{wrong.hint} {left} tries are left before you have to wait." if left > 0 else "You have to wait now."
        raise WrongKey(wrong.message, hint=hint) from wrong
