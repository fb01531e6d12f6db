"""Checkpoints are kept in a second place, too, which speaks against a store that was put back or written anew."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from escher.contract.audit import AuditEvent, Verification
from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store.vault import Store

APPENDER = """
import sys
from pathlib import Path
from tests.ledger.test_second_place import write
from escher.settings import Settings

write(Settings(home=Path(sys.argv[1]), passphrase_file=Path(sys.argv[2])), Path(sys.argv[3]), 250)
"""


def write(settings: Settings, folder: Path, number: int, word: str = "run") -> None:
    """One session: some entries in transactions of their own, signed at its end."""
    with Store.open(settings) as store:
        ledger = Ledger(store, second_place=folder)
        for one in range(number):
            ledger.append(AuditEvent(type="started", at="2026-01-02T03:04:05Z", actor="ana", subject=f"{word}-{one}"))
        ledger.checkpoint()


def _verify(settings: Settings, folder: Path) -> Verification:
    with Store.open(settings) as store:
        return Ledger(store, second_place=folder).verify()


def _put_back(settings: Settings, copy: Path) -> None:
    for beside in settings.store_path.parent.glob("escher.db*"):
        beside.unlink()
    shutil.copy(copy, settings.store_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that stands for a disk which others keep."""
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere"


def _lines(folder: Path) -> list[str]:
    [path] = folder.iterdir()
    return path.read_text().splitlines()


def test_each_checkpoint_is_there_once_and_vouches(settings: Settings, folder: Path) -> None:
    """A line each, for the owner alone; without a keychain the second place is what remembers the store."""
    write(settings, folder, 150)
    write(settings, folder, 150)
    assert len(_lines(folder)) == _verify(settings, folder).checkpoints >= 4
    assert next(folder.iterdir()).stat().st_mode & 0o777 == 0o600
    found = _verify(settings, folder)
    assert (found.status, found.notes) == ("ok", ())
    assert "the second place does, up to entry 300" in found.message


def test_an_older_copy_is_noticed_without_a_keychain(settings: Settings, folder: Path, tmp_path: Path) -> None:
    """A file put back whole is cut short; continued from there it is another trail."""
    write(settings, folder, 20)
    shutil.copy(settings.store_path, tmp_path / "older")
    write(settings, folder, 5)
    _put_back(settings, tmp_path / "older")
    found = _verify(settings, folder)
    assert (found.status, found.entries, found.first_bad_entry) == ("truncated", 20, 21)
    write(settings, folder, 5, "another history")
    found = _verify(settings, folder)
    assert (found.status, found.first_bad_entry) == ("tampered", 21)
    write(settings, folder, 200, "another history")
    assert _verify(settings, folder).status == "tampered"


def test_a_second_place_that_is_away_holds_nothing_up(settings: Settings, folder: Path) -> None:
    """The trail goes on and says so; when the place is back, what is missing is added."""
    write(settings, folder, 30)
    away = folder.rename(folder.with_name("not mounted"))
    write(settings, folder, 130)
    found = _verify(settings, folder)
    assert found.status == "ok" and "says nothing" in found.notes[-1] and not folder.exists()
    away.rename(folder)
    assert "up to entry 30 only" in _verify(settings, folder).notes[0]
    write(settings, folder, 1)
    found = _verify(settings, folder)
    assert (found.status, found.notes, len(_lines(folder))) == ("ok", (), found.checkpoints)


def test_a_file_in_the_folders_place_holds_nothing_up(settings: Settings, tmp_path: Path) -> None:
    """Whatever else is there, entries are written and signed."""
    (tmp_path / "file").touch()
    write(settings, tmp_path / "file", 3)
    found = _verify(settings, tmp_path / "file")
    assert (found.status, found.signed_entries) == ("ok", 3) and found.notes


def test_lines_of_others_prove_nothing(settings: Settings, folder: Path) -> None:
    """What this store did not sign is told, and the trail stays in order; a line that a crash cut is ended."""
    write(settings, folder, 10)
    [path] = folder.iterdir()
    whole = path.read_text()
    path.write_text(whole + whole.replace('"entries":10', '"entries":99') + "{}\n\n" + whole[:50])
    write(settings, folder, 10)
    found = _verify(settings, folder)
    assert found.status == "ok" and "did not write whole" in found.notes[0]
    assert path.read_text().splitlines()[-1].startswith('{"at":')
    assert "up to entry 20" in found.message


def test_checkpoints_taken_out_there_are_told(settings: Settings, folder: Path) -> None:
    """A second place that lost its last lines knows less; that is no fault of the trail."""
    write(settings, folder, 10)
    write(settings, folder, 10)
    [path] = folder.iterdir()
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    found = _verify(settings, folder)
    assert found.status == "ok" and "up to entry 10 only" in found.notes[0]


def test_processes_share_it(settings: Settings, folder: Path) -> None:
    """Two processes at once leave every checkpoint there, each once and in order."""
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-c", APPENDER, str(settings.home), str(settings.passphrase_file), str(folder)]
    appenders = [subprocess.Popen(command, cwd=root) for _ in range(2)]
    assert [appender.wait(timeout=120) for appender in appenders] == [0, 0]
    found = _verify(settings, folder)
    assert (found.status, found.entries, found.notes) == ("ok", 500, ())
    assert len(set(_lines(folder))) == len(_lines(folder)) == found.checkpoints
