"""At rest: of 200 canaries and their vectors nothing can be found in any file, at any moment of a store's life."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from escher.settings import Settings
from escher.store.collections import COLLECTIONS
from escher.store.vault import Store
from escher.vectors.private_folder import memory_root
from tests.campaigns import FULL
from tests.store.canaries import Canaries, Detector, files_under
from tests.store.filling import fill_raw, fill_views

pytestmark = pytest.mark.campaign
ROOT = Path(__file__).parent.parent.parent
CANARIES = 200
SECONDS = 30 if FULL else 2
MEMORY = Path("/dev/shm")
ROOM = 256 * 1024 * 1024
Property = Callable[[str, object], None]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of this test and of its children; their temporary and runtime folders are in it too."""
    (tmp_path / "tmp").mkdir()
    (tmp_path / "runtime").mkdir(mode=0o700)
    monkeypatch.setattr(tempfile, "tempdir", None)
    for name, folder in (
        ("HOME", "."),
        ("TMPDIR", "tmp"),
        ("XDG_RUNTIME_DIR", "runtime"),
        ("ESCHER_HOME", "copy/home"),
    ):
        monkeypatch.setenv(name, str(tmp_path / folder))
    return tmp_path


def test_every_field_of_every_collection(home: Path, settings: Settings, record_property: Property) -> None:
    """A canary in each, as a raw record: no trace while the store is open, nor when it is closed; all can be read."""
    canaries = Canaries()
    with Store.open(settings) as store:
        fill_raw(store, canaries)
        detector = Detector(canaries.words, canaries.vectors)
        assert detector.hits_under(home) == {}
        assert {path.suffix for path, _ in files_under(home)} >= {".db", ".db-wal", ".db-shm"}
    assert detector.hits_under(home) == {}
    with Store.open(settings) as store:
        dump = json.dumps([[one.key, one.body] for name in COLLECTIONS for one in store.records(name)])
        vectors = b"".join(record.vector or b"" for name in COLLECTIONS for record in store.records(name))
        for name, collection in COLLECTIONS.items():
            [record] = store.records(name)
            missing = [
                field for field in collection.fields if not Detector(canaries.words).hits(_field(record.body, field))
            ]
            assert missing == []
    _assert_complete(detector.hits(dump.encode() + vectors), canaries)
    record_property("cases", len(canaries.words) + len(canaries.vectors))


@pytest.mark.parametrize("end", ["killed", "stopped"])
def test_nothing_is_left_anywhere(home: Path, settings: Settings, record_property: Property, end: str) -> None:
    """Through every typed view: during searches, rotation, backups and errors, and a second after the end of the process.

    While it runs they are in the memory file system, where the index is: the detector sees them there.
    """
    canaries = Canaries()
    with Store.open(settings) as store:
        fill_views(store, canaries)
    assert len(canaries.words) >= CANARIES
    before = {*MEMORY.iterdir()}
    detector = Detector(canaries.words, canaries.vectors)
    looks = 0
    with _living(home, settings) as process:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            assert detector.hits_under(home) == {}
            looks += 1
        if memory_root(ROOM) == MEMORY:
            assert detector.hits_under(*_memory_of(process.pid))
        _end(process, end)
    time.sleep(1)
    assert detector.hits_under(home, *_new_in_memory(before)) == {}
    assert _memory_of(process.pid) == []
    assert [*settings.snapshots.iterdir()], "no backup was made"
    assert (home / "process.log").stat().st_size > 1_000
    _assert_all_is_kept(settings, canaries)
    record_property("cases", len(canaries.words) + len(canaries.vectors))
    record_property("looks", looks)


@contextmanager
def _living(home: Path, settings: Settings) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.store.canary_life", str(settings.home), str(settings.passphrase_file)]
    with (home / "stderr.txt").open("w") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=home,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "at work\n", (home / "stderr.txt").read_text()
        yield process
    finally:
        process.kill()
        process.communicate()


def _end(process: subprocess.Popen[str], end: str) -> None:
    if end == "killed":
        process.send_signal(signal.SIGKILL)
        process.wait()
    else:
        process.communicate("stop\n", timeout=60)
        assert process.returncode == 0


def _memory_of(pid: int) -> list[Path]:
    return [*MEMORY.glob(f"escher-*-{pid}-*")]


def _new_in_memory(before: set[Path]) -> list[Path]:
    """What came into the memory file system meanwhile, but for the indexes of other tests' processes."""
    return [path for path in MEMORY.iterdir() if path not in before and not path.name.startswith("escher-")]


def _field(body: dict[str, object], field: str) -> bytes:
    part, _, inner = field.partition(".")
    value = body[part]
    return json.dumps(value[inner] if inner and isinstance(value, dict) else value).encode()


def _assert_all_is_kept(settings: Settings, canaries: Canaries) -> None:
    """The positive control: in a dump of what can be read with the key, every canary is found."""
    with Store.open(settings) as store:
        records = [record for name in COLLECTIONS for record in store.records(name)]
    dump = b"\0".join(json.dumps([record.key, record.body]).encode() + (record.vector or b"") for record in records)
    _assert_complete(Detector(canaries.words, canaries.vectors).hits(dump), canaries)


def _assert_complete(hits: set[str], canaries: Canaries) -> None:
    found = {hit.rpartition(" (")[0] for hit in hits}
    assert {*canaries.words, *(f"vector {number}" for number in range(len(canaries.vectors)))} - found == set()
