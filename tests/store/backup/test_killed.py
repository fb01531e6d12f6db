"""kill -9 just before each file operation of a backup or a restore, while another process has the store open."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from escher.errors import BackupError, StoreReplaced
from escher.settings import Settings
from escher.store.backup.archive import Archive
from escher.store.backup.rebuilding import rebuild
from escher.store.records import Record
from escher.store.vault import Store
from tests.campaigns import FULL
from tests.store.backup.conftest import Dump, dump, note, read_through, without_trail

BackUp = Callable[..., Archive]
SAMPLE = 9


def _run(what: str, settings: Settings, archive: Path, moment: int) -> int | None:
    """How many moments it passed, or None when it was killed at this one."""
    words = [what, str(settings.home), str(settings.passphrase_file), str(archive), str(moment)]
    command = [sys.executable, "-m", "tests.store.backup.restore_worker", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode in (0, -9), done.stderr
    return int(done.stdout) if done.returncode == 0 else None


class Case:
    """A store that was changed after its backup, to be copied for every moment."""

    def __init__(self, settings: Settings, archive: Archive, old: Dump, new: Dump) -> None:
        self.settings, self.archive, self.old, self.new = settings, archive, old, new

    def copy(self, folder: Path) -> Settings:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.settings.home, folder)
        return replace(self.settings, home=folder)

    def moments(self, what: str, folder: Path, target: Path | None = None) -> list[int]:
        """All moments, or some and always the last ones, in which files change their names."""
        passed = _run(what, self.copy(folder), target or self.archive.path, 0)
        assert passed is not None
        if target is not None:
            target.unlink()
        every = list(range(1, passed + 1))
        if FULL or len(every) <= SAMPLE:
            return every
        return sorted({*random.Random(9).sample(every[:-SAMPLE], min(2, len(every) - SAMPLE)), *every[-SAMPLE:]})


@pytest.fixture
def case(filled: Store, settings: Settings, back_up: BackUp) -> Case:
    """The store as it is, and as its backup would make it; the store is closed."""
    archive, new = back_up(filled), without_trail(dump(filled))
    with filled.transaction() as within:
        within.put("cloud_estate", Record("since then", {"a": 1}))
    old = without_trail(dump(filled))
    filled.close()
    return Case(settings, archive, old, new)


def _survives(case: Case, settings: Settings) -> None:
    """It is the old store or the new one, whole; and a restore then does what it should."""
    with Store.open(settings) as store:
        assert without_trail(dump(store)) in (case.old, case.new)
    rebuild(settings, case.archive, note=note)
    with Store.open(settings) as store:
        assert without_trail(dump(store)) == case.new
    assert [path.name for path in settings.store_path.parent.glob(".*")] == []


@pytest.mark.campaign
@pytest.mark.parametrize("what", ["rebuild", "in-place"])
def test_a_killed_restore_leaves_the_old_or_the_new_store(
    what: str, case: Case, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Whenever it is killed, the store is one of the two, and nothing of the attempt stays in the way."""
    moments = case.moments(what, tmp_path / "killed")
    for moment in moments:
        settings = case.copy(tmp_path / "killed")
        assert _run(what, settings, case.archive.path, moment) is None
        _survives(case, settings)
    record_property("cases", len(moments))


@pytest.mark.campaign
def test_who_had_it_open_loses_nothing_that_was_acknowledged(
    case: Case, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """After the kill another process writes, or is told that its file was replaced; either way the store is whole."""
    moments = case.moments("rebuild", tmp_path / "killed")
    for moment in moments:
        settings = case.copy(tmp_path / "killed")
        with Store.open(settings) as held:
            assert held.count("cloud_estate")
            assert _run("rebuild", settings, case.archive.path, moment) is None
            try:
                with held.transaction() as within:
                    within.put("cloud_estate", Record("mine", {"b": 2}))
                written = True
            except StoreReplaced:
                written = False
        with Store.open(settings) as store:
            found = without_trail(dump(store))
        mine = found["cloud_estate"].pop("mine", None)
        assert (mine is not None) == written
        assert found in (case.old, case.new)
    record_property("cases", len(moments))


@pytest.mark.campaign
def test_a_killed_backup_is_none(
    case: Case, settings: Settings, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """A half archive is refused, and the store is as it was."""
    target = tmp_path / "made"
    moments = case.moments("create", tmp_path / "killed", target)
    for moment in moments:
        target.unlink(missing_ok=True)
        home = case.copy(tmp_path / "killed")
        assert _run("create", home, target, moment) is None
        if target.exists():
            with pytest.raises(BackupError):
                read_through(target, home)
        with Store.open(home) as store:
            assert without_trail(dump(store)) == case.old
    record_property("cases", len(moments))
