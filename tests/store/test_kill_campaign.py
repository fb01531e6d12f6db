"""kill -9 at any moment, a full disk and a read-only one: what was acknowledged is there, and what fails says why."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store.backup.archive import Archive
from escher.store.backup.folder import local_archives
from escher.store.chat import ChatStore
from escher.store.vault import Store
from tests.campaigns import FULL
from tests.store.attacked import NAMES
from tests.store.mixed_writer import MUTABLE, WRITERS

ROOT = Path(__file__).parent.parent.parent
KILLS = 100 if FULL else 5
Property = Callable[[str, object], None]


class Acknowledged:
    """What the killed writers said was done, and the one thing that each was at."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], str] = {}
        self.talks: dict[str, list[str]] = {}
        self.trail: set[str] = set()
        self.under_way: dict[str, dict[str, Any]] = {}
        self.killed_in: Counter[str] = Counter()

    def hear(self, lines: Iterable[str]) -> None:
        """Take in what one process said until it was killed."""
        running: set[str] = set()
        for line in lines:
            match json.loads(line):
                case ["intent", writer, intent]:
                    self.under_way[writer] = intent
                case ["done", writer]:
                    self._apply(self.under_way.pop(writer))
                case ["begin", what]:
                    running.add(what)
                case ["end", what]:
                    running.discard(what)
        self.killed_in.update(running)

    def settle(self, store: Store) -> None:
        """Find out whether what was under way was done, whole; a commit may come before its acknowledgement."""
        for writer in [*self.under_way]:
            intent = self.under_way.pop(writer)
            marker, turns = store.get("alerts_events", f"marker-{writer}"), _talk(store, writer)
            known = self.talks.get(f"{writer}-talk", [])
            if (
                ("mixed" in intent and marker is not None and marker.body["value"] == intent["mixed"])
                or ("talk" in intent and turns == [*known, intent["talk"]])
                or ("forget" in intent and not turns)
            ):
                self._apply(intent)

    def _apply(self, intent: dict[str, Any]) -> None:
        if "mixed" in intent:
            value = intent["mixed"]
            self.records |= dict.fromkeys(map(tuple, intent["puts"]), value)
            for collection, key in intent["deletes"]:
                self.records.pop((collection, key), None)
            self.records["alerts_events", f"marker-{value.split('-')[1]}"] = value
            self.trail.add(value)
        elif "talk" in intent:
            self.talks.setdefault(intent["context"], []).append(intent["talk"])
        else:
            self.talks.pop(intent["context"], None)


@pytest.mark.campaign
def test_what_was_acknowledged_survives_kill_9(settings: Settings, record_property: Property) -> None:
    """Killed during mixed writes, rotation and backup, again and again on one store: nothing is lost or unreadable."""
    rng, acknowledged = random.Random(6), Acknowledged()
    for turn in range(KILLS):
        acknowledged.hear(_killed(settings, turn, rng.random() / 2))
        with Store.open(settings) as store:
            acknowledged.settle(store)
            _check(store, acknowledged)
    record_property("cases", KILLS)
    record_property("killed in", dict(acknowledged.killed_in))
    record_property("acknowledged", len(acknowledged.trail))
    assert len(acknowledged.trail) > 2 * KILLS
    assert acknowledged.killed_in["rotation"] + acknowledged.killed_in["backup"] > KILLS // 4
    _check_rotation_ends(settings, acknowledged)
    _check_backups(settings)


def _killed(settings: Settings, turn: int, seconds: float) -> list[str]:
    """What a process said until it was killed, so many seconds after it was ready."""
    command = [sys.executable, "-m", "tests.store.mixed_writer", settings.home, settings.passphrase_file, turn]
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == '["ready"]\n'
        time.sleep(seconds)
        assert process.poll() is None, "the writer ended by itself"
        process.send_signal(signal.SIGKILL)
        return process.stdout.read().splitlines()


def _check(store: Store, acknowledged: Acknowledged) -> None:
    """Every record of every collection: those that were acknowledged with what was, and none besides."""
    found: dict[tuple[str, str], str] = {}
    for name in MUTABLE:
        for record in store.records(name):
            found[name, record.key] = record.body["value"]
            assert (record.vector or b"").hex() == record.body.get("vector", "")
    assert found == acknowledged.records
    assert {f"w{number}-talk": _talk(store, f"w{number}") for number in range(WRITERS)} == {
        f"w{number}-talk": acknowledged.talks.get(f"w{number}-talk", []) for number in range(WRITERS)
    }
    ledger = Ledger(store)
    assert {entry.event.subject for entry in ledger.entries()} == acknowledged.trail
    assert ledger.verify().status == "ok"


def _talk(store: Store, writer: str) -> list[str]:
    return [turn.content for turn in ChatStore(store).messages(f"{writer}-talk", 100_000)]


