"""Backups of a store: here in the folder `snapshots`, and as a copy in a bucket of the user's own when one is set.

A backup is whole in the folder before it is sent anywhere. In a bucket it stands under the user's name and the store's
id, so that neither another user nor an older store of this one is touched when old ones go.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from escher.approval.consent import local_user
from escher.contract.audit import AuditEvent
from escher.contract.ports import Progress
from escher.errors import BackupError, EscherError, NotFound
from escher.ledger.ledger import Ledger
from escher.retrieval.kept import forget_images
from escher.settings import Settings
from escher.store.backup.archive import Archive, Key
from escher.store.backup.folder import alone, clean_up, last_made, local_archives, make_backup
from escher.store.backup.header import STORE_KEY
from escher.store.backup.manifest import Manifest
from escher.store.backup.rebuilding import rebuild, state_of
from escher.store.backup.restoring import Restored, must_be_of, restore_in_place
from escher.store.backup.schedule import made_at
from escher.store.collections import CollectionName
from escher.store.transaction import Transaction
from escher.store.vault import Store

if TYPE_CHECKING:
    from escher.session.remote_backups import RemoteBackups
    from escher.session.wiring import Parts

LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is there. `store_id` is empty when its header cannot be read."""

    name: str
    made_at: datetime
    size: int
    place: Literal["local", "remote"]
    store_id: str


