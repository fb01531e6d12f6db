"""Backups of real stores: made here, sent to a folder that stands in for a bucket, checked, restored and removed."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from escher.approval.consent import local_user
from escher.contract.estate import Resource
from escher.contract.ports import StoredObject
from escher.errors import BackupError, BackupTargetUnavailable, BackupUnreadable, NotFound, WrongKey
from escher.session.backing_up import BackingUp
from escher.session.backups import Backups, is_in_order, last_backup
from escher.session.remote_backups import RemoteBackups
from escher.session.wiring import Parts, assemble
from escher.settings import Settings
from escher.store.backup.archive import Archive
from escher.store.backup.folder import clean_up
from escher.store.backup.schedule import name_at
from escher.store.collections import COLLECTIONS
from escher.store.master import replace_master, set_slot
from escher.store.sources import identity_of, unlock
from escher.store.vault import Store
from tests.store.conftest import passphrase_settings


@dataclass
class FolderBucket:
    """A bucket in a folder. It does not answer for the first `failures` uploads, and `cuts` off those after them."""

    folder: Path
    failures: int = 0
    cuts: int = 0
    url: str = "s3://bucket/prefix"
    uploads: list[str] = field(default_factory=list[str])

    def upload(self, name: str, source: Path) -> None:
        self.uploads.append(name)
        if len(self.uploads) <= self.failures:
            raise BackupTargetUnavailable("the bucket does not answer.", hint="Try again.")
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        if len(self.uploads) <= self.failures + self.cuts:
            os.truncate(target, 100)

    def download(self, name: str, target: Path) -> None:
        shutil.copyfile(self.folder / name, target)

    def list(self) -> list[StoredObject]:
        files = (path for path in self.folder.rglob("*") if path.is_file())
        found = [(str(path.relative_to(self.folder)), path.stat()) for path in files]
        return [StoredObject(name, status.st_size, int(status.st_mtime)) for name, status in found]

    def delete(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)


class BackupsThere(Backups):
    """Backups whose target is a bucket in a folder, and whose waits are written down."""

    def __init__(self, settings: Settings, parts: Parts | None, bucket: FolderBucket) -> None:
        super().__init__(replace(settings, backup_target=bucket.url), parts)
        self.bucket, self.waits = bucket, list[float]()

    def remote(self) -> RemoteBackups:
        return RemoteBackups(self.bucket, self._settings.backup_keep_days, self.waits.append)


@pytest.fixture
def parts(settings: Settings, resource: Callable[..., Resource]) -> Iterator[Parts]:
    """The parts around a store with 30 resources and an entry in the audit trail."""
    with assemble(settings) as opened:
        opened.estate.upsert([resource(number) for number in range(30)])
        opened.record("account_added", "111111111111")
        yield opened


@pytest.fixture
def bucket(tmp_path: Path) -> FolderBucket:
    """An empty bucket."""
    (tmp_path / "bucket").mkdir()
    return FolderBucket(tmp_path / "bucket")


def contents(store: Store) -> dict[str, dict[str, object]]:
    """Every record by collection and key, without the audit trail."""
    return {
        name: {
            record.key: (record.body, record.vector)
            for record in store.records(name)
            if not record.key.startswith(("audit:", "checkpoint:"))
        }
        for name in COLLECTIONS
    }


def test_a_backup_is_private_listed_and_in_the_trail(parts: Parts, settings: Settings) -> None:
    """A new backup is a private file with the moment in its name, is listed, and stands in the audit trail."""
    backups = Backups(settings, parts)
    made = backups.create()
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert made.path.parent.stat().st_mode & 0o777 == 0o700
    (listed,) = backups.list().backups
    assert (listed.name, listed.place, listed.size) == (made.path.name, "local", made.size)
    assert listed.store_id == parts.store.store_id
    assert last_backup(settings) == listed.made_at
    assert list(parts.ledger.entries())[-1].event.type == "backup_created"
    assert backups.verify("latest").manifest.records == made.records


def test_two_in_one_second(parts: Parts, settings: Settings) -> None:
    """Backups made at once get names of their own, and all can be read."""
    backups = Backups(settings, parts)
    names = {backups.create().path.name for _ in range(4)}
    assert len(names) == 4
    assert {backups.verify(name).name for name in names} == names


def test_everything_comes_back_into_an_empty_home(parts: Parts, settings: Settings, tmp_path: Path) -> None:
    """On another machine with the passphrase, every record is as it was, the trail goes on, and says what happened."""
    made, before = Backups(settings, parts).create(), contents(parts.store)
    other = replace(settings, home=tmp_path / "other")
    assert not is_in_order(other)
    restoration = Backups(other).restore(str(made.path))
    assert restoration.before is None
    with assemble(other) as restored:
        assert contents(restored.store) == before
        assert restored.store.store_id == parts.store.store_id
        events = [entry.event for entry in restored.ledger.entries()]
        assert (events[-1].type, events[-1].subject) == ("restored", made.path.name)
        assert restored.ledger.verify().status == "ok"
    assert is_in_order(other)


def test_a_store_in_order_is_backed_up_before(
    parts: Parts, settings: Settings, resource: Callable[..., Resource]
) -> None:
    """A restore over a store in order takes back what came later, not the trail, and leaves a backup of before."""
    backups = Backups(settings, parts)
    made, before = backups.create(), contents(parts.store)
    parts.estate.upsert([resource(77)])
    entries = len(list(parts.ledger.entries()))
    restoration = backups.restore("latest")
    assert restoration.restored.archive == made.path.name
    assert restoration.before is not None and restoration.before.exists()
    assert contents(parts.store) == before
    assert len(list(parts.ledger.entries())) == entries + 1
    assert parts.ledger.verify().status == "ok"
    assert len(parts.resources()) == 30


def test_a_damaged_store_is_built_anew(parts: Parts, settings: Settings) -> None:
    """A damaged file is kept under another name, and the store is whole again."""
    Backups(settings, parts).create()
    before = contents(parts.store)
    parts.close()
    with settings.store_path.open("r+b") as file:
        file.seek(3 * 16_384)
        file.write(os.urandom(50_000))
    assert not is_in_order(settings)
    with pytest.raises(BackupError, match="one collection alone"):
        Backups(settings).restore("latest", "chat_history")
    restoration = Backups(settings).restore("latest")
    damaged = restoration.restored.damaged
    assert damaged is not None and damaged.name.startswith("escher.db.damaged-")
    with assemble(settings) as restored:
        assert contents(restored.store) == before


def test_another_stores_backup_is_refused(parts: Parts, settings: Settings, tmp_path: Path) -> None:
    """A backup of another store changes nothing here, also when its key is at hand."""
    other = passphrase_settings(tmp_path / "other")
    with Parts(other, Store.create(other)) as theirs:
        made = Backups(other, theirs).create()
    before = contents(parts.store)
    with pytest.raises(BackupError, match="here is store"):
        Backups(settings, parts).restore(str(made.path))
    assert contents(parts.store) == before


def test_without_its_key_a_backup_says_so(parts: Parts, settings: Settings, tmp_path: Path) -> None:
    """With another passphrase the error says that the key is needed, and how to bring it."""
    made = Backups(settings, parts).create()
    wrong = tmp_path / "wrong"
    wrong.touch(mode=0o600)
    wrong.write_text("another passphrase")
    stranger = Settings(home=tmp_path / "new", passphrase_file=wrong)
    with pytest.raises(WrongKey, match=r"useless.*escher keys import FILE"):
        Backups(stranger).restore(str(made.path))
    assert not stranger.store_path.exists()


def test_a_damaged_backup_is_never_used(parts: Parts, settings: Settings) -> None:
    """One changed byte, and neither verify nor restore takes it; the store stays as it is."""
    backups = Backups(settings, parts)
    made, before = backups.create(), contents(parts.store)
    with made.path.open("r+b") as file:
        file.seek(made.size // 2)
        byte = file.read(1)
        file.seek(made.size // 2)
        file.write(bytes([byte[0] ^ 1]))
    with pytest.raises(BackupUnreadable):
        backups.verify(made.path.name)
    with pytest.raises(BackupUnreadable):
        backups.restore(made.path.name)
    assert contents(parts.store) == before


def test_no_room(parts: Parts, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without twice the store's size free, nothing is begun."""
    usage = shutil.disk_usage(settings.home)._replace(free=2 * settings.store_path.stat().st_size - 1)
    monkeypatch.setattr(shutil, "disk_usage", {settings.snapshots: usage}.__getitem__)
    with pytest.raises(BackupError, match="bytes free"):
        Backups(settings, parts).create()
    assert list(settings.snapshots.iterdir()) == []


