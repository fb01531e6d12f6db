"""The key: where it comes from, whether the keychain answers, and how old the data keys are."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

from escher.errors import EscherError, KeyUnavailable
from escher.session.doctor.check import Check, Fact, Look, Patient, failed
from escher.settings import Settings
from escher.store.database import connect, translated
from escher.store.keychain import Keychain, anchor_entry, master_entry, open_keychain
from escher.store.sources import Identity, identity_of

OLD_DAYS = 365
SECONDS = 6.0


def _keychain(patient: Patient) -> Check:
    identity, needed = _identity(patient.settings.store_path), key_source(patient.settings) == "keychain"
    try:
        keychain = open_keychain()
        key, anchor = _entries(keychain, identity)
    except KeyUnavailable as failure:
        if needed:
            return failed("keychain", failure)
        says = "None that answers; none is needed, as the key comes from elsewhere. No older copy of the store is recognised."
        return Check("keychain", "ok", says)
    facts: dict[str, Fact] = {"backend": keychain.backend, "key": key is not None, "anchor": anchor is not None}
    if needed and identity is not None and key is None:
        move = "Log in as the user, on the machine, that created it; or: escher keys import FILE"
        return Check("keychain", "bad", "{backend} answers, and does not hold the key of this store.", move, facts)
    if needed and key is not None and anchor is None:
        says = "{backend} holds the key but has forgotten the store: an older copy of the file would go unnoticed."
        return Check("keychain", "warn", says, "Run any command that writes; it is then remembered again.", facts)
    return Check("keychain", "ok", "{backend} answers and is unlocked.", facts=facts)


def _entries(keychain: Keychain, identity: Identity | None) -> tuple[str | None, str | None]:
    """The key and the anchor of a store in the keychain; asking for either shows whether it is locked."""
    store_id = identity.store_id if identity else b""
    return keychain.read(master_entry(store_id)), keychain.read(anchor_entry(store_id))


def _identity(path: Path) -> Identity | None:
    """What the store's file says of itself without its key; None when there is none, or it cannot be read."""
    if not path.exists():
        return None
    try:
        with translated(path), closing(connect(path)) as connection:
            return identity_of(connection)
    except EscherError:
        # The look at the store says it.
        return None


def key_source(settings: Settings) -> str:
    """Where the master key is looked for."""
    if settings.master_key:
        return "environment"
    if settings.key_file is not None:
        return "key file"
    return "passphrase" if settings.passphrase_file is not None else "keychain"


def _source(patient: Patient) -> Check | None:
    identity = _identity(patient.settings.store_path)
    if identity is None:
        return None
    facts: dict[str, Fact] = {"source": key_source(patient.settings), "passphrase_slot": identity.slot is not None}
    slot = "there is a passphrase slot" if identity.slot is not None else "there is no passphrase slot"
    if key_source(patient.settings) == "environment":
        says = f"The key comes from the {{source}}, where every program of yours can read it; {slot}."
        return Check("key", "warn", says, "Keep it for tests and CI; else use the keychain or a passphrase.", facts)
    return Check("key", "ok", f"The key comes from: {{source}}; {slot}.", facts=facts)


def _anchor(patient: Patient) -> Check | None:
    store = patient.parts.store
    if not store.has_keychain:
        return None
    if store.anchor_problem:
        move = "Unlock the keychain; the store is anchored with the next change."
        return Check("anchor", "warn", "{problem}", move, private={"problem": store.anchor_problem})
    if not store.anchored:
        says = "The keychain has forgotten this store: an older copy of the file would go unnoticed."
        return Check("anchor", "warn", says, "Run any command that changes something; it is then remembered again.")
    return Check("anchor", "ok", "The keychain remembers this store.")


def _ages(patient: Patient) -> Check:
    """Data keys are replaced once a year; after too many writes the store does so by itself."""
    stats = patient.parts.store.stats()
    made = [one.key_made_at for one in stats if one.key_made_at]
    facts: dict[str, Fact] = {"most_writes": max(one.writes for one in stats), "of_unknown_age": len(stats) - len(made)}
    if not made:
        says = "It is not known when the data keys were made; the busiest has sealed {most_writes:,} records."
        return Check("key ages", "warn", says, "escher keys rotate", facts)
    facts["oldest_days"] = int((time.time() - min(made)) // 86_400)
    says = "The oldest data key is {oldest_days} days old; the busiest has sealed {most_writes:,} records."
    if int(facts["oldest_days"]) > OLD_DAYS:
        return Check("key ages", "warn", says, "escher keys rotate", facts)
    return Check("key ages", "ok", says, facts=facts)


LOOKS = (
    Look("keychain", _keychain, SECONDS, when_late="Answer its prompt, or restart its daemon: log out and in again."),
    Look("key", _source),
    Look("anchor", _anchor, inside=True),
    Look("key ages", _ages, inside=True),
)
