"""New data keys while others read and write, across crashes, and nothing of the old ones afterwards."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

import pytest

from escher.contract.audit import AuditEvent
from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store import keys, transaction
from escher.store.collections import CollectionName
from escher.store.mirror import Mirror
from escher.store.records import Record
from escher.store.vault import Store

RECORDS = 1_200
ROOT = Path(__file__).parent.parent.parent
FULL_DISK = """
import json, shutil, sys
from pathlib import Path
from escher.errors import StoreError
from escher.settings import Settings
from escher.store.records import Record
from escher.store.vault import Store

disk, fixture, secret = map(Path, sys.argv[1:])
settings, found = Settings(home=disk / "home", passphrase_file=secret), []
settings.store_path.parent.mkdir(parents=True)
shutil.copy(fixture, settings.store_path)
ballast = disk / "ballast"

def content(store):
    return {name: sorted((one.key, one.body["n"]) for one in store.records(name)) for name in store._sealers}

with Store.open(settings) as store:
    before = content(store)
for room in range(100_000, 20_000_000, 400_000):
    ballast.unlink(missing_ok=True)
    ballast.write_bytes(bytes(max(0, shutil.disk_usage(disk).free - room)))
    with Store.open(settings) as store:
        try:
            rotation = store.rotate()
            found.append([rotation.compacted, list(rotation.resumed)])
            if rotation.compacted:
                break
        except StoreError as refusal:
            found.append([refusal.message, refusal.hint])
        assert content(store) == before
with Store.open(settings) as store:
    assert content(store) == before
print(json.dumps(found))
"""


def _fill(store: Store) -> None:
    with store.transaction() as within:
        for name in get_args(CollectionName):
            within.put(name, *(Record(f"r{number}", {"n": number}) for number in range(RECORDS)))
        within.retire("cloud_estate", "r0")


def _everything(store: Store) -> dict[str, dict[str, Any]]:
    return {name: {one.key: one.body for one in store.records(name)} for name in get_args(CollectionName)}


def _keys(settings: Settings) -> set[int]:
    with closing(sqlite3.connect(settings.store_path)) as connection:
        return {key_id for (key_id,) in connection.execute("SELECT id FROM keys WHERE purpose != 'derivation'")}


def test_every_record_is_under_a_new_key(store: Store, settings: Settings) -> None:
    """Six new keys, the old six dropped, every record and tombstone as it was, and progress told."""
    _fill(store)
    before, old, told = _everything(store), _keys(settings), list[dict[str, Any]]()
    rotation = store.rotate(lambda event: told.append(dict(event)))
    assert set(rotation.dropped_keys) == old
    assert rotation.records == 6 * RECORDS and not rotation.resumed
    assert not _keys(settings) & old and len(_keys(settings)) == 6
    assert _everything(store) == before
    assert told[-1] == {"type": "rotation", "collection": "user_playbooks", "done": RECORDS, "total": RECORDS}
    with Store.open(settings) as again:
        assert _everything(again) == before


def test_followers_see_no_change(store: Store) -> None:
    """What follows a collection keeps what it has: rotation changes no record."""
    _fill(store)
    mirror = Mirror(store, "cloud_estate", lambda record: record.body)
    before = mirror.current()
    store.rotate()
    assert mirror.current() is before


def test_nothing_of_the_old_ciphertext_is_in_the_file(store: Store, settings: Settings) -> None:
    """Old values and old wrapped keys are in no page and in no log any more."""
    _fill(store)
    with closing(sqlite3.connect(settings.store_path)) as connection:
        sealed = [row[0] for row in connection.execute("SELECT sealed FROM cloud_estate LIMIT 50")]
        wrapped = [row[0] for row in connection.execute("SELECT wrapped FROM keys WHERE purpose != 'derivation'")]
    store.rotate()
    left = b"".join(path.read_bytes() for path in settings.store_path.parent.iterdir())
    assert not [value for value in [*sealed, *wrapped] if value in left]


def test_another_process_that_was_open_goes_on(store: Store, settings: Settings) -> None:
    """A store opened before the rotation reads and writes after it, also what is under keys it never knew."""
    _fill(store)
    with Store.open(settings) as other:
        assert other.count("cloud_estate") == RECORDS - 1
        store.rotate()
        store.rotate()
        assert other.get("cloud_estate", "r7") is not None
        with other.transaction() as within:
            within.put("cloud_estate", Record("from the other", {}))
        assert store.get("cloud_estate", "from the other") is not None
        assert len(list(other.records("chat_history"))) == RECORDS


def test_readers_and_writers_go_on_during_it(store: Store, settings: Settings) -> None:
    """Threads read and append all the time; nothing fails and nothing is missing."""
    _fill(store)
    done, written = threading.Event(), list[int]()
    ledger = Ledger(store)
    event = AuditEvent(type="started", at="2026-01-01T00:00:00Z", actor="ana", subject="run")

    def write() -> None:
        while not done.is_set():
            written.append(ledger.append(event))
            assert store.get("cloud_estate", "r9") is not None

    with ThreadPoolExecutor() as pool:
        writing = pool.submit(write)
        for _ in range(3):
            store.rotate()
        done.set()
        writing.result()
    assert written == list(range(1, len(written) + 1))
    assert ledger.verify().status == "ok" and len(_keys(settings)) == 6


def test_a_killed_rotation_goes_on(settings: Settings) -> None:
    """Killed in the middle of a collection, a rotation is finished by the next call, and says so."""
    with Store.open(settings) as store:
        _fill(store)
        before = _everything(store)
    script = (
        "import os, sys; from pathlib import Path\n"
        "from escher.settings import Settings; from escher.store.vault import Store\n"
        "def kill(event):\n"
        "    if event['collection'] == 'chat_history': os.kill(os.getpid(), 9)\n"
        "Store.open(Settings(home=Path(sys.argv[1]), passphrase_file=Path(sys.argv[2]))).rotate(kill)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(settings.home), str(settings.passphrase_file)], check=False
    )
    assert done.returncode == -9
    with Store.open(settings) as store:
        assert _everything(store) == before
        assert store.rotate().resumed == ("chat_history",)
        assert _everything(store) == before
    assert len(_keys(settings)) == 6


def test_two_rotations_at_once_do_one_work(store: Store, settings: Settings) -> None:
    """Whoever comes second helps or finds it done; all records stay readable."""
    _fill(store)
    before = _everything(store)
    with Store.open(settings) as other:
        threads = [threading.Thread(target=one.rotate) for one in (store, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert _everything(other) == _everything(store) == before
    assert len(_keys(settings)) == 6


def test_a_key_that_sealed_enough_is_replaced(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After so many writes a collection gets another key by itself; a rotation then drops both."""
    monkeypatch.setattr(transaction, "WRITES_PER_KEY", 10)
    with store.transaction() as within:
        within.put("chat_history", *(Record(f"r{number}", {}) for number in range(25)))
    assert len(_keys(settings)) == 8
    monkeypatch.undo()
    assert store.count("chat_history") == len(list(store.records("chat_history"))) == 25
    store.rotate()
    assert len(_keys(settings)) == 6
    chat = next(one for one in store.stats() if one.name == "chat_history")
    assert (chat.records, chat.writes) == (25, 25) and chat.key_made_at > 1_700_000_000