def test_old_local_ones_go(parts: Parts, settings: Settings) -> None:
    """After 7 days this store's backups go; the last whole one, other people's files and other stores' stay."""
    backups, now = Backups(settings, parts), datetime.now(UTC)
    made = backups.create()
    ages = {days: settings.snapshots / name_at(now - timedelta(days=days)) for days in (3, 8, 40)}
    for path in ages.values():
        shutil.copy(made.path, path)
    foreign = settings.snapshots / name_at(now - timedelta(days=50))
    foreign.write_bytes(b"not an archive of this store")
    (settings.snapshots / "notes.txt").write_text("mine")
    draft = settings.snapshots / f".{name_at(now)}.ab12"
    draft.touch()
    os.utime(draft, (1, 1))
    assert sorted(clean_up(settings.snapshots, parts.store.store_id, now)) == sorted([ages[8].name, ages[40].name])
    assert {path.name for path in settings.snapshots.iterdir()} == {
        made.path.name, ages[3].name, foreign.name, "notes.txt",
    }  # fmt: skip
    assert clean_up(settings.snapshots, parts.store.store_id, now + timedelta(days=99)) == [ages[3].name]
    assert made.path.exists()


def test_a_copy_is_sent_and_fetched(parts: Parts, settings: Settings, bucket: FolderBucket) -> None:
    """The copy stands under the user and the store's id; when the local one is gone it is fetched, and leaves no file."""
    backups = BackupsThere(settings, parts, bucket)
    made, before = backups.create(), contents(parts.store)
    name = f"{local_user()}/snapshots/{parts.store.store_id}/{made.path.name}"
    assert made.url == f"s3://bucket/prefix/{name}"
    assert (bucket.folder / name).read_bytes() == made.path.read_bytes()
    made.path.unlink()
    assert backups.verify("latest").name.startswith(f".{made.path.name}")
    parts.close()
    shutil.rmtree(settings.store_path.parent)
    BackupsThere(settings, None, bucket).restore("latest")
    with assemble(settings) as restored:
        assert contents(restored.store) == before
    assert list(settings.snapshots.iterdir()) == []