def _check_rotation_ends(settings: Settings, acknowledged: Acknowledged) -> None:
    """A rotation that was killed goes on and ends; then each collection has one key, which no other row outlives."""
    with Store.open(settings) as store:
        store.rotate()
        keys = {stats.name: stats.key_id for stats in store.stats()}
        assert keys.keys() == set(NAMES) and len(set(keys.values())) == len(NAMES)
        _check(store, acknowledged)
    import sqlite3

    connection = sqlite3.connect(settings.store_path)
    kept = dict(connection.execute("SELECT purpose, id FROM keys WHERE purpose != 'derivation'").fetchall())
    [[count]] = connection.execute("SELECT count(*) FROM keys").fetchall()
    connection.close()
    assert kept == keys and count == len(NAMES) + 1


def _check_backups(settings: Settings) -> None:
    """What is taken for a backup is whole, whatever drafts lie beside it."""
    archives = [Archive.open(path) for path in local_archives(settings.snapshots)]
    for archive in archives:
        archive.check_signature()
    records = [archive.manifest(archive.unlock(settings).master).records for archive in archives]
    assert max(records) > 0
    assert not any(archive.path.name.startswith(".") for archive in archives)


FULL_DISK = """
import json, sys
from pathlib import Path
from escher.errors import StoreError
from escher.settings import Settings
from escher.store.records import Record
from escher.store.vault import Store

disk = Path(sys.argv[1])
secret, ballast = disk / "passphrase", disk / "ballast"
secret.touch(mode=0o600)
secret.write_text("a passphrase\\n")
ballast.write_bytes(bytes(4_000_000))
settings = Settings(home=disk / "home", passphrase_file=secret)
written, refusals = 0, []

def write(store):
    global written
    with store.transaction() as within:
        within.put("alerts_events", *(Record(f"{written}-{n}", {"kind": "x", "text": "x" * 2_000}) for n in range(20)))
    written += 1

def fill(store):
    while True:
        try:
            write(store)
        except StoreError as refusal:
            return refusals.append(str(refusal))

with Store.create(settings) as store:
    fill(store)
    fill(store)
    counts = [store.count("alerts_events"), len(list(store.records("alerts_events")))]
    acknowledged = written
ballast.unlink()
with Store.open(settings) as store:
    counts += [store.count("alerts_events"), len(list(store.records("alerts_events")))]
    write(store)
    after = store.count("alerts_events")
print(json.dumps({"refusals": refusals, "acknowledged": acknowledged, "counts": counts, "after": after}))
"""
READ_ONLY = """
import json, sys
from pathlib import Path
from escher.errors import EscherError
from escher.settings import Settings
from escher.store.records import Record
from escher.store.vault import Store

home, secret = map(Path, sys.argv[1:])
found = []
for attempt in (Store.open, Store.create):
    try:
        with attempt(Settings(home=home, passphrase_file=secret)) as store:
            found.append(["read", len(list(store.records("alerts_events")))])
            with store.transaction() as within:
                within.put("alerts_events", Record("new", {}))
    except EscherError as refusal:
        found.append([refusal.code, str(refusal)])
    home = home.with_name("other")
print(json.dumps(found))
"""


def test_a_full_disk_is_named_and_harms_nothing(requires: Callable[[str, str], str], tmp_path: Path) -> None:
    """Nothing of the write that did not fit is there, all before it is; with room again the store goes on."""
    disk = tmp_path / "disk"
    disk.mkdir()
    bwrap = [requires("bwrap", "bubblewrap"), "--dev-bind", "/", "/", "--size", "7000000", "--tmpfs", str(disk)]
    found = json.loads(_run([*bwrap, sys.executable, "-c", FULL_DISK, str(disk)]))
    expected = 20 * found["acknowledged"]
    assert found["acknowledged"] > 10
    assert found["counts"] == [expected] * 4 and found["after"] == expected + 20
    assert all("the disk is full; nothing was written" in text and str(disk) in text for text in found["refusals"])
    assert len(found["refusals"]) == 2


def test_a_read_only_home_is_named(requires: Callable[[str, str], str], settings: Settings, tmp_path: Path) -> None:
    """A store there is not written and none is made; the error names the file or the folder."""
    home, before = settings.home, settings.store_path.read_bytes()
    folder = str(home.parent)
    bwrap = [requires("bwrap", "bubblewrap"), "--dev-bind", "/", "/", "--ro-bind", folder, folder]
    script = [sys.executable, "-c", READ_ONLY, str(home), str(settings.passphrase_file)]
    *read, (code, text), (created, why) = json.loads(_run([*bwrap, *script]))
    assert (code, created) == ("storage", "storage") and str(settings.store_path) in text
    assert "ESCHER_HOME" in why and read in ([], [["read", 0]])
    assert settings.store_path.read_bytes() == before


def _run(command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
