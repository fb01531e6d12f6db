"""Several processes at one store, and processes that die."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.records import Record
from escher.store.vault import Store

WRITER = """
import sys
from pathlib import Path
from escher.settings import Settings
from escher.store.records import Record
from escher.store.vault import Store

home, secret, name, count = sys.argv[1:]
with Store.open(Settings(home=Path(home), passphrase_file=Path(secret))) as store:
    for number in range(int(count)):
        with store.transaction() as within:
            within.put("alerts_events", Record(f"{name}-{number}", {"number": number, "text": "x" * 500}))
            within.put("chat_history", Record(f"{name}-{number}", {"number": number}))
        print(number, flush=True)
"""

CREATOR = """
import sys
from pathlib import Path
from escher.errors import StoreError
from escher.settings import Settings
from escher.store.vault import Store

try:
    print(Store.create(Settings(home=Path(sys.argv[1]), passphrase_file=Path(sys.argv[2]))).store_id)
except StoreError as refusal:
    print(refusal.code)
"""

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    """Starts a Python program with the store's home and passphrase as its first arguments."""
    running: list[subprocess.Popen[str]] = []

    def run(script: str, *words: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", script, settings.home, settings.passphrase_file, *words]
        process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True)
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def test_two_processes_write_at_once(settings: Settings, start: Start) -> None:
    """Both write hundreds of times; every record of both is there once."""
    writers = [start(WRITER, name, 200) for name in ("one", "two")]
    for writer in writers:
        writer.communicate(timeout=120)
        assert writer.returncode == 0
    with Store.open(settings) as store:
        assert store.count("alerts_events") == store.count("chat_history") == store.sequence == 400
        assert len({record.key for record in store.records("alerts_events")}) == 400


def test_one_process_follows_another(store: Store, start: Start) -> None:
    """What another process commits is in the change feed at once."""
    writer = start(WRITER, "other", 3)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "0\n"
    changes, sequence = store.changes("alerts_events", 0)
    assert [change.key for change in changes[:1]] == ["other-0"]
    writer.communicate(timeout=60)
    later, _ = store.changes("alerts_events", sequence)
    assert [change.key for change in [*changes, *later]] == ["other-0", "other-1", "other-2"]


def test_two_open_stores_follow_each_other(settings: Settings) -> None:
    """A snapshot in one follows additions and deletions of the other."""
    with Store.open(settings) as one, Store.open(settings) as other:
        watched = EstateStore(other)
        assert watched.scopes() == []
        with one.transaction() as within:
            within.put("alerts_events", Record("k", {"kind": "rule"}))
        assert other.sequence == 1
        with other.transaction() as within:
            within.delete("alerts_events", "k")
        assert one.get("alerts_events", "k") is None


def test_a_killed_writer_loses_nothing_it_acknowledged(settings: Settings, start: Start) -> None:
    """After kill -9 every record whose commit had returned is there, whole, in all collections, and the store checks."""
    rng = random.Random(5)
    for turn in range(4):
        writer = start(WRITER, f"w{turn}", 100_000)
        assert writer.stdout is not None
        acknowledged = int(writer.stdout.readline())
        time.sleep(rng.random() / 5)
        writer.send_signal(signal.SIGKILL)
        for line in writer.stdout.read().splitlines():
            acknowledged = max(acknowledged, int(line))
        with Store.open(settings) as store:
            for collection in ("alerts_events", "chat_history"):
                kept = {record.key for record in store.records(collection)}
                assert {f"w{turn}-{number}" for number in range(acknowledged + 1)} <= kept
            assert store.count("alerts_events") == store.count("chat_history") == store.sequence


def test_one_of_two_creators_wins(settings: Settings, start: Start) -> None:
    """Two processes that create the same store leave one store; the other is told so."""
    settings.store_path.unlink()
    answers = sorted(creator.communicate(timeout=60)[0].strip() for creator in [start(CREATOR), start(CREATOR)])
    with Store.open(settings) as store:
        assert answers == sorted([store.store_id, "storage"])
    assert [path.name for path in settings.store_path.parent.glob("*escher.db*")] == ["escher.db"]
