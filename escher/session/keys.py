"""What a user does with the keys of a store: export and import, a passphrase, rotation, and how they are.

Exporting, and every change of the passphrase, gives somebody a way in or takes one away, so code in a notebook's cell
cannot do it.
"""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from escher.approval.consent import in_kernel, local_user
from escher.contract.audit import AuditEvent, AuditType
from escher.contract.ports import Progress
from escher.errors import ConsentFromCell, InvalidInput, KeyUnavailable, NotInitialised, WrongKey
from escher.session.wiring import Parts
from escher.settings import Settings
from escher.store import recovery
from escher.store.database import connect, translated
from escher.store.identity import Identity, identity_of
from escher.store.keychain import master_entry, open_keychain
from escher.store.keys import MasterKey
from escher.store.lock import Lock
from escher.store.master import drop_slot, keychain_with_key, put_slot, replace_master, set_slot
from escher.store.passphrase import require_quality
from escher.store.sources import as_text, settle, unlock
from escher.store.transaction import Transaction
from escher.store.vault import Store

YEAR_DAYS = 365
Place = Literal["keychain", "passphrase"]


def from_a_terminal(what: str, command: str) -> None:
    """Raises ConsentFromCell inside a kernel and in what a kernel started."""
    if in_kernel():
        raise ConsentFromCell(f"code in a notebook cell cannot {what}.", hint=f"Run {command} in a terminal.")


