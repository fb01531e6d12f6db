"""After the purge of everything nothing of Escher's is in the home, in the keychain or in reach of the proof's own key."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from escher.contract.estate import Account
from escher.errors import KeyUnavailable, StoreError
from escher.session.purge.everything import EverythingPurge, _overwrite_keys
from escher.session.purge.proof import PURPOSE, Notary, is_genuine
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.keychain import anchor_entry, master_entry, open_keychain
from escher.store.vault import Store
from escher.vectors.private_folder import memory_root
from tests.store.conftest import Desktop


def fill(settings: Settings) -> None:
    """A record, a backup, an image and settings of the user's."""
    with Store.open(settings) as store:
        EstateStore(store).put_account(Account("aws", "111111111111", "shop"))
    for name in ("snapshots/cloud_estate/one.snapshot", "data/index/cloud_estate.image", "settings.toml"):
        path = settings.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("llm = ''\n")


def test_a_home_without_strangers_goes_whole(settings: Settings) -> None:
    """The store, its backups, images and settings go, and the home with them."""
    fill(settings)
    proofs: list[Any] = []
    rest = EverythingPurge(settings).run(proofs.append)
    assert not settings.home.exists() and rest["home_removed"]
    assert (proofs[0]["complete"], proofs[0]["found_after"]) == (True, 0)
    assert proofs[0]["records"]["alerts_events"] == 1


def test_files_that_are_not_ours_stay_and_are_named(settings: Settings) -> None:
    """What Escher did not write is left where it is."""
    fill(settings)
    strange = settings.home / "notes.txt"
    strange.write_text("mine")
    rest = EverythingPurge(settings).run(lambda proof: None)
    assert rest["left"] == [str(strange)]
    assert [*settings.home.rglob("*")] == [strange]


def test_the_proof_is_signed_with_the_key_that_then_goes(settings: Settings) -> None:
    """The proof bears the signature of the store's own key, although the store is gone when it is delivered."""
    with Store.open(settings) as store:
        key = Notary(store.derive(PURPOSE)).public_key
    proofs: list[Any] = []
    EverythingPurge(settings).run(proofs.append)
    assert is_genuine(proofs[0], key)


def test_looking_touches_nothing(settings: Settings) -> None:
    """A preview names the files and leaves them."""
    fill(settings)
    before = sorted(settings.home.rglob("*"))
    preview = EverythingPurge(settings).preview()
    assert {"settings.toml", "data/escher.db"} <= set(preview["files"])
    assert sorted(settings.home.rglob("*")) == before


def test_a_store_that_does_not_open_goes_too(settings: Settings) -> None:
    """Without the key everything can still be removed; the proof is then not signed."""
    assert settings.passphrase_file is not None
    settings.passphrase_file.write_text("another one")
    proofs: list[Any] = []
    EverythingPurge(settings).run(proofs.append)
    assert not settings.home.exists()
    assert "signature" not in proofs[0]


def test_a_damaged_store_goes_too(settings: Settings) -> None:
    """A file that is no database is removed like any other."""
    settings.store_path.write_bytes(b"\0" * 100_000)
    EverythingPurge(settings).run(lambda proof: None)
    assert not settings.home.exists()


def test_the_keys_in_the_file_are_overwritten(settings: Settings, tmp_path: Path) -> None:
    """What the disk keeps of the removed file has no wrapped key in it any more."""
    from contextlib import closing

    from escher.store.database import connect

    with closing(connect(settings.store_path)) as connection:
        wrapped = [row[0] for row in connection.execute("SELECT wrapped FROM keys")]
        slot = connection.execute("SELECT value FROM header WHERE name = 'passphrase'").fetchone()[0]
    link = tmp_path / "the same blocks"
    link.hardlink_to(settings.store_path)
    EverythingPurge(settings).run(lambda proof: None)
    assert [secret for secret in (*wrapped, slot) if secret in link.read_bytes()] == []


def test_a_store_in_use_is_refused(settings: Settings) -> None:
    """While another process has the store open nothing is removed, and the process is named."""
    code = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('select 1 from header'); print('open', flush=True); sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(settings.store_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None and other.stdout.readline()
    try:
        with pytest.raises(StoreError, match=str(other.pid)):
            EverythingPurge(settings).run(lambda proof: None)
        assert settings.store_path.exists()
    finally:
        other.communicate()


@pytest.mark.keychain
def test_keys_and_anchors_go_from_the_keychain(keychain_settings: Settings) -> None:
    """The master key and the anchor are taken out, after the proof was handed over."""
    with Store.create(keychain_settings) as store:
        store_id = bytes.fromhex(store.store_id)
    names = (master_entry(store_id), anchor_entry(store_id))
    held: list[Any] = []
    rest = EverythingPurge(keychain_settings).run(lambda proof: held.extend(map(open_keychain().read, names)))
    assert None not in held and len(held) == 2
    assert [open_keychain().read(name) for name in names] == [None, None]
    assert rest["keychain_entries_removed"] == 2


@pytest.mark.keychain
def test_a_purge_that_crashed_is_finished_by_a_second_call(keychain_settings: Settings) -> None:
    """When the files are gone and the keys are not, the same call knows from its note whose keys are to go."""
    with Store.create(keychain_settings) as store:
        store_id = bytes.fromhex(store.store_id)
    with pytest.raises(KeyboardInterrupt):
        EverythingPurge(keychain_settings).run(_crash)
    assert not keychain_settings.store_path.exists()
    assert EverythingPurge(keychain_settings).run(lambda proof: None)["keychain_entries_removed"] == 2
    assert open_keychain().read(master_entry(store_id)) is None
    assert not keychain_settings.home.exists()


def _crash(proof: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.keychain
def test_a_keychain_that_is_gone_leaves_the_note(keychain_settings: Settings, desktop: Desktop) -> None:
    """While the keychain does not answer its keys cannot go: that is an error, and a later call can finish."""
    Store.create(keychain_settings).close()
    desktop.kill_daemon()
    with pytest.raises(KeyUnavailable):
        EverythingPurge(keychain_settings).run(lambda proof: None)
    assert (keychain_settings.home / "data" / "purging").exists()


def test_a_crash_after_the_keys_were_overwritten(settings: Settings) -> None:
    """A file whose keys are gone already is removed by the second call; its proof can no longer be signed."""
    fill(settings)
    _overwrite_keys(settings.store_path)
    proofs: list[Any] = []
    assert EverythingPurge(settings).run(proofs.append)["home_removed"]
    assert proofs[0]["complete"] and "signature" not in proofs[0]


def test_what_dead_processes_left_in_memory_goes(settings: Settings) -> None:
    """A folder of an index whose process was killed together with its guardian is removed too."""
    root = memory_root(0)
    assert root is not None
    code = (
        "import os; from pathlib import Path; from escher.vectors.private_folder import _mark;"
        f" Path({str(root)!r}, _mark(os.getpid()) + '-left').mkdir(mode=0o700); print(_mark(os.getpid()))"
    )
    mark = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert list(root.glob(f"{mark}*"))
    EverythingPurge(settings).run(lambda proof: None)
    assert list(root.glob(f"{mark}*")) == []


def test_nothing_there_is_nothing_to_do(tmp_path: Path) -> None:
    """A home that does not exist is purged already."""
    settings = Settings(home=tmp_path / "nowhere", passphrase_file=tmp_path / "passphrase")
    assert EverythingPurge(settings).run(lambda proof: None)["home_removed"]
