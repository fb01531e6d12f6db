"""A backup or a restore that is killed leaves the store as it was or as the backup has it, and no half archive."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from escher.contract.estate import Resource
from escher.errors import BackupError
from escher.session.backups import Backups, is_in_order
from escher.session.wiring import assemble
from escher.settings import Settings
from escher.store.backup.archive import Archive
from escher.store.backup.folder import local_archives
from escher.store.estate import EstateStore
from escher.store.vault import Store
from tests.campaigns import FULL

KILLS = 200 if FULL else 5
SEED = 20_261_124
WORKER = Path(__file__).with_name("backup_worker.py")


def start(settings: Settings, *words: str) -> subprocess.Popen[str]:
    """A worker that is about to begin."""
    own = {"ESCHER_HOME": str(settings.home), "ESCHER_PASSPHRASE_FILE": str(settings.passphrase_file)}
    paths = {"PYTHONPATH": str(WORKER.parents[2])}
    command = [sys.executable, str(WORKER), *words]
    worker = subprocess.Popen(command, env=os.environ | own | paths, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"
    return worker


def seconds_of(settings: Settings, *words: str) -> float:
    """How long it takes when nobody kills it."""
    worker, began = start(settings, *words), time.monotonic()
    assert worker.wait() == 0
    assert worker.stdout is not None and worker.stdout.read() == "done\n"
    return time.monotonic() - began


def kill_after(seconds: float, settings: Settings, *words: str) -> None:
    """Begin, and kill it as a power cut would."""
    worker = start(settings, *words)
    time.sleep(seconds)
    worker.kill()
    worker.wait()


def states(settings: Settings) -> dict[str, str]:
    """The state of each resource by its name."""
    with Store.open(settings) as store:
        return {one.name: one.state for one in EstateStore(store).snapshot().resources.values()}


def fill(settings: Settings, make: Callable[..., Resource], **values: object) -> dict[str, str]:
    """Write 1 500 resources with vectors; their states."""
    vector = b"\1" * 384 * 4
    with assemble(settings) as parts:
        found = [make(number, **values) for number in range(1_500)]
        parts.estate.upsert(found)
        parts.estate.set_vectors({one.natural_key: ("model:hash", vector) for one in found})
        parts.record("scan_completed", "scan")
    return states(settings)


@pytest.mark.campaign
def test_a_killed_backup_is_none(
    settings: Settings, resource: Callable[..., Resource], record_property: Callable[[str, object], None]
) -> None:
    """After each kill all archives in the folder are whole, the store is in order, and no draft is listed."""
    fill(settings, resource)
    took, chance = seconds_of(settings, "backup"), random.Random(SEED)
    for _ in range(KILLS):
        kill_after(chance.uniform(0, took), settings, "backup")
        for path in local_archives(settings.snapshots):
            Archive.open(path).check_signature()
    assert is_in_order(settings)
    listed = {one.name for one in Backups(settings).list().backups}
    assert listed == {path.name for path in settings.snapshots.glob("escher_*.snapshot")}
    record_property("cases", KILLS)


@pytest.mark.campaign
def test_a_killed_restore_leaves_old_or_new(
    settings: Settings, resource: Callable[..., Resource], record_property: Callable[[str, object], None]
) -> None:
    """After each kill the store is in order, and its records are all those of before or all those of the backup."""
    of_backup = fill(settings, resource)
    with assemble(settings) as parts:
        archive = Backups(settings, parts).create().path
    of_before = fill(settings, resource, state="stopped")
    took, chance, seen = seconds_of(settings, "restore", str(archive)), random.Random(SEED), list[bool]()
    for _ in range(KILLS):
        fill(settings, resource, state="stopped")
        kill_after(chance.uniform(0, took * 1.2), settings, "restore", str(archive))
        assert is_in_order(settings)
        found = states(settings)
        assert found in (of_before, of_backup)
        seen.append(found == of_backup)
    with assemble(settings) as parts:
        assert parts.ledger.verify().status == "ok"
        Backups(settings, parts).restore(str(archive))
    assert states(settings) == of_backup
    record_property("cases", KILLS)
    record_property("restored", sum(seen))


@pytest.mark.campaign
def test_a_killed_rebuild_can_be_begun_again(
    settings: Settings, resource: Callable[..., Resource], record_property: Callable[[str, object], None]
) -> None:
    """Over a damaged store a kill leaves the damaged or the new one; the next restore ends well and leaves no draft."""
    of_backup = fill(settings, resource)
    with assemble(settings) as parts:
        archive = Backups(settings, parts).create().path
    damaged = bytearray(settings.store_path.read_bytes())
    damaged[40 * 16_384 : 50 * 16_384] = os.urandom(10 * 16_384)
    chance, took = random.Random(SEED), 0.0
    for number in range(KILLS):
        settings.store_path.write_bytes(damaged)
        if not number:
            took = seconds_of(settings, "restore", str(archive))
            settings.store_path.write_bytes(damaged)
        kill_after(chance.uniform(0, took * 1.2), settings, "restore", str(archive))
        assert settings.store_path.exists()
        if is_in_order(settings):
            assert states(settings) == of_backup
        else:
            Backups(settings).restore(str(archive))
            assert states(settings) == of_backup
    left = [path.name for path in settings.store_path.parent.iterdir() if path.name.startswith(".")]
    assert left == []
    record_property("cases", KILLS)


def test_a_plain_file_is_no_backup(settings: Settings, tmp_path: Path) -> None:
    """A file that a kill cut off at any place is refused."""
    with assemble(settings) as parts:
        path = Backups(settings, parts).create().path
    whole = path.read_bytes()
    for size in (0, 1, 20, 600, len(whole) // 2, len(whole) - 1):
        cut = tmp_path / "cut.snapshot"
        cut.write_bytes(whole[:size])
        with pytest.raises(BackupError):
            Backups(settings).verify(str(cut))
        assert cut.stat().st_size == size
