"""Backups to S3, Blob Storage and Cloud Storage, and back into a home with nothing in it: equal, record by record."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from escher.errors import BackupError
from escher.session.backups import Backups
from escher.session.targets import object_store
from escher.session.wiring import Parts
from escher.settings import Settings
from escher.store.records import Record
from escher.store.vault import Store
from tests.fixtures.object_stores import Emulator, cloud, server
from tests.store.backup.conftest import canaries, dump, filled, without_trail

__all__ = ["canaries", "cloud", "filled", "server"]
SHARE = 0.2


@pytest.mark.parametrize("share", [0.0, SHARE], ids=["well", "failing"])
def test_a_lost_machine_comes_back(cloud: Emulator, share: float, filled: Store, settings: Settings, tmp_path: Path) -> None:  # fmt: skip
    """What was sent is restored where there is neither store nor folder, although every fifth request may fail."""
    with filled.transaction() as within:
        for number in range(600):
            within.put("cloud_estate", Record(f"large:{number}", {"text": secrets.token_hex(1_000)}, os.urandom(1_536)))
    here = replace(settings, backup_target=f"{cloud.target}/{secrets.token_hex(4)}")
    cloud.proxy.share, cloud.proxy.faults = share, Counter()
    with_parts = Backups(here, Parts(here, filled))
    made = [with_parts.create() for _ in range(3)]
    assert [one.problem for one in made] == ["", "", ""]
    assert all(one.url.startswith(cloud.target) for one in made)
    everything = without_trail(dump(filled))
    fresh = replace(here, home=tmp_path / "fresh")
    listing = Backups(fresh).list()
    assert (listing.problem, len(listing.backups)) == ("", 3)
    restored = Backups(fresh).restore("latest").restored
    assert restored.store_id == filled.store_id
    with Store.open(fresh) as anew:
        assert without_trail(dump(anew)) == everything
    assert bool(cloud.proxy.faults.total()) == bool(share)
    assert not list((tmp_path / "fresh/snapshots").glob("*"))


def test_what_was_altered_there_is_refused(cloud: Emulator, filled: Store, settings: Settings, tmp_path: Path) -> None:
    """Whoever can write to the bucket can spoil a backup, and not make one."""
    here = replace(settings, backup_target=f"{cloud.target}/{secrets.token_hex(4)}")
    made = Backups(here, Parts(here, filled)).create()
    data = bytearray(made.path.read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "spoilt").write_bytes(data)
    bucket = object_store(here.backup_target)
    bucket.upload(bucket.list()[0].name, tmp_path / "spoilt")
    made.path.unlink()
    fresh = replace(here, home=tmp_path / "fresh")
    with pytest.raises(BackupError):
        Backups(fresh).restore("latest")
    assert not fresh.store_path.exists()
