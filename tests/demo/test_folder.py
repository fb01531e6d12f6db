"""The demo's folder: whose it is, and who holds it."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import pytest

from escher.demo import lock
from escher.demo.folder import CloudState, DemoFolder, Roster, demo_folder, write_private
from escher.errors import ConfigurationError


def test_a_folder_of_somebody_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    """Neither making nor removing touches a folder that holds other things."""
    (tmp_path / "thesis.txt").write_text("years of work")
    folder = DemoFolder(tmp_path)
    with pytest.raises(ConfigurationError):
        folder.create()
    folder.remove()
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_cloud_lives_as_long_as_its_lock(tmp_path: Path) -> None:
    """A state file without a holder of the lock is what a crash left, and says nothing."""
    folder = DemoFolder(tmp_path / "demo")
    folder.create()
    state = CloudState(pid=1, endpoint="http://127.0.0.1:1")
    folder.cloud("aws").announce(state)
    assert folder.cloud("aws").running() is None
    held = lock.take(folder.cloud("aws").lock_file)
    assert held is not None
    assert folder.cloud("aws").running() == state
    assert lock.take(folder.cloud("aws").lock_file) is None
    held.close()
    assert not folder.cloud("aws").held()


def test_the_clouds_are_up_when_each_of_them_is(tmp_path: Path) -> None:
    """One that died, or is not ready yet, makes the whole demo count as down."""
    folder = DemoFolder(tmp_path / "demo")
    folder.create()
    folder.keep_roster(Roster(("aws", "gcp"), {"azure": "It is not installed."}))
    aws, gcp = CloudState(1, "http://127.0.0.1:1"), CloudState(2, "http://127.0.0.1:2", credentials="key.json")
    with opened(folder, "aws"):
        folder.cloud("aws").announce(aws)
        assert folder.running() is None
        with opened(folder, "gcp"):
            folder.cloud("gcp").announce(gcp)
            assert folder.running() == {"aws": aws, "gcp": gcp}
        assert folder.running() is None


def opened(folder: DemoFolder, cloud: str) -> IO[bytes]:
    """The lock of a cloud, as its process holds it."""
    held = lock.take(folder.cloud(cloud).lock_file)
    assert held is not None
    return held


def test_removing_leaves_nothing(tmp_path: Path) -> None:
    """What the demo made goes, the folder too."""
    folder = DemoFolder(tmp_path / "demo")
    folder.create()
    folder.escher_home.mkdir()
    write_private(folder.passphrase, "secret")
    assert folder.passphrase.stat().st_mode & 0o777 == 0o600
    assert folder.root.stat().st_mode & 0o777 == 0o700
    folder.remove()
    assert not folder.root.exists()


def test_the_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is given wins over `ESCHER_DEMO_HOME`, and that over the user's home."""
    monkeypatch.setenv("ESCHER_DEMO_HOME", str(tmp_path / "named"))
    assert demo_folder().root == tmp_path / "named"
    assert demo_folder(tmp_path / "given").root == tmp_path / "given"
    monkeypatch.delenv("ESCHER_DEMO_HOME")
    assert demo_folder().root == Path.home() / ".escher-demo"
