"""Real stores for the tests of this room: in a private folder, opened by a passphrase or by a real keychain."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import secretstorage
from jeepney.bus_messages import message_bus

from escher.contract.estate import Resource
from escher.settings import Settings
from escher.store import passphrase
from escher.store.vault import Store


def passphrase_settings(folder: Path) -> Settings:
    """Settings with a home and a passphrase of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "passphrase"
    secret.touch(mode=0o600)
    secret.write_text("correct horse battery staple\n")
    return Settings(home=folder / "home", passphrase_file=secret)


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a passphrase and an empty store, to copy. Its passphrase costs little, as nobody attacks it."""
    folder = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as cheaper:
        cheaper.setattr(passphrase, "ITERATIONS", 1)
        cheaper.setattr(passphrase, "MEMORY_KIB", 64)
        Store.create(passphrase_settings(folder)).close()
    return folder


@pytest.fixture
def settings(empty_home: Path, tmp_path: Path) -> Settings:
    """Settings of an existing, empty store."""
    shutil.copytree(empty_home, tmp_path / "copy")
    return passphrase_settings(tmp_path / "copy")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """An empty store, open."""
    with Store.open(settings) as opened:
        yield opened


@pytest.fixture
def resource() -> Callable[..., Resource]:
    """Makes EC2 instances that differ by number."""

    def make(number: int = 1, **values: object) -> Resource:
        defaults: dict[str, object] = {
            "provider": "aws",
            "account_id": "111111111111",
            "region": "us-east-1",
            "resource_type": "aws_ec2_instance",
            "kind": "compute_instance",
            "resource_id": f"arn:aws:ec2:us-east-1:111111111111:instance/i-{number:08x}",
            "identifier": f"i-{number:08x}",
            "name": f"web-{number}",
            "state": "running",
            "tags": {"env": "dev", "owner": "ana"},
            "attributes": {"instance_type": "t3.large", "size_gib": 8},
            "last_synced": 1_700_000_000,
        }
        return Resource(**{**defaults, **values})  # type: ignore[arg-type] a test may give any field

    return make


class Desktop:
    """A private message bus and the gnome-keyring daemon on it, as after a log-in."""

    def __init__(self) -> None:
        self._processes: list[subprocess.Popen[bytes]] = []

    def start_bus(self) -> str:
        """Start a message bus; its address."""
        command = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
        bus = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._processes.append(bus)
        assert bus.stdout is not None
        return bus.stdout.readline().decode().strip()

    def start_daemon(self, password: str) -> None:
        """Start the keyring daemon, unlocked by a password; the first one becomes the keyring's own."""
        command = ["gnome-keyring-daemon", "--foreground", "--replace", "--unlock", "--components=secrets"]
        daemon = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._processes.append(daemon)
        assert daemon.stdin is not None
        daemon.stdin.write(password.encode())
        daemon.stdin.close()
        _wait_for("org.freedesktop.secrets", daemon.pid)

    def kill_daemon(self) -> None:
        """Kill the keyring daemon as a crash would."""
        daemon = self._processes.pop()
        daemon.kill()
        daemon.wait()

    def freeze_daemon(self) -> None:
        """Stop the keyring daemon where it is, so that it answers nothing any more."""
        self._processes[-1].send_signal(signal.SIGSTOP)

    def stop(self) -> None:
        """End everything that was started here."""
        for process in reversed(self._processes):
            process.kill()
            process.wait()


def _wait_for(name: str, pid: int) -> None:
    """Wait until a process has a name on the bus; a daemon that the bus started by itself may have had it."""
    deadline = time.monotonic() + 30
    with closing(secretstorage.dbus_init()) as connection:
        while time.monotonic() < deadline:
            if connection.send_and_get_reply(message_bus.GetConnectionUnixProcessID(name)).body == (pid,):
                return
            time.sleep(0.05)
    raise AssertionError(f"{name} did not come up")


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, requires: Callable[[str, str], str]) -> Iterator[Desktop]:
    """A message bus of this test's own, without a keyring daemon yet and without a screen."""
    requires("dbus-daemon", "dbus")
    requires("gnome-keyring-daemon", "gnome-keyring")
    (tmp_path / "desktop" / "runtime").mkdir(parents=True, mode=0o700)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "desktop"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "desktop" / "data"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "desktop" / "runtime"))
    session = Desktop()
    try:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session.start_bus())
        yield session
    finally:
        session.stop()


@pytest.fixture
def keychain_settings(desktop: Desktop, tmp_path: Path) -> Settings:
    """Settings that use a real, unlocked keychain."""
    desktop.start_daemon("log-in password")
    return Settings(home=tmp_path / "home")


@pytest.fixture
def execute() -> Callable[..., None]:
    """Runs a statement on a store's file behind the store's back."""

    def run(settings: Settings, statement: str, *values: object) -> None:
        with closing(sqlite3.connect(settings.store_path)) as connection, connection:
            connection.execute(statement, values)

    return run
