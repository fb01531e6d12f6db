"""The two ways to a master key, a real keychain and a passphrase, and its replacement across crashes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from escher.errors import KeyUnavailable, StoreError, StoreReplaced, StoreRolledBack
from escher.settings import Settings
from escher.store.database import connect
from escher.store.identity import identity_of
from escher.store.keychain import master_entry, open_keychain, pending_entry
from escher.store.master import drop_slot, replace_master, set_slot
from escher.store.records import Record
from escher.store.sources import settle, unlock
from escher.store.vault import Store
from tests.store.conftest import Desktop

pytestmark = pytest.mark.keychain
ONE = Record("one", {"kind": "rule"})


def _write(store: Store, *records: Record) -> None:
    with store.transaction() as transaction:
        transaction.put("alerts_events", *records)


def test_a_passphrase_opens_it_under_the_same_watch(keychain_settings: Settings, tmp_path: Path) -> None:
    """A store that is opened by its passphrase is still compared with what the keychain remembers of it."""
    both = _with_passphrase(keychain_settings, tmp_path)
    path, copy = both.store_path, tmp_path / "older"
    shutil.copy(path, copy)
    with Store.open(both) as store:
        assert (store.key_source, store.anchored) == ("passphrase", True)
        _write(store, ONE)
    shutil.copy(copy, path)
    with Store.open(both) as store, pytest.raises(StoreRolledBack):
        store.get("alerts_events", "one")


def test_a_passphrase_opens_it_while_the_keychain_is_away(
    keychain_settings: Settings, desktop: Desktop, tmp_path: Path
) -> None:
    """Locked or frozen, the keychain keeps nobody out who has the passphrase; its watch is missed for that while."""
    both = _with_passphrase(keychain_settings, tmp_path)
    desktop.kill_daemon()
    with Store.open(both) as store:
        assert (store.key_source, store.anchored) == ("passphrase", False)
        _write(store, ONE)
    desktop.start_daemon("log-in password")
    desktop.freeze_daemon()
    with Store.open(both) as store:
        assert store.get("alerts_events", "one") is not None and not store.anchored


def test_with_both_ways_in_the_keychain_is_taken_unless_a_passphrase_is_given(
    keychain_settings: Settings, tmp_path: Path
) -> None:
    """No passphrase file: the keychain. Neither the keychain's entry nor a file: a refusal that names the file."""
    both = _with_passphrase(keychain_settings, tmp_path)
    with Store.open(keychain_settings) as store:
        assert store.key_source == "keychain"
        store_id = bytes.fromhex(store.store_id)
    open_keychain().remove(master_entry(store_id))
    with pytest.raises(KeyUnavailable, match="ESCHER_PASSPHRASE_FILE"):
        Store.open(keychain_settings)
    with Store.open(both) as store:
        assert store.key_source == "passphrase"


def test_the_last_way_in_is_never_taken_away(keychain_settings: Settings, tmp_path: Path) -> None:
    """A passphrase goes while the keychain holds the key, and stays when it does not, or cannot be asked."""
    both = _with_passphrase(keychain_settings, tmp_path)
    with Store.open(both) as store:
        entry = master_entry(bytes.fromhex(store.store_id))
        key = open_keychain().read(entry)
        open_keychain().remove(entry)
        with pytest.raises(StoreError, match="only way"), store.transaction() as within:
            drop_slot(within, identity_of(within.connection))
        open_keychain().write(entry, str(key))
        with store.transaction() as within:
            drop_slot(within, identity_of(within.connection))
    with Store.open(both) as store:
        assert store.key_source == "keychain"


REPLACING = """
import os, sys
from contextlib import closing
from pathlib import Path
from escher.settings import Settings
from escher.store.database import connect
from escher.store.keychain import Keychain
from escher.store.master import replace_master
from escher.store.sources import settle
from escher.store.vault import Store

settings, left = Settings(home=Path(sys.argv[1])), [int(sys.argv[2])]
store = Store.open(settings)
def dies(name):
    real = getattr(Keychain, name)
    def call(*arguments):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), 9)
        return real(*arguments)
    setattr(Keychain, name, call)
for name in ("read", "write", "remove"):
    dies(name)
with store.transaction() as within:
    keychain = replace_master(settings, within)
with closing(connect(store.path)) as connection:
    settle(keychain, connection)
os._exit(0)
"""


def test_a_replacement_of_the_master_key_that_is_killed_leaves_a_store_that_opens(keychain_settings: Settings) -> None:
    """Killed before each of its calls to the keychain: the old key or the new one opens the store, every time."""
    with Store.create(keychain_settings) as store:
        _write(store, ONE)
        store_id = bytes.fromhex(store.store_id)
    keys, calls, returned = set[str | None](), 0, -9
    while returned == -9:
        command = [sys.executable, "-c", REPLACING, str(keychain_settings.home), str(calls)]
        returned, calls = subprocess.run(command, check=False).returncode, calls + 1
        with Store.open(keychain_settings) as store:
            assert store.get("alerts_events", "one") is not None
            _write(store, ONE)
        keys.add(open_keychain().read(master_entry(store_id)))
    assert returned == 0 and calls > 6
    assert len(keys) > 2
    assert open_keychain().read(pending_entry(store_id)) is None


def test_both_ways_in_open_the_store_with_its_new_key(keychain_settings: Settings, tmp_path: Path) -> None:
    """A new master key goes behind the passphrase and into the keychain, whichever opened the store."""
    both = _with_passphrase(keychain_settings, tmp_path)
    with Store.open(both) as store:
        with store.transaction() as within:
            keychain = replace_master(both, within)
        assert keychain is not None
        with closing(connect(store.path)) as connection:
            settle(keychain, connection)
    with Store.open(both) as store:
        assert store.key_source == "passphrase"
    with Store.open(keychain_settings) as store, pytest.raises(KeyUnavailable, match="also has a passphrase"):
        assert store.key_source == "keychain"
        with store.transaction() as within:
            replace_master(keychain_settings, within)


def test_who_has_the_old_master_key_in_memory_is_told(keychain_settings: Settings) -> None:
    """A store that was open during the replacement reads on, and never wraps a new key under the old one."""
    with Store.create(keychain_settings) as early:
        _write(early, ONE)
        with Store.open(keychain_settings) as store, store.transaction() as within:
            replace_master(keychain_settings, within)
        assert early.get("alerts_events", "one") is not None
        with pytest.raises(StoreReplaced, match="master key"):
            early.rotate()
    with Store.open(keychain_settings) as store:
        assert store.rotate().records == 1


def _with_passphrase(settings: Settings, folder: Path) -> Settings:
    """The same store, with a passphrase besides its keychain."""
    secret = folder / "passphrase"
    secret.touch(mode=0o600)
    secret.write_text("correct horse battery staple\n")
    with Store.create(settings) as store, store.transaction() as within:
        identity = identity_of(within.connection)
        set_slot(within, unlock(settings, identity).master, identity, b"correct horse battery staple")
    return replace(settings, passphrase_file=secret)
