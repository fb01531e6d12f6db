"""Restore an archive into the open store, in one transaction: the store is as the archive says, or as it was.

Sequence numbers only go forward, so other processes and the keychain follow as they follow any commit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import get_args

from escher.contract.ports import Progress
from escher.errors import BackupError
from escher.store.backup.archive import Archive, Key
from escher.store.backup.manifest import Manifest, Tally, content_of
from escher.store.backup.returning import Returning, as_today, must_continue, used_plan
from escher.store.collections import COLLECTIONS, CollectionName
from escher.store.records import Record
from escher.store.root import Head
from escher.store.transaction import Transaction
from escher.store.vault import Store


@dataclass(slots=True)
class Counts:
    """What a restore did in one collection."""

    written: int = 0
    removed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Restored:
    """A finished restore: from which archive, of which store and commit, and what it did.

    `head` is the end of the audit trail in the archive. `forgotten` entries were written after the archive, into a
    store that is lost; `damaged` is where what was left of that store is kept.
    """

    archive: str
    store_id: str
    made_at: datetime
    sequence: int
    head: Head
    counts: dict[CollectionName, Counts] = field(default_factory=dict[CollectionName, Counts])
    forgotten: int = 0
    damaged: Path | None = None


Note = Callable[[Store, Transaction, Restored], None]
"""Writes to the audit trail what was restored, in the same commit."""


def restore_in_place(
    store: Store,
    archive: Archive,
    key: Key,
    *,
    note: Note,
    collection: CollectionName | None = None,
    progress: Progress = lambda event: None,
) -> Restored:
    """Make the store, or one collection of it, what the archive holds, but for what `returning` keeps.

    `progress` hears `{"type": "restore", "done", "total"}`. Raises BackupError, BackupUnreadable, StoreTampered.
    """
    must_be_of(archive, store.store_id)
    manifest, used = survey(archive, key)
    returning = Returning(used, collection)
    made_at = datetime.fromisoformat(manifest.made_at).astimezone(UTC)
    restored = Restored(archive.path.name, manifest.store_id, made_at, manifest.sequence, manifest.head)
    names: list[CollectionName] = [collection] if collection else list(get_args(CollectionName))
    with store.transaction() as within:
        must_continue(within, manifest.head)
        places: dict[CollectionName, _Place] = {name: _Place(within, name, returning) for name in names}
        for done, (name, record) in enumerate(archive.entries(key), start=1):
            if returning.comes_back(name, record):
                places[name].bring_back(as_today(name, record, manifest.schema))
            if done % 1_000 == 0:
                progress({"type": "restore", "done": done, "total": manifest.records})
        for name, place in places.items():
            place.remove_the_rest()
            place.must_equal()
            restored.counts[name] = place.counts
        note(store, within, restored)
    return restored


def must_be_of(archive: Archive, store_id: str) -> None:
    """Raises BackupError for a backup of another store than this one."""
    if archive.store_id != store_id:
        raise BackupError(
            f"this is a backup of store {archive.store_id}, and here is store {store_id}.",
            hint="Restore it where there is no store: set ESCHER_HOME to another folder.",
        )


def survey(archive: Archive, key: Key) -> tuple[Manifest, frozenset[str]]:
    """Read an archive through before anything is touched; what it says of itself, and which plans were used.

    Raises BackupUnreadable.
    """
    used = set[str]()

    def look(collection: CollectionName, record: Record) -> None:
        plan_id = used_plan(collection, record)
        if plan_id is not None:
            used.add(plan_id)

    archive.check_signature()
    return archive.manifest(key, each=look), frozenset(used)


class _Place:
    """One collection while it is restored. Of what it held only hashes are in memory, as they take little room."""

    def __init__(self, within: Transaction, name: CollectionName, returning: Returning) -> None:
        self._within = within
        self._name: CollectionName = name
        self._stays: set[bytes] = set()
        self._present: dict[bytes, bytes] = {}
        self._expected = Tally()
        self.counts = Counts()
        for record in within.records(name):
            if returning.stays(name, record):
                self._stays.add(_hashed(record.key))
            else:
                self._present[_hashed(record.key)] = content_of(record)

    def bring_back(self, record: Record) -> None:
        """Write a record of the archive, unless it is there already or another one stays in its place."""
        key, new = _hashed(record.key), content_of(record)
        if key in self._stays:
            return
        self._expected.add(new)
        old = self._present.pop(key, None)
        if old == new:
            self.counts.unchanged += 1
            return
        if old is not None and not COLLECTIONS[self._name].may_change(record.key):
            self._within.retire(self._name, record.key)
        self._within.put(self._name, record)
        self.counts.written += 1

    def remove_the_rest(self) -> None:
        """Take out what could be in the archive and is not."""
        gone = [record.key for record in self._within.records(self._name) if _hashed(record.key) in self._present]
        self._within.retire(self._name, *gone)
        self.counts.removed = len(gone)

    def must_equal(self) -> None:
        """Compare what does not stay with the archive, record by record. Raises BackupError."""
        found = Tally()
        for record in self._within.records(self._name):
            if _hashed(record.key) not in self._stays:
                found.add(content_of(record))
        if found != self._expected:
            raise BackupError(
                f"{self._name} is not what the backup holds after it was written; nothing was restored.",
                hint="Try another backup: escher backup --list",
            )


def _hashed(key: str) -> bytes:
    return sha256(key.encode()).digest()
