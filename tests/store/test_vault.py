"""What the store promises to every other room."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import get_args

import pytest

from escher.errors import KeyUnavailable, NotInitialised, RecordExists, StoreError
from escher.settings import Settings
from escher.store import keys, transaction
from escher.store.collections import COLLECTIONS, CollectionName
from escher.store.records import Change, Record
from escher.store.vault import Store
from tests.store.conftest import passphrase_settings

VECTOR = bytes(range(256)) * 6


def _put(store: Store, collection: CollectionName, *records: Record) -> None:
    with store.transaction() as within:
        within.put(collection, *records)


def _delete(store: Store, collection: CollectionName, *keys: str) -> None:
    with store.transaction() as within:
        within.delete(collection, *keys)


def test_what_was_written_is_read_again(settings: Settings) -> None:
    """Key, body and vector come back, also in another process's place."""
    body = {"name": "café", "tags": {"env": "dev"}, "sizes": [1, 2.5, None, True]}
    with Store.open(settings) as store:
        _put(store, "cloud_estate", Record("one", body, VECTOR))
    with Store.open(settings) as store:
        assert store.get("cloud_estate", "one") == Record("one", body, VECTOR, version=1, sequence=1)
        assert store.get("cloud_estate", "two") is None


def test_a_second_write_replaces_the_first(store: Store) -> None:
    """A record has one body at a time, and counts its versions."""
    for number in (1, 2, 3):
        _put(store, "alerts_events", Record("one", {"number": number}))
    assert store.get("alerts_events", "one") == Record("one", {"number": 3}, version=3, sequence=3)
    assert store.count("alerts_events") == 1


def test_records_come_in_order_of_insertion(store: Store) -> None:
    """An update does not move a record."""
    _put(store, "alerts_events", *(Record(f"k{number}", {}) for number in (3, 1, 2)))
    _put(store, "alerts_events", Record("k3", {"new": True}))
    assert [record.key for record in store.records("alerts_events")] == ["k3", "k1", "k2"]


def test_a_transaction_is_all_or_nothing(store: Store) -> None:
    """An exception takes back what was written to any collection, and rises."""
    with pytest.raises(ZeroDivisionError), store.transaction() as within:
        within.put("alerts_events", Record("one", {}))
        within.put("cloud_estate", Record("two", {}))
        raise ZeroDivisionError
    assert (store.count("alerts_events"), store.count("cloud_estate"), store.sequence) == (0, 0, 0)
    _put(store, "alerts_events", Record("one", {}))
    assert store.count("alerts_events") == 1


def test_a_transaction_reads_its_own_writes(store: Store) -> None:
    """Inside, what was written is there; outside, only when the block has ended."""
    with store.transaction() as within:
        within.put("alerts_events", Record("one", {"a": 1}))
        seen = within.get("alerts_events", "one")
        assert seen is not None and seen.body == {"a": 1}
        assert store.get("alerts_events", "one") is None
    assert store.get("alerts_events", "one") == seen


def test_a_transaction_cannot_be_used_afterwards(store: Store) -> None:
    """Writing through a transaction that is over is an error and writes nothing."""
    with store.transaction() as within:
        within.put("alerts_events", Record("one", {}))
    with pytest.raises(StoreError, match="is over"):
        within.put("alerts_events", Record("two", {}))
    assert store.count("alerts_events") == 1


def test_a_transaction_inside_another_is_refused(store: Store) -> None:
    """One thread cannot wait for itself; it is told to use the transaction it has."""
    with store.transaction(), pytest.raises(StoreError, match="open in this thread"), store.transaction():
        pytest.fail("a second transaction was opened")


def test_nothing_done_is_no_commit(store: Store) -> None:
    """A transaction that only reads leaves the sequence as it was."""
    with store.transaction() as within:
        within.get("alerts_events", "one")
    assert store.sequence == 0


def test_an_insert_is_single(store: Store) -> None:
    """A key that exists cannot be inserted again; one that was deleted can."""
    with store.transaction() as within:
        within.insert("executed_operations", Record("nonce", {}))
    with pytest.raises(RecordExists), store.transaction() as within:
        within.insert("executed_operations", Record("nonce", {}))
    _delete(store, "executed_operations", "nonce")
    with store.transaction() as within:
        within.insert("executed_operations", Record("nonce", {}))
    assert store.count("executed_operations") == 1


@pytest.mark.parametrize("collection", ["chat_history", "immutable_reports"])
def test_append_only_collections_keep_what_was_written(store: Store, collection: CollectionName) -> None:
    """There a record can be neither replaced nor deleted by itself; only retiring takes it out."""
    _put(store, collection, Record("one", {"text": "first"}))
    with pytest.raises(RecordExists):
        _put(store, collection, Record("one", {"text": "second"}))
    with pytest.raises(RecordExists):
        _delete(store, collection, "one")
    assert store.get(collection, "one") == Record("one", {"text": "first"}, sequence=1)
    with store.transaction() as within:
        within.retire(collection, "one")
    assert store.count(collection) == 0


