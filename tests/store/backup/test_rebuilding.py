"""A store built anew from its backup: the same store, beside the damaged one, whoever has that open."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from escher.contract.audit import AuditEvent
from escher.errors import (
    BackupError,
    KeyUnavailable,
    NotInitialised,
    StoreReplaced,
    StoreRolledBack,
    StoreTampered,
)
from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store.backup.archive import Archive
from escher.store.backup.rebuilding import rebuild, state_of
from escher.store.records import Record
from escher.store.vault import Store
from tests.store.backup.conftest import dump, note, put_approval, without_trail

BackUp = Callable[..., Archive]
EVENT = AuditEvent(type="scan_completed", at="2026-11-24T13:00:00+00:00", actor="ana", subject="s")


def _files(settings: Settings) -> list[str]:
    return sorted(path.name for path in settings.store_path.parent.iterdir() if not path.name.endswith("-lock"))


def test_into_a_fresh_home(filled: Store, settings: Settings, back_up: BackUp, tmp_path: Path) -> None:
    """Record by record it is the store that was backed up: with its id, its signatures, and a trail that goes on."""
    archive, everything = back_up(filled), dump(filled)
    secret, trail = filled.derive("anything"), list(Ledger(filled).entries())
    fresh = Settings(home=tmp_path / "fresh", passphrase_file=settings.passphrase_file)
    assert isinstance(state_of(fresh), NotInitialised)
    restored = rebuild(fresh, archive, note=note)
    assert restored.damaged is None
    with Store.open(fresh) as anew:
        assert without_trail(dump(anew)) == without_trail(everything)
        assert (anew.store_id, anew.derive("anything")) == (filled.store_id, secret)
        entries = list(Ledger(anew).entries())
        assert entries[:-1] == trail and entries[-1].event.type == "restored"
        assert Ledger(anew).verify().status == "ok"
        assert anew.sequence > filled.sequence
        Ledger(anew).append(EVENT)
    assert state_of(fresh) is None
    assert _files(fresh) == ["escher.db"]


def test_data_keys_are_new(filled: Store, settings: Settings, back_up: BackUp, tmp_path: Path) -> None:
    """A row of the lost file could not be put into the new one."""
    archive = back_up(filled)
    fresh = Settings(home=tmp_path / "fresh", passphrase_file=settings.passphrase_file)
    rebuild(fresh, archive, note=note)
    with Store.open(fresh) as anew:
        assert {one.key_id for one in anew.stats()} & {one.key_id for one in filled.stats()} == set()


def test_no_consent_comes_back(filled: Store, settings: Settings, back_up: BackUp, tmp_path: Path) -> None:
    """An approval that was not used when the backup was made may have been used since: it is gone with its plan."""
    put_approval(filled, "given", "granted")
    fresh = Settings(home=tmp_path / "fresh", passphrase_file=settings.passphrase_file)
    rebuild(fresh, back_up(filled), note=note)
    with Store.open(fresh) as anew:
        keys = dump(anew)["executed_operations"].keys()
    assert {"plan:done", "approval:done"} <= keys
    assert keys & {"plan:given", "approval:given"} == set()


def _garbage(path: Path) -> None:
    path.write_bytes(b"\0garbage" * 9_000)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _flipped(path: Path) -> None:
    """Some bits in every page but the first."""
    data = bytearray(path.read_bytes())
    for at in range(16_384 + 9_000, len(data), 16_384):
        data[at] ^= 0x55
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [_garbage, _empty, _cut, _flipped], ids=lambda one: one.__name__.strip("_"))
def test_a_damaged_store_is_replaced_and_kept(
    damage: Callable[[Path], None], filled: Store, settings: Settings, back_up: BackUp
) -> None:
    """The new one has the name; what was left of the old one is beside it."""
    archive, everything = back_up(filled), without_trail(dump(filled))
    filled.close()
    damage(settings.store_path)
    assert isinstance(state_of(settings), StoreTampered)
    restored = rebuild(settings, archive, note=note)
    assert restored.damaged is not None and restored.damaged.exists()
    with Store.open(settings) as anew:
        assert without_trail(dump(anew)) == everything
    assert _files(settings) == ["escher.db", restored.damaged.name]


def test_a_log_left_behind_does_not_get_into_the_new_store(filled: Store, settings: Settings, back_up: BackUp) -> None:
    """A write-ahead log of a store whose file is gone would be read as the new file's."""
    archive, everything = back_up(filled), without_trail(dump(filled))
    with filled.transaction() as within:
        within.put("cloud_estate", Record("in the log", {}))
    log = settings.store_path.with_name("escher.db-wal")
    copied = log.read_bytes()
    filled.close()
    settings.store_path.unlink()
    log.write_bytes(copied)
    rebuild(settings, archive, note=note)
    with Store.open(settings) as anew:
        assert without_trail(dump(anew)) == everything