@dataclass(frozen=True, slots=True)
class Listing:
    """All backups, the newest first. `problem` says why those in the bucket are not among them; else it is empty."""

    backups: tuple[Backup, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A new backup in the folder. `url` is where it was sent to, `problem` why it was not; `removed` are old ones."""

    path: Path
    records: int
    size: int
    url: str = ""
    problem: str = ""
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Restoration:
    """What was restored. `before` is the backup of the store as it was; None when there was none in order."""

    restored: Restored
    before: Path | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """A backup that was read from end to end, with nothing altered or missing."""

    name: str
    store_id: str
    manifest: Manifest


class Backups:
    """Makes, lists, checks and restores backups of a home. Without `parts` there is no store, or none that opens."""

    def __init__(self, settings: Settings, parts: Parts | None = None) -> None:
        self._settings, self._parts = settings, parts

    def create(self, *, local_only: bool = False, progress: Progress = lambda event: None) -> Made:
        """Back the open store up; when a target is set, send a copy there too. Old ones go.

        A copy that could not be sent is in `problem`: the local one is good nevertheless. Raises BackupError.
        """
        parts, folder, now = self._open_parts(), self._settings.snapshots, datetime.now(UTC)
        with alone(parts.store.path):
            path, manifest = make_backup(parts.store, folder, now, progress)
            removed = clean_up(folder, parts.store.store_id, now)
        size, url, problem = path.stat().st_size, "", ""
        if self._settings.backup_target and not local_only:
            try:
                remote = self.remote()
                url = remote.send(path, parts.store.store_id, progress)
                removed += remote.clean_up(path.name, parts.store.store_id, now)
            except EscherError as failure:
                problem = str(failure)
        parts.record("backup_created", path.name, records=manifest.records, bytes=size, url=url, problem=problem)
        return Made(path, manifest.records, size, url, problem, tuple(removed))

    def list(self) -> Listing:
        """Every backup here and in the bucket. Never fails for a bucket that does not answer."""
        found = [_described(path) for path in local_archives(self._settings.snapshots)]
        problem = ""
        if self._settings.backup_target:
            try:
                found += self.remote().list()
            except EscherError as failure:
                problem = str(failure)
        return Listing(tuple(sorted(found, key=lambda one: (one.made_at, one.name), reverse=True)), problem)

    def verify(self, which: str, progress: Progress = lambda event: None) -> Verified:
        """Read a backup from end to end. Raises NotFound, BackupUnreadable, KeyUnavailable, WrongKey."""
        with self.found(which, progress) as path:
            archive = Archive.open(path)
            archive.check_signature()
            with self._key(archive) as key:
                return Verified(path.name, archive.store_id, archive.manifest(key, progress))

    def restore(
        self, which: str, collection: CollectionName | None = None, progress: Progress = lambda event: None
    ) -> Restoration:
        """Bring the records of a backup back: all of them, or one collection's. What was kept is in the result.

        A store in order is backed up before, and changed in one transaction. One that is missing or damaged is built
        anew beside it; that wants the whole backup. Raises NotFound, BackupError, BackupUnreadable, KeyUnavailable,
        WrongKey.
        """
        with self.found(which, progress) as path:
            archive = Archive.open(path)
            if self._parts is None:
                return self._rebuilt(archive, collection, progress)
            return self._restored(self._parts.store, archive, collection, progress)

    def _restored(
        self, store: Store, archive: Archive, collection: CollectionName | None, progress: Progress
    ) -> Restoration:
        must_be_of(archive, store.store_id)
        with self._key(archive) as key:
            with alone(store.path):
                before, _ = make_backup(store, self._settings.snapshots, datetime.now(UTC), progress)
            restored = restore_in_place(store, archive, key, note=_note, collection=collection, progress=progress)
        return Restoration(restored, before)

    @contextmanager
    def _key(self, archive: Archive) -> Generator[Key]:
        """What opens an archive: the open store itself when it is its own, else the master key."""
        if self._parts is not None and self._parts.store.store_id == archive.store_id:
            yield self._parts.store.derive(STORE_KEY)
            return
        master = archive.unlock(self._settings).master
        try:
            yield master
        finally:
            master.forget()

    def _rebuilt(self, archive: Archive, collection: CollectionName | None, progress: Progress) -> Restoration:
        if collection is not None:
            raise BackupError(
                "one collection alone goes only into a store that is in order.", hint="Leave --collection out."
            )
        restored = rebuild(self._settings, archive, note=_note, progress=progress)
        forget_images(self._settings.store_path)
        return Restoration(restored)

    @contextmanager
    def found(self, which: str, progress: Progress = lambda event: None) -> Generator[Path]:
        """The file of a backup, by `latest`, name or path; one that is in the bucket only is here for the block."""
        named = Path(which).expanduser()
        if named.is_file() and (named.is_absolute() or len(named.parts) > 1 or made_at(which) is None):
            yield named
            return
        backup = self._chosen(which)
        if backup.place == "local":
            yield self._settings.snapshots / backup.name
            return
        with self.remote().fetched(backup, self._settings.snapshots, progress) as path:
            yield path

    def remote(self) -> RemoteBackups:
        """The bucket that the settings name. Raises BackupError."""
        from escher.session.remote_backups import RemoteBackups
        from escher.session.targets import object_store

        return RemoteBackups(object_store(self._settings.backup_target), self._settings.backup_keep_days, time.sleep)

    def _chosen(self, which: str) -> Backup:
        listing = self.list()
        own = self._parts.store.store_id if self._parts else ""
        if which == LATEST:
            # Of two copies the local one is nearer; of another store nothing is taken unasked.
            fitting = [one for one in listing.backups if one.store_id and own in ("", one.store_id)]
            if len({one.store_id for one in fitting}) > 1:
                raise BackupError(
                    "there are backups of several stores, and no store here says which.",
                    hint="Name one: escher backup --list shows them.",
                )
        else:
            fitting = [one for one in listing.backups if one.name == which]
        if not fitting:
            raise NotFound(f"there is no backup {which!r}. {listing.problem}".strip(), hint="See: escher backup --list")
        return min(fitting, key=lambda one: (-one.made_at.timestamp(), one.place))

    def _open_parts(self) -> Parts:
        if self._parts is None:
            raise BackupError("there is no open store to back up.", hint="Restore one: escher restore")
        return self._parts


def create(parts: Parts, progress: Progress = lambda event: None) -> Made:
    """Back the open store up. Raises BackupError."""
    return Backups(parts.settings, parts).create(progress=progress)


def last_backup(settings: Settings) -> datetime | None:
    """When the newest local backup was made (UTC), or None."""
    return last_made(settings.snapshots)


def is_in_order(settings: Settings) -> bool:
    """Whether there is a store and all of it can be read. Raises KeyUnavailable, WrongKey: then nobody knows."""
    return state_of(settings) is None


def _note(store: Store, within: Transaction, restored: Restored) -> None:
    """Write to the audit trail what comes back, in the transaction that brings it back."""
    details = {
        "made_at": restored.made_at.isoformat(),
        "written": sum(one.written for one in restored.counts.values()),
        "removed": sum(one.removed for one in restored.counts.values()),
        "collections": sorted(restored.counts),
        "forgotten": restored.forgotten,
    }
    at = datetime.now(UTC).isoformat()
    event = AuditEvent(type="restored", at=at, actor=local_user(), subject=restored.archive, details=details)
    Ledger(store).append(event, within=within)


def _described(path: Path) -> Backup:
    at = made_at(path.name) or datetime.fromtimestamp(0, UTC)
    try:
        store_id = Archive.open(path).store_id
    except BackupError:
        store_id = ""
    return Backup(path.name, at, path.stat().st_size, "local", store_id)