def test_a_vector_must_fit_its_collection(store: Store) -> None:
    """A vector of another model's size is refused."""
    with pytest.raises(StoreError, match="384 numbers, not 2"):
        _put(store, "cloud_estate", Record("one", {}, bytes(8)))
    assert store.count("cloud_estate") == 0


def test_the_change_feed_tells_writes_and_deletions(store: Store) -> None:
    """After a commit number come the records written since, and the keys deleted since, each once."""
    _put(store, "alerts_events", Record("one", {"a": 1}), Record("two", {}))
    _, before = store.changes("alerts_events", 0)
    _put(store, "alerts_events", Record("one", {"a": 2}))
    _put(store, "alerts_events", Record("one", {"a": 3}), Record("three", {}))
    _delete(store, "alerts_events", "two", "unknown")
    changes, after = store.changes("alerts_events", before)
    one, three = store.get("alerts_events", "one"), store.get("alerts_events", "three")
    assert changes == [Change("one", one), Change("three", three), Change("two", None)]
    assert (before, after) == (1, 4)
    assert store.changes("alerts_events", after) == ([], 4)


def test_the_change_feed_from_nothing_is_the_collection(store: Store) -> None:
    """From 0 the feed tells every record and no deletion."""
    _put(store, "alerts_events", Record("one", {}), Record("two", {}))
    _delete(store, "alerts_events", "one")
    changes, _ = store.changes("alerts_events", 0)
    assert [change.key for change in changes] == ["two"]


