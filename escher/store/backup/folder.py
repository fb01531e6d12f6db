"""The folder of local backups: an archive gets its name when it is whole and on the disk, and goes when its time is over.

Drafts begin with a dot and are never taken for archives. Other people's files in the folder are left alone.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from escher.contract.ports import Progress
from escher.errors import BackupError, BackupUnreadable
from escher.store.backup.archive import Archive
from escher.store.backup.manifest import Manifest
from escher.store.backup.schedule import LOCAL_DAYS, expired, made_at, name_at, newest_first
from escher.store.backup.writing import write_archive
from escher.store.vault import Store

# A draft that nobody wrote to for so long belongs to a process that was killed.
_ABANDONED_SECONDS = 3_600
_FREE_FACTOR = 2


def make_backup(
    store: Store, folder: Path, now: datetime, progress: Progress = lambda event: None
) -> tuple[Path, Manifest]:
    """A new archive in the folder, read back from the disk, and what is in it. Raises BackupError, StoreTampered."""
    try:
        _make_private(folder)
        must_have_room(folder, _size(store.path))
        draft = folder / f".{name_at(now)}.{secrets.token_hex(4)}"
        try:
            manifest = write_archive(store, draft, now.isoformat(), progress)
            Archive.open(draft).check_signature()
            return _published(draft, folder, now), manifest
        finally:
            draft.unlink(missing_ok=True)
    except OSError as cause:
        raise BackupError(
            f"cannot write a backup to {folder}: {cause.strerror}.", hint="Free some space there, or mend the folder."
        ) from cause


def local_archives(folder: Path) -> list[Path]:
    """Every archive in the folder by its name, the newest first; none when there is no folder."""
    with suppress(FileNotFoundError):
        return [folder / name for name in newest_first(path.name for path in folder.iterdir() if path.is_file())]
    return []


def last_made(folder: Path) -> datetime | None:
    """When the newest archive in the folder was made, by its name; None when there is none."""
    newest = next(iter(local_archives(folder)), None)
    return None if newest is None else made_at(newest.name)


def clean_up(folder: Path, store_id: str, now: datetime) -> list[str]:
    """Remove this store's archives that are older than 7 days, and drafts of processes that were killed; the names.

    The newest archive that is whole stays however old it is.
    """
    own = [path for path in local_archives(folder) if _belongs(path, store_id)]
    gone = expired((path.name for path in own), now, LOCAL_DAYS, _newest_whole(own))
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            if _is_abandoned(path):
                path.unlink(missing_ok=True)
    return gone


def must_have_room(folder: Path, expected: int) -> None:
    """Raises BackupError unless twice the expected bytes are free on the folder's disk."""
    free = shutil.disk_usage(folder).free
    if free < _FREE_FACTOR * expected:
        raise BackupError(
            f"a backup wants {_FREE_FACTOR * expected:,} bytes free on the disk of {folder}, and {free:,} are.",
            hint="Free some space there.",
        )


@contextmanager
def alone(store: Path) -> Generator[None]:
    """One process at a time makes a backup of this store."""
    descriptor = os.open(store.with_suffix(".backup-lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _published(draft: Path, folder: Path, now: datetime) -> Path:
    """Give a draft the first name that is free, and put that name on the disk."""
    taken: set[str] = set()
    while True:
        path = folder / name_at(now, taken)
        try:
            os.link(draft, path)
        except FileExistsError:
            taken.add(path.name)
            continue
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return path


def _belongs(path: Path, store_id: str) -> bool:
    try:
        return Archive.open(path).store_id == store_id
    except BackupError:
        return False


def _newest_whole(own: Sequence[Path]) -> set[str]:
    for path in own:
        with suppress(BackupUnreadable):
            Archive.open(path).check_signature()
            return {path.name}
    return set()


def _is_abandoned(path: Path) -> bool:
    draft, _, _ = path.name.removeprefix(".").rpartition(".")
    with suppress(FileNotFoundError):
        old = time.time() - path.stat().st_mtime > _ABANDONED_SECONDS
        return path.name.startswith(".") and made_at(draft) is not None and old
    return False


def _size(store: Path) -> int:
    """What the store takes on the disk, its log included."""
    files = (store, store.with_name(f"{store.name}-wal"))
    return sum(path.stat().st_size for path in files if path.exists())
