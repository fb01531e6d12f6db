"""A session whose store another process has replaced opens it anew by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import escher
from escher.session.current import close_session, open_session
from escher.settings import Settings
from escher.store.vault import Store


@pytest.fixture
def home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A home that this process's session uses."""
    monkeypatch.setenv("ESCHER_HOME", str(settings.home))
    monkeypatch.setenv("ESCHER_PASSPHRASE_FILE", str(settings.passphrase_file))
    yield settings
    close_session()


def test_a_new_master_key_by_another_process_is_taken_up(home: Settings) -> None:
    """The next call has the new key, and can make data keys under it; without one the session stays as it is."""
    before = open_session()
    with Store.open(home) as other, other.transaction() as within:
        within.changed = True
    assert open_session() is before
    rotated = subprocess.run(
        [sys.executable, "-m", "escher.cli", "keys", "rotate", "--master"], env=os.environ, check=True
    )
    assert rotated.returncode == 0
    after = open_session()
    assert after is not before
    assert after.keys.rotate()["dropped_keys"] == 6
    assert len(escher.runs()) == 0


def test_another_file_in_the_place_of_the_store_is_taken_up(home: Settings, tmp_path: Path) -> None:
    """As a restore swaps it in: the next call reads the new file."""
    before = open_session()
    shutil.copy(home.store_path, tmp_path / "newer")
    (tmp_path / "newer").replace(home.store_path)
    assert len(escher.runs()) == 0
    assert open_session() is not before
