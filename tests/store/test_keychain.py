"""The master key in a real gnome-keyring, in every state a desktop can be in."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from escher.errors import KeyUnavailable, StoreRolledBack, WrongKey
from escher.settings import Settings
from escher.store.keychain import SERVICE, open_keychain
from escher.store.records import Record
from escher.store.vault import Store
from tests.store.conftest import Desktop

pytestmark = pytest.mark.keychain
ONE = Record("one", {"kind": "rule"})


def _write(store: Store, *records: Record) -> None:
    with store.transaction() as transaction:
        transaction.put("alerts_events", *records)


def _entry(settings: Settings, kind: str) -> str:
    with Store.open(settings) as store:
        return f"{kind} {store.store_id}"


def test_the_keychain_opens_the_store_again(keychain_settings: Settings) -> None:
    """What one process wrote, another reads with the key from the keychain."""
    with Store.create(keychain_settings) as store:
        _write(store, ONE)
    with Store.open(keychain_settings) as store:
        assert store.get("alerts_events", "one") is not None
        assert store.anchored


def test_without_a_bus_there_is_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No keychain and no passphrase file: nothing is created, and the error says how to give one."""
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    settings = Settings(home=tmp_path / "home")
    with pytest.raises(KeyUnavailable, match="ESCHER_PASSPHRASE_FILE"):
        Store.create(settings)
    assert not settings.store_path.exists()


def test_a_bus_without_an_unlocked_keyring_is_refused(desktop: Desktop, tmp_path: Path) -> None:
    """The daemon that the bus starts by itself has no keyring to write to; nobody can be asked."""
    with pytest.raises(KeyUnavailable, match="ESCHER_PASSPHRASE_FILE"):
        Store.create(Settings(home=tmp_path / "home"))


def test_a_killed_daemon_comes_back_locked(keychain_settings: Settings, desktop: Desktop) -> None:
    """After the daemon died its key cannot be had; the store says so and makes no other."""
    Store.create(keychain_settings).close()
    desktop.kill_daemon()
    with pytest.raises(KeyUnavailable, match="Unlock the keychain"):
        Store.open(keychain_settings)


def test_a_wrong_log_in_password_leaves_the_keyring_locked(keychain_settings: Settings, desktop: Desktop) -> None:
    """A daemon that was started with another password cannot give the key away."""
    Store.create(keychain_settings).close()
    desktop.kill_daemon()
    desktop.start_daemon("another password")
    with pytest.raises(KeyUnavailable):
        Store.open(keychain_settings)


def test_a_daemon_killed_while_writing_loses_no_record(keychain_settings: Settings, desktop: Desktop) -> None:
    """A commit does not depend on the keychain; only its anchor waits for it."""
    with Store.create(keychain_settings) as store:
        desktop.kill_daemon()
        with store.transaction() as transaction:
            transaction.put("alerts_events", ONE)
            transaction.extend_chain(transaction.head)
        assert "does not answer" in store.anchor_problem
    desktop.start_daemon("log-in password")
    with Store.open(keychain_settings) as store:
        assert store.get("alerts_events", "one") is not None


def test_a_daemon_that_hangs_is_an_error_in_time(keychain_settings: Settings, desktop: Desktop) -> None:
    """A daemon that answers nothing: commits succeed, their anchor is missed and said, and opening fails in seconds."""
    with Store.create(keychain_settings) as store:
        desktop.freeze_daemon()
        begun = time.monotonic()
        with store.transaction() as transaction:
            transaction.put("alerts_events", ONE)
            transaction.extend_chain(transaction.head)
        assert time.monotonic() - begun < 10
        assert "does not answer" in store.anchor_problem
        assert store.get("alerts_events", "one") is not None
    begun = time.monotonic()
    with pytest.raises(KeyUnavailable, match="does not answer"):
        Store.open(keychain_settings)
    assert time.monotonic() - begun < 10


def test_a_store_that_is_open_outlives_its_daemon(keychain_settings: Settings, desktop: Desktop) -> None:
    """Killed while the store is open: reads and writes go on, and it is said that nothing is anchored."""
    with Store.create(keychain_settings) as store:
        _write(store, ONE)
        desktop.kill_daemon()
        with store.transaction() as transaction:
            transaction.put("alerts_events", Record("two", {}))
            transaction.extend_chain(transaction.head)
        assert [one.key for one in store.records("alerts_events")] == ["one", "two"]
        assert "does not answer" in store.anchor_problem