class Keys:
    """`session.keys`: the keys of one open store."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def export(self, target: Path, passphrase: bytes) -> dict[str, Any]:
        """Write the master key behind a passphrase to a new private file. Raises InvalidInput for a weak one, StoreError."""
        from_a_terminal("export a key", "escher keys export FILE")
        parts = self._parts
        with closing(connect(parts.store.path)) as connection:
            identity = identity_of(connection)
        master = unlock(parts.settings, identity).master
        text = recovery.export(master, identity, passphrase)
        master.forget()
        recovery.write_private(target, text)
        try:
            parts.record("key_exported", parts.store.store_id, file=target.name)
        except BaseException:
            target.unlink()  # no export that the trail does not know of
            raise
        return {"file": str(target), "store_id": parts.store.store_id}

    def has_passphrase(self) -> bool:
        """Whether the store opens by a passphrase."""
        return self._identity().slot is not None

    def set_passphrase(self, passphrase: bytes) -> dict[str, Any]:
        """Let the store open by this passphrase too, in place of an older one. Raises InvalidInput for a weak one."""
        from_a_terminal("set a passphrase", "escher keys passphrase set")
        require_quality(passphrase)
        with self._parts.store.transaction() as within:
            identity = identity_of(within.connection)
            master = unlock(self._parts.settings, identity).master
            set_slot(within, master, identity, passphrase)
            master.forget()
            self._append(within, "passphrase_changed", action="replaced" if identity.slot else "set")
        return {"passphrase_slot": True, "replaced": identity.slot is not None}

    def remove_passphrase(self) -> dict[str, Any]:
        """Take the passphrase away. Raises StoreError when nothing else opens the store."""
        from_a_terminal("remove a passphrase", "escher keys passphrase remove")
        with self._parts.store.transaction() as within:
            drop_slot(within, identity_of(within.connection))
            self._append(within, "passphrase_changed", action="removed")
        return {"passphrase_slot": False, "replaced": False}

    def rotate(self, progress: Progress = lambda event: None) -> dict[str, Any]:
        """New data keys for every collection, and every record under them; an interrupted one goes on."""
        parts = self._parts
        rotation = parts.store.rotate(progress)
        dropped, resumed = len(rotation.dropped_keys), list(rotation.resumed)
        parts.record("keys_rotated", parts.store.store_id, records=rotation.records, dropped=dropped)
        return {"master": False, "records": rotation.records, "dropped_keys": dropped, "resumed": resumed}

    def rotate_master(self) -> dict[str, Any]:
        """A new master key, kept where the old one was; close the store afterwards, as it still has the old one.

        Raises ConfigurationError, KeyUnavailable, WrongKey; then nothing has changed.
        """
        store = self._parts.store
        with store.transaction() as within:
            keychain = replace_master(self._parts.settings, within)
            self._append(within, "keys_rotated", master=True)
        if keychain is not None:
            with closing(connect(store.path)) as connection:
                settle(keychain, connection)
        return {"master": True, "keychain": keychain is not None, "source": store.key_source}

    def status(self) -> dict[str, Any]:
        """Where the key comes from, what else opens the store, how old the keys are, and what to do about it."""
        store, identity = self._parts.store, self._identity()
        keys = [_age(one.name, one.key_id, one.key_made_at, one.writes) for one in store.stats()]
        old = [key for key in keys if key["age_days"] is None or key["age_days"] > YEAR_DAYS]
        return {
            "store_id": store.store_id,
            "source": store.key_source,
            "passphrase_slot": identity.slot is not None,
            "in_keychain": keychain_with_key(identity) is not None,
            "anchored": store.anchored,
            "anchor_problem": store.anchor_problem,
            "keys": keys,
            "rotation_due": bool(old),
            "advice": "New data keys are advised once a year: escher keys rotate" if old else "",
        }

    def _identity(self) -> Identity:
        with closing(connect(self._parts.store.path)) as connection:
            return identity_of(connection)

    def _append(self, within: Transaction, type_: AuditType, **details: Any) -> None:
        at, store_id = datetime.now(UTC).isoformat(), self._parts.store.store_id
        event = AuditEvent(type=type_, at=at, actor=local_user(), subject=store_id, details=details)
        self._parts.ledger.append(event, within=within)


def _age(name: str, key_id: int, made_at: int, writes: int) -> dict[str, Any]:
    made = datetime.fromtimestamp(made_at, UTC).isoformat() if made_at else None
    days = int((time.time() - made_at) // 86_400) if made_at else None
    return {"collection": name, "key_id": key_id, "made_at": made, "age_days": days, "writes": writes}


def read_export(path: Path) -> Identity:
    """An exported key. Raises InvalidInput."""
    try:
        return recovery.parse(path.read_text("ascii"))
    except (OSError, ValueError) as cause:
        raise InvalidInput(
            f"cannot read {path}: {cause}.", hint="Name the file that escher keys export wrote."
        ) from cause


@dataclass(frozen=True, slots=True)
class Import:
    """An exported key on its way back into this home; `existing` is the store that is there, if any."""

    settings: Settings
    exported: Identity
    existing: Identity | None

    @classmethod
    def of(cls, settings: Settings, path: Path) -> Import:
        """Read the export. Raises InvalidInput, and WrongKey when it is another store's than the one that is here."""
        exported, path = read_export(path), settings.store_path
        existing = None
        if path.exists():
            with translated(path), closing(connect(path)) as connection:
                existing = identity_of(connection)
            if existing.store_id != exported.store_id:
                raise WrongKey(
                    f"this is the key of store {exported.store_id.hex()}, and here is {existing.store_id.hex()}.",
                    hint="Choose the ESCHER_HOME of that store, or the export of this one.",
                )
            if existing.check != exported.check:
                raise WrongKey(
                    "the master key of this store was replaced after this export was made.",
                    hint="Use a later export.",
                )
        return cls(settings, exported, existing)

    @property
    def replaces(self) -> bool:
        """Whether the store has a passphrase that an import as passphrase would replace."""
        return self.existing is not None and self.existing.slot is not None

    def run(self, place: Place, passphrase: bytes) -> dict[str, Any]:
        """Put the key into the keychain, or its slot into the store. Raises WrongKey, KeyUnavailable, NotInitialised."""
        master = MasterKey(recovery.opened(self.exported, passphrase), self.exported.store_id)
        Lock(self.settings).require_open()
        if place == "keychain":
            _put_into_keychain(master, self.exported)
        elif self.existing is None:
            raise NotInitialised("there is no store here to give a passphrase to.", hint="Restore it: escher restore")
        else:
            with translated(self.settings.store_path), closing(connect(self.settings.store_path)) as connection:
                put_slot(connection, self.exported)
        master.forget()
        if self.existing is not None:
            self._open_with(place, passphrase)
        return {"store_id": self.exported.store_id.hex(), "place": place, "store": self.existing is not None}

    def _open_with(self, place: Place, passphrase: bytes) -> None:
        """Open the store by what was just put there, and write it down; a keychain then remembers the store."""
        typed = passphrase if place == "passphrase" else None
        with Parts(self.settings, Store.open(self.settings, typed)) as parts:
            parts.record("key_imported", parts.store.store_id, place=place)


def _put_into_keychain(master: MasterKey, exported: Identity) -> None:
    try:
        open_keychain().write(master_entry(exported.store_id), as_text(master))
    except KeyUnavailable as cause:
        other = (
            "Or use the export itself: set ESCHER_KEY_FILE to it and ESCHER_PASSPHRASE_FILE to its passphrase; "
            "then, with the store here: escher keys import FILE --to passphrase"
        )
        raise KeyUnavailable(cause.message, hint=f"{cause.hint} {other}") from cause