def test_old_tombstones_are_forgotten(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deletions of long ago leave no row behind, and the collection still checks."""
    monkeypatch.setattr(transaction, "TOMBSTONE_COMMITS", 2)
    for number in range(6):
        _put(store, "alerts_events", Record(f"k{number}", {}))
        _delete(store, "alerts_events", f"k{number}")
    changes, _ = store.changes("alerts_events", 1)
    assert [change.key for change in changes] == ["k5"]
    with Store.open(Settings(home=store.path.parents[1], passphrase_file=_secret(store))) as again:
        assert again.count("alerts_events") == 0


def _secret(store: Store) -> Path:
    return store.path.parents[2] / "passphrase"


def test_a_data_key_is_replaced_in_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many writes a collection gets a new key; what older keys sealed stays readable, here and elsewhere."""
    monkeypatch.setattr(transaction, "WRITES_PER_KEY", 3)
    with Store.open(settings) as store, Store.open(settings) as other:
        for number in range(8):
            _put(store, "alerts_events", Record(f"k{number}", {"number": number}))
        assert [record.body["number"] for record in other.records("alerts_events")] == list(range(8))
    used = {place[0] for place in _rows(settings.store_path, "SELECT key_id FROM alerts_events")}
    assert len(used) == 3
    assert keys.WRITES_PER_KEY == 2**28


def _rows(path: Path, query: str) -> list[tuple[object, ...]]:
    import sqlite3

    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_there_is_one_table_a_collection(settings: Settings) -> None:
    """Each of the six collections is a table of its name."""
    tables = {name for (name,) in _rows(settings.store_path, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {*COLLECTIONS, "header", "keys"}
    assert set(COLLECTIONS) == set(get_args(CollectionName))


def test_files_and_folders_are_private(settings: Settings) -> None:
    """Only their owner can enter the folders or read the file, also what SQLite puts beside it."""
    with Store.open(settings) as store:
        _put(store, "alerts_events", Record("one", {}))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in store.path.parent.iterdir()}
    assert modes and set(modes.values()) == {0o600}
    assert (
        stat.S_IMODE(settings.home.stat().st_mode) == stat.S_IMODE(settings.store_path.parent.stat().st_mode) == 0o700
    )


def test_a_store_is_created_once(settings: Settings) -> None:
    """Creating over a store is refused and changes nothing."""
    before = settings.store_path.read_bytes()
    with pytest.raises(StoreError, match="already"):
        Store.create(settings)
    assert settings.store_path.read_bytes() == before
    assert [path.name for path in settings.store_path.parent.glob("escher.db*")] == ["escher.db"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A home that is no folder gives a typed error."""
    settings = passphrase_settings(tmp_path)
    settings.home.write_text("a file")
    with pytest.raises(StoreError, match="cannot create a store"):
        Store.create(settings)


def test_opening_nothing_says_what_to_do(tmp_path: Path) -> None:
    """Without a store the error names the command that makes one, and no file appears."""
    settings = passphrase_settings(tmp_path)
    with pytest.raises(NotInitialised, match="escher init"):
        Store.open(settings)
    assert not settings.home.exists()


def test_two_stores_share_no_key(tmp_path: Path, store: Store) -> None:
    """Derived keys depend on the store and on the purpose, and are the same whenever the store is open."""
    with Store.create(passphrase_settings(tmp_path / "other")) as other:
        keys_of_both = {store.derive("a"), store.derive("b"), other.derive("a"), other.derive("b")}
        assert store.store_id != other.store_id
    assert len(keys_of_both) == 4
    assert store.derive("a") == store.derive("a")
    assert {len(key) for key in keys_of_both} == {32}


def test_a_closed_store_has_no_keys(settings: Settings) -> None:
    """After closing, neither records nor keys can be had."""
    store = Store.open(settings)
    store.close()
    with pytest.raises(KeyUnavailable):
        store.derive("a")
    with pytest.raises(StoreError, match="closed"):
        store.get("alerts_events", "one")
    with pytest.raises(StoreError, match="closed"), store.transaction():
        pytest.fail("a closed store was opened for writing")


def test_threads_write_and_read_at_once(store: Store) -> None:
    """Eight threads on one store lose nothing and see whole transactions only."""
    failures: list[str] = []

    def work(number: int) -> None:
        for turn in range(20):
            _put(store, "alerts_events", Record(f"{number}-{turn}-a", {}), Record(f"{number}-{turn}-b", {}))
            if store.count("alerts_events") % 2:
                failures.append("half a transaction was seen")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.count("alerts_events") == len(list(store.records("alerts_events"))) == 320


def test_a_reader_does_not_wait_for_a_writer(store: Store) -> None:
    """While a transaction is open, another thread reads what is committed."""
    _put(store, "alerts_events", Record("one", {}))
    seen: list[int] = []
    with store.transaction() as within:
        within.put("alerts_events", Record("two", {}))
        reader = threading.Thread(target=lambda: seen.append(store.count("alerts_events")))
        reader.start()
        reader.join(timeout=20)
    assert seen == [1]


WRITER = """
import os, sys
from pathlib import Path
from escher.settings import Settings
from escher.store.records import Record
from escher.store.vault import Store

home, secret, key, how = sys.argv[1:]
with Store.open(Settings(home=Path(home), passphrase_file=Path(secret))) as store:
    with store.transaction() as within:
        within.put("alerts_events", Record(key, {}))
    if how == "killed":
        os.kill(os.getpid(), 9)
"""


def _written_elsewhere(settings: Settings, key: str, how: str = "closed") -> int:
    words = [sys.executable, "-c", WRITER, str(settings.home), str(settings.passphrase_file), key, how]
    return subprocess.run(words, check=False, cwd=Path(__file__).parents[2]).returncode


def test_a_store_opened_again_in_a_process_keeps_its_log(settings: Settings) -> None:
    """A second opening takes no lock from the first, so that no other process removes the log under its hands."""
    with Store.open(settings) as store:
        _put(store, "alerts_events", Record("ours", {}))
        Store.open(settings).close()
        assert _written_elsewhere(settings, "theirs") == 0
        assert settings.store_path.with_name("escher.db-wal").exists()
        _put(store, "alerts_events", Record("ours again", {}))
        assert [record.key for record in store.records("alerts_events")] == ["ours", "theirs", "ours again"]
    with Store.open(settings) as store:
        assert store.count("alerts_events") == 3


def test_a_log_left_by_a_killed_process_is_read(settings: Settings) -> None:
    """What was committed and is in the log only is there, and the log goes with the next closing."""
    assert _written_elsewhere(settings, "one", "killed") == -signal.SIGKILL
    log = settings.store_path.with_name("escher.db-wal")
    assert log.stat().st_size > 0
    with Store.open(settings) as store:
        assert [record.key for record in store.records("alerts_events")] == ["one"]
    assert not log.exists()


def test_compacting_gives_room_back(store: Store) -> None:
    """After everything was deleted the file is small again, and what is left can be read."""
    _put(store, "alerts_events", *(Record(f"k{number}", {"text": "x" * 2_000}) for number in range(1_000)))
    assert store.compact()
    full = store.path.stat().st_size
    _delete(store, "alerts_events", *(f"k{number}" for number in range(1, 1_000)))
    assert store.compact()
    assert store.path.stat().st_size < full / 2
    assert [record.key for record in store.records("alerts_events")] == ["k0"]
    with store.transaction(), pytest.raises(StoreError, match="End it first"):
        store.compact()


def test_a_collection_in_numbers(store: Store) -> None:
    """Records, tombstones, vectors, bytes of ciphertext, and the use of its key."""
    _put(store, "cloud_estate", Record("a", {}, VECTOR), Record("b", {}), Record("c", {}))
    _delete(store, "cloud_estate", "c")
    estate = {stats.name: stats for stats in store.stats()}["cloud_estate"]
    assert (estate.records, estate.deleted, estate.vectors, estate.writes) == (2, 1, 1, 4)
    assert estate.bytes > len(VECTOR) and estate.key_made_at > 1_700_000_000