def test_who_has_the_old_file_open_is_told(filled: Store, settings: Settings, back_up: BackUp) -> None:
    """It neither reads nor writes any more, and its closing does no harm to the new store."""
    archive = back_up(filled)
    rebuild(settings, archive, note=note)
    with Store.open(settings) as anew:
        with anew.transaction() as within:
            within.put("cloud_estate", Record("new", {}))
        with pytest.raises(StoreReplaced), filled.transaction():
            pytest.fail("it may not write")
        for read in (lambda: filled.sequence, lambda: filled.get("cloud_estate", "new"), lambda: filled.count("cloud_estate")):  # fmt: skip
            with pytest.raises(StoreReplaced) as told:
                read()
            assert told.value.hint
        filled.close()
        with anew.transaction() as within:
            within.put("cloud_estate", Record("newer", {}))
    assert state_of(settings) is None
    with Store.open(settings) as again:
        assert {"new", "newer"} <= dump(again)["cloud_estate"].keys()


def test_another_stores_backup_does_not_take_its_place(filled: Store, settings: Settings, back_up: BackUp, tmp_path: Path) -> None:  # fmt: skip
    """A damaged store is not replaced by a strange one, and is as it was."""
    with Store.create(Settings(home=tmp_path / "second", passphrase_file=settings.passphrase_file)) as second:
        other = back_up(second, "other")
    filled.close()
    _flipped(settings.store_path)
    before = settings.store_path.read_bytes()
    with pytest.raises(BackupError):
        rebuild(settings, other, note=note)
    assert settings.store_path.read_bytes() == before
    assert _files(settings) == ["escher.db"]


def test_a_damaged_archive_leaves_what_is_there(filled: Store, settings: Settings, back_up: BackUp) -> None:
    """Nothing is put in the place of a store before the archive was read through."""
    archive = back_up(filled)
    filled.close()
    _cut(settings.store_path)
    before, data = settings.store_path.read_bytes(), bytearray(archive.path.read_bytes())
    data[archive.begins + 50] ^= 1
    archive.path.write_bytes(data)
    with pytest.raises(BackupError):
        rebuild(settings, archive, note=note)
    assert settings.store_path.read_bytes() == before


def test_without_the_key_nothing_is_touched(filled: Store, settings: Settings, back_up: BackUp) -> None:
    """It says what is missing."""
    archive = back_up(filled)
    filled.close()
    settings.store_path.unlink()
    with pytest.raises(KeyUnavailable) as missing:
        rebuild(Settings(home=settings.home), archive, note=note)
    assert "escher keys import" in missing.value.hint
    assert not settings.store_path.exists()


@pytest.mark.keychain
def test_a_rolled_back_store_comes_forward(keychain_settings: Settings, back_up: BackUp) -> None:
    """The keychain remembers the new store, how much was lost is written down, and the old copy is known as such."""
    settings = keychain_settings
    path = settings.store_path
    with Store.create(settings) as store:
        Ledger(store).append(EVENT)
        archive = back_up(store)
    shutil.copy(path, path.with_name("older"))
    with Store.open(settings) as store:
        for _ in range(3):
            Ledger(store).append(EVENT)
    shutil.copy(path.with_name("older"), path)
    assert isinstance(state_of(settings), StoreRolledBack)
    restored = rebuild(settings, archive, note=note)
    assert restored.forgotten == 3
    with Store.open(settings) as anew:
        assert anew.refusal is None and anew.anchored
        assert Ledger(anew).verify().status == "ok"
        last = list(Ledger(anew).entries())[-1]
        assert last.event.details["forgotten"] == 3
    shutil.copy(path.with_name("older"), path)
    assert isinstance(state_of(settings), StoreRolledBack)


@pytest.mark.keychain
def test_a_keychain_that_forgot_learns_anew(keychain_settings: Settings, back_up: BackUp) -> None:
    """On a machine to which only the key came, the restored store is anchored at once."""
    with Store.create(keychain_settings) as store:
        Ledger(store).append(EVENT)
        archive = back_up(store)
    shutil.rmtree(keychain_settings.home)
    from escher.store.keychain import anchor_entry, open_keychain

    open_keychain().remove(anchor_entry(bytes.fromhex(archive.store_id)))
    rebuild(keychain_settings, archive, note=note)
    with Store.open(keychain_settings) as anew:
        assert anew.anchored
        assert Ledger(anew).verify().status == "ok"