def test_patience_with_a_bucket(parts: Parts, settings: Settings, bucket: FolderBucket) -> None:
    """A bucket that does not answer is asked again after 2, 4 and 8 seconds; a copy that was cut is sent again."""
    bucket.failures, bucket.cuts = 2, 1
    backups = BackupsThere(settings, parts, bucket)
    made = backups.create()
    assert backups.waits == [2, 4, 8]
    assert (made.problem, len(bucket.uploads)) == ("", 4)


def test_a_bucket_that_never_answers(parts: Parts, settings: Settings, bucket: FolderBucket) -> None:
    """The local backup is there and good, and what went wrong is told, in the trail too."""
    bucket.failures = 99
    backups = BackupsThere(settings, parts, bucket)
    made = backups.create()
    assert "does not answer" in made.problem and made.url == ""
    assert len(bucket.uploads) == 4
    assert Archive.open(made.path).store_id == parts.store.store_id
    assert list(parts.ledger.entries())[-1].event.details["problem"] == made.problem


def test_old_remote_ones_go(parts: Parts, settings: Settings, bucket: FolderBucket) -> None:
    """After the days of the settings this store's copies go, and nobody else's."""
    root, now = bucket.folder / local_user() / "snapshots", datetime.now(UTC)
    own, others = root / parts.store.store_id, root / ("0" * 32)
    for folder in (own, others):
        folder.mkdir(parents=True)
        for days in (29, 31):
            (folder / name_at(now - timedelta(days=days))).write_bytes(b"old")
    made = BackupsThere(settings, parts, bucket).create()
    assert made.removed == (name_at(now - timedelta(days=31)),)
    assert len(list(own.iterdir())) == 2
    assert len(list(others.iterdir())) == 2


def test_an_unknown_backup(parts: Parts, settings: Settings) -> None:
    """A name that nothing bears is not found."""
    with pytest.raises(NotFound, match="no backup"):
        Backups(settings, parts).verify("escher_2020-01-01T00-00-00.snapshot")


def test_backups_by_themselves(parts: Parts, settings: Settings) -> None:
    """In the background one is made when it is due, and no second one; closing waits for no backup."""
    own = BackingUp(parts, delay_s=0.01)
    own.begin()
    deadline = threading.Event()
    for _ in range(200):
        if last_backup(settings) is not None:
            break
        deadline.wait(0.05)
    own.stop()
    assert last_backup(settings) is not None
    assert BackingUp(parts).run_if_due() is None


def test_never_by_itself(parts: Parts, settings: Settings) -> None:
    """With zero hours nothing is made."""
    parts.settings = replace(settings, backup_every_hours=0)
    assert BackingUp(parts).run_if_due() is None
    assert last_backup(settings) is None


def test_a_closed_session_gives_up(parts: Parts, settings: Settings) -> None:
    """A backup that is under way when the session is closed leaves no file."""
    own = BackingUp(parts)
    own.stop()
    with pytest.raises(BackupError, match="being closed"):
        own.run_if_due()
    assert list(settings.snapshots.iterdir()) == []


def test_a_new_passphrase_and_a_new_master_key(parts: Parts, settings: Settings) -> None:
    """A backup from before both were replaced opens with the old passphrase only, and in the store itself as ever."""
    before, made = contents(parts.store), Backups(settings, parts).create()
    with parts.store.transaction() as within:
        identity = identity_of(within.connection)
        set_slot(within, unlock(settings, identity).master, identity, b"another passphrase")
    assert settings.passphrase_file is not None
    settings.passphrase_file.write_text("another passphrase")
    with parts.store.transaction() as within:
        replace_master(settings, within)
    with pytest.raises(WrongKey, match="useless"):
        Backups(settings).verify(made.path.name)
    with assemble(settings) as again:
        backups = Backups(settings, again)
        assert backups.verify(made.path.name).manifest.records == made.records
        backups.restore(made.path.name)
        assert contents(again.store) == before