def test_what_was_asked_for_before_is_read_after(store: Store, settings: Settings) -> None:
    """Records that are decrypted one by one can be read to their end, although their key was dropped meanwhile."""
    _fill(store)
    with Store.open(settings) as other:
        reading = [one.records(name) for one in (store, other) for name in get_args(CollectionName)]
        store.rotate()
        store.rotate()
        assert {len(list(records)) for records in reading} == {RECORDS, RECORDS - 1}


def test_a_trail_is_checked_while_others_rotate(store: Store, settings: Settings) -> None:
    """Entries under a key that came and went in another process meanwhile are not taken for altered ones."""
    _fill(store)
    with Store.open(settings) as other:
        store.rotate()
        head, records = other.survey("immutable_reports")
        store.rotate()
        assert head is not None and sum(record is not None for record in records) == RECORDS


def test_whoever_is_busy_does_not_make_it_fail(store: Store, settings: Settings) -> None:
    """While somebody reads, the file cannot be written anew; the keys are replaced, and closing does the rest."""
    _fill(store)
    with closing(sqlite3.connect(settings.store_path)) as connection:
        sealed = [row[0] for row in connection.execute("SELECT sealed FROM cloud_estate LIMIT 50")]
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM keys").fetchall()
        start = time.monotonic()
        rotation = store.rotate()
        assert not rotation.compacted and len(rotation.dropped_keys) == 6 and time.monotonic() - start < 20
    with Store.open(settings) as other:  # so that the log is not emptied by being the last to close
        assert not store._refusal
        store.close()
        left = b"".join(path.read_bytes() for path in settings.store_path.parent.iterdir())
        assert other.count("cloud_estate") == RECORDS - 1
    assert not [value for value in sealed if value in left]


def test_a_full_disk_stops_it_and_room_lets_it_go_on(
    settings: Settings, requires: Callable[[str, str], str], tmp_path: Path
) -> None:
    """With room for some batches only, an error says so and every record can be read; later it goes on and ends."""
    with Store.open(settings) as store:
        _fill(store)
    disk = tmp_path / "disk"
    disk.mkdir()
    bwrap = [requires("bwrap", "bubblewrap"), "--dev-bind", "/", "/", "--size", "25000000", "--tmpfs", str(disk)]
    words = [sys.executable, "-c", FULL_DISK, str(disk), str(settings.store_path), str(settings.passphrase_file)]
    done = subprocess.run([*bwrap, *words], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    *earlier, last = json.loads(done.stdout)
    assert [
        "the disk is full; nothing was written.",
        f"Free some space on the disk of {disk / 'home' / 'data' / 'escher.db'}.",
    ] in earlier
    assert last[0] is True


def test_a_key_id_is_never_given_twice(store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """An id that another key has is not taken for a new one, however unlikely that is."""
    used = min(_keys(settings))
    drawn = iter([used - keys.DERIVATION_KEY_ID - 1] * 3 + list(range(100)))
    monkeypatch.setattr("secrets.randbelow", lambda most: next(drawn))
    _fill(store)
    assert used in store.rotate().dropped_keys
    assert len(_keys(settings)) == 6 and store.count("chat_history") == RECORDS


def test_nothing_depends_on_the_clock(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set back by ten years between commits, the clock changes neither order nor content, nor who is the newest."""
    now = time.time()
    for turn, moment in enumerate((now, now - 315_360_000, now - 1)):
        monkeypatch.setattr(time, "time", lambda moment=moment: moment)
        with Store.open(settings) as store:
            with store.transaction() as within:
                within.put("alerts_events", Record("one", {"turn": turn}), Record(f"r{turn}", {}))
            assert store.rotate().records >= turn
    with Store.open(settings) as store:
        assert store.get("alerts_events", "one") == Record("one", {"turn": 2}, version=3, sequence=_last_write(store))
        assert [record.key for record in store.records("alerts_events")] == ["one", "r0", "r1", "r2"]
        assert [change.key for change in store.changes("alerts_events", 1)[0]] == ["r1", "one", "r2"]


def _last_write(store: Store) -> int:
    return max(record.sequence for record in store.records("alerts_events"))