def test_a_plaintext_backend_that_is_installed_is_not_used(tmp_path: Path) -> None:
    """Without a desktop `keyring` takes the plaintext file of keyrings.alt by itself; Escher refuses, and writes nothing."""
    script = (
        "import json, sys; from pathlib import Path\n"
        "from escher.errors import KeyUnavailable\n"
        "from escher.settings import Settings; from escher.store.vault import Store\n"
        "try:\n"
        "    Store.create(Settings(home=Path(sys.argv[1]) / 'home'))\n"
        "except KeyUnavailable as refusal:\n"
        "    said = refusal.message\n"
        "left = [str(path) for path in Path(sys.argv[1]).rglob('*') if path.is_file()]\n"
        "import keyring\n"
        "chosen = keyring.get_keyring()\n"
        "chosen = getattr(chosen, 'backends', [chosen])[0]\n"
        "chosen.set_password('other', 'ana', 'a secret')\n"
        "wrote = Path(chosen.file_path).read_text()\n"
        "print(json.dumps([said, type(chosen).__module__, type(chosen).__name__, left, wrote]))\n"
    )
    away = ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XDG_DATA_HOME", "XDG_CONFIG_HOME")
    bare = {name: value for name, value in os.environ.items() if name not in away} | {"HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], env=bare, capture_output=True, text=True, check=True
    )
    said, module, name, left, wrote = json.loads(done.stdout)
    assert (module, name) == ("keyrings.alt.file", "PlaintextKeyring")
    assert base64.encodebytes(b"a secret").decode().strip() in wrote
    assert said.startswith("there is no keychain here")
    assert left == []


def test_data_without_its_key_is_refused(keychain_settings: Settings) -> None:
    """The key was taken out of the keychain: no new one is made in its place."""
    Store.create(keychain_settings).close()
    entry, before = _entry(keychain_settings, "master-key"), keychain_settings.store_path.read_bytes()
    open_keychain().remove(entry)
    with pytest.raises(KeyUnavailable, match="no new one is made"):
        Store.open(keychain_settings)
    assert open_keychain().read(entry) is None
    assert keychain_settings.store_path.read_bytes() == before


@pytest.mark.parametrize("text", ["A" * 43 + "=", "no key"])
def test_another_key_in_the_keychain_is_refused(keychain_settings: Settings, text: str) -> None:
    """A key that is not this store's is told apart from a damaged store."""
    Store.create(keychain_settings).close()
    open_keychain().write(_entry(keychain_settings, "master-key"), text)
    with pytest.raises(WrongKey):
        Store.open(keychain_settings)


def test_a_poisoned_backend_is_never_asked(keychain_settings: Settings, tmp_path: Path) -> None:
    """A backend that the environment names is neither loaded nor given the key."""
    (tmp_path / "poison.py").write_text(
        "import keyring.backend, pathlib\n"
        "pathlib.Path(__file__).with_name('loaded').touch()\n"
        "class Keyring(keyring.backend.KeyringBackend):\n"
        "    priority = 99\n"
        "    def get_password(self, service, username): return None\n"
        "    def set_password(self, service, username, password): pass\n"
    )
    script = (
        "import sys; from pathlib import Path\n"
        "from escher.settings import Settings; from escher.store.vault import Store\n"
        "Store.create(Settings(home=Path(sys.argv[1]))).close()\n"
    )
    poisoned = {"PYTHON_KEYRING_BACKEND": "poison.Keyring", "PYTHONPATH": str(tmp_path)}
    subprocess.run([sys.executable, "-c", script, str(keychain_settings.home)], env=os.environ | poisoned, check=True)
    assert not (tmp_path / "loaded").exists()
    assert open_keychain().read(_entry(keychain_settings, "master-key"))
    assert SERVICE == "escher"


def test_an_older_copy_of_the_file_is_recognised(keychain_settings: Settings, tmp_path: Path) -> None:
    """The keychain remembers a later commit than the file that was put back."""
    path, copy = keychain_settings.store_path, tmp_path / "older"
    with Store.create(keychain_settings) as store:
        _write(store, ONE)
    shutil.copy(path, copy)
    with Store.open(keychain_settings) as store:
        _write(store, Record("two", {}))
    shutil.copy(copy, path)
    with Store.open(keychain_settings) as store:
        with pytest.raises(StoreRolledBack, match="1 commits older"):
            store.get("alerts_events", "one")
        with pytest.raises(StoreRolledBack), store.transaction() as transaction:
            transaction.put("alerts_events", ONE)


def test_a_store_ahead_of_its_anchor_opens(keychain_settings: Settings) -> None:
    """A crash between commit and anchor leaves the store ahead: nothing is wrong, and it is anchored again."""
    with Store.create(keychain_settings) as store:
        before = open_keychain().read(f"anchor {store.store_id}")
        _write(store, ONE)
    open_keychain().write(_entry(keychain_settings, "anchor"), str(before))
    with Store.open(keychain_settings) as store:
        assert store.get("alerts_events", "one") is not None
    assert open_keychain().read(_entry(keychain_settings, "anchor")) != before
