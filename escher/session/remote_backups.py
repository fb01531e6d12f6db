"""Copies of backups in a bucket: sent with patience, compared in size, and removed when their time is over."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from escher.approval.consent import local_user
from escher.contract.ports import ObjectStore, Progress, StoredObject
from escher.errors import BackupError, BackupTargetUnavailable
from escher.session.backups import Backup
from escher.store.backup.folder import must_have_room
from escher.store.backup.schedule import expired, made_at

WAITS_S = (2, 4, 8)


class RemoteBackups:
    """The backups in one bucket, of one user, under `<user>/snapshots/<store id>/`. Every method raises BackupError."""

    def __init__(self, bucket: ObjectStore, keep_days: int, wait: Callable[[float], object]) -> None:
        self._bucket, self._keep_days, self._wait = bucket, keep_days, wait

    def send(self, path: Path, store_id: str, progress: Progress = lambda event: None) -> str:
        """Send a copy of an archive; its address. What does not answer is asked again after 2, 4 and 8 seconds."""
        name = f"{_folder(store_id)}{path.name}"
        for wait_s in WAITS_S:
            progress({"type": "backup_upload", "message": f"sending {path.name} to {self._bucket.url}"})
            try:
                return self._sent(path, name)
            except BackupTargetUnavailable:
                progress({"type": "backup_upload", "message": f"no success; once more in {wait_s} s"})
                self._wait(wait_s)
        return self._sent(path, name)

    def list(self) -> list[Backup]:
        """Every backup of this user there, whatever its store."""
        return [_backup(one) for one in self._bucket.list() if _is_archive(one.name)]

    def clean_up(self, just_sent: str, store_id: str, now: datetime) -> list[str]:
        """Remove this store's backups that are too old; their names. The one that was just sent is known to be good."""
        names = [one.name for one in self.list() if one.store_id == store_id]
        gone = expired(names, now, self._keep_days, {just_sent})
        for name in gone:
            self._bucket.delete(f"{_folder(store_id)}{name}")
        return gone

    @contextmanager
    def fetched(self, backup: Backup, folder: Path, progress: Progress = lambda event: None) -> Generator[Path]:
        """A copy of a backup in the folder, for as long as the block lasts."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        must_have_room(folder, backup.size)
        copy = folder / f".{backup.name}.{secrets.token_hex(4)}"
        progress({"type": "backup_download", "message": f"fetching {backup.name} from {self._bucket.url}"})
        try:
            self._bucket.download(f"{_folder(backup.store_id)}{backup.name}", copy)
            copy.chmod(0o600)
            yield copy
        finally:
            copy.unlink(missing_ok=True)

    def _sent(self, path: Path, name: str) -> str:
        self._bucket.upload(name, path)
        size = path.stat().st_size
        there = next((one.size for one in self._bucket.list() if one.name == name), None)
        if there != size:
            raise BackupTargetUnavailable(
                f"{self._bucket.url} has {there or 0:,} bytes of the {size:,} that were sent.", hint="Send it again."
            )
        return f"{self._bucket.url.rstrip('/')}/{name}"


def _folder(store_id: str) -> str:
    return f"{_root()}{store_id}/"


def _root() -> str:
    return f"{local_user()}/snapshots/"


def _is_archive(name: str) -> bool:
    store_id, _, file = name.removeprefix(_root()).partition("/")
    return name.startswith(_root()) and bool(store_id) and made_at(file) is not None


def _backup(one: StoredObject) -> Backup:
    store_id, _, file = one.name.removeprefix(_root()).partition("/")
    at = made_at(file)
    if at is None:
        raise BackupError(f"{one.name} is no backup.", hint="See: escher backup --list")
    return Backup(file, at.astimezone(UTC), one.size, "remote", store_id)
