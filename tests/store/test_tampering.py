"""An attacker who can write the file but has no key: whatever is changed in it is noticed and named."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from escher.errors import StoreTampered, WrongKey
from escher.settings import Settings
from escher.store.records import Record
from escher.store.vault import Store

ROWS = 40


@pytest.fixture
def filled(settings: Settings) -> Settings:
    """A store with records in two collections, closed."""
    rng = random.Random(1)
    with Store.open(settings) as store, store.transaction() as within:
        within.put("cloud_estate", *(Record(f"r{n}", {"number": n}, rng.randbytes(1536)) for n in range(ROWS)))
        within.put("alerts_events", *(Record(f"a{n}", {"number": n}) for n in range(ROWS)))
    return settings


@contextmanager
def _attacked(settings: Settings) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(settings.store_path)) as connection:
        with connection:
            yield connection
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _read(settings: Settings) -> int:
    with Store.open(settings) as store:
        return len(list(store.records("cloud_estate")))


def _attack(settings: Settings, statement: str, *values: object) -> None:
    with _attacked(settings) as connection:
        assert connection.execute(statement, values).rowcount > 0


@pytest.mark.parametrize(
    "change",
    [
        "sealed = zeroblob(length(sealed))",
        "sealed = substr(sealed, 1, 20)",
        "sealed = 'text'",
        "sequence = sequence + 1",
        "version = version + 1",
        "version = 'one'",
        "deleted = 1",
        "key_id = key_id + 1",
        "row_id = zeroblob(16)",
        "row_id = row_id || x'00'",
        "row_id = CAST(row_id || x'00' AS BLOB)",
        "position = 999",
        "position = -1",
    ],
)
def test_a_changed_column_is_noticed(filled: Settings, change: str) -> None:
    """No column of a row can be changed."""
    _attack(filled, f"UPDATE cloud_estate SET {change} WHERE position = 7")
    with pytest.raises(StoreTampered):
        _read(filled)


def test_other_collections_stay_usable(filled: Settings) -> None:
    """Only the collection that was changed is refused."""
    _attack(filled, "UPDATE cloud_estate SET version = 2 WHERE position = 7")
    with Store.open(filled) as store:
        assert store.count("alerts_events") == ROWS
        with pytest.raises(StoreTampered), store.transaction() as within:
            within.insert("cloud_estate", Record("new", {}))


def test_an_older_collection_is_noticed(filled: Settings) -> None:
    """All rows of one collection put back as they once were do not fit the root; nor does an older root fit the rows."""
    with closing(sqlite3.connect(filled.store_path)) as connection:
        rows = connection.execute("SELECT * FROM cloud_estate").fetchall()
        root = connection.execute("SELECT value FROM header WHERE name = 'root'").fetchone()
    with Store.open(filled) as store, store.transaction() as within:
        within.put("cloud_estate", Record("one more", {}))
        within.put("alerts_events", Record("one more", {}))
    newest = filled.store_path.read_bytes()
    _attack(filled, "UPDATE header SET value = ? WHERE name = 'root'", *root)
    with pytest.raises(StoreTampered):
        _read(filled)
    _replace(filled.store_path, newest)
    with _attacked(filled) as connection:
        connection.execute("DELETE FROM cloud_estate")
        connection.executemany("INSERT INTO cloud_estate VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    with pytest.raises(StoreTampered):
        _read(filled)


def test_a_hidden_row_is_noticed(filled: Settings) -> None:
    """A row that stays in its table but is taken out of the index by which it would be found."""
    with closing(sqlite3.connect(filled.store_path)) as connection:
        (row_id,) = connection.execute("SELECT row_id FROM cloud_estate WHERE position = 7").fetchone()
    whole = filled.store_path.read_bytes()
    places = [at for at in range(len(whole)) if whole.startswith(row_id, at)]
    assert len(places) == 2
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= 0xFF
        _replace(filled.store_path, bytes(changed))
        with Store.open(filled) as store, pytest.raises(StoreTampered):
            store.get("cloud_estate", "r6")


def test_an_altered_root_is_noticed(filled: Settings) -> None:
    """Without its root a store can be neither read nor written."""
    _attack(filled, "UPDATE header SET value = zeroblob(length(value)) WHERE name = 'root'")
    with Store.open(filled) as store:
        with pytest.raises(StoreTampered, match="root"):
            store.get("alerts_events", "a1")
        with pytest.raises(StoreTampered, match="root"), store.transaction():
            pytest.fail("a store without a root was opened for writing")


def test_a_root_altered_while_open_leaves_no_lock(filled: Settings) -> None:
    """A transaction that cannot begin holds nobody up: another process can still write."""
    with Store.open(filled) as store:
        _attack(filled, "UPDATE header SET value = zeroblob(length(value)) WHERE name = 'root'")
        for _ in range(2):
            with pytest.raises(StoreTampered, match="root"), store.transaction():
                pytest.fail("a store without a root was opened for writing")
        _attack(filled, "UPDATE header SET value = value")


def test_altered_keys_are_noticed(filled: Settings) -> None:
    """A key that was changed opens nothing, and is not taken for a wrong passphrase."""
    _attack(filled, "UPDATE keys SET wrapped = zeroblob(length(wrapped)) WHERE purpose = 'cloud_estate'")
    with pytest.raises(StoreTampered, match="key of the store"):
        _read(filled)
    _attack(filled, "DELETE FROM keys WHERE purpose = 'cloud_estate'")
    with pytest.raises(StoreTampered, match="key of the store"):
        _read(filled)


def test_another_stores_check_is_a_wrong_key(filled: Settings) -> None:
    """A store whose check does not fit the key it was given is refused."""
    _attack(filled, "UPDATE header SET value = zeroblob(32) WHERE name = 'check'")
    with pytest.raises(WrongKey):
        Store.open(filled)


def test_something_else_is_no_store(filled: Settings) -> None:
    """A file of another kind is refused with a typed error."""
    _replace(filled.store_path, b"SQLite it is not" * 1000)
    with pytest.raises(StoreTampered):
        Store.open(filled)


def _replace(path: Path, content: bytes) -> None:
    for beside in path.parent.iterdir():
        beside.unlink()
    path.touch(mode=0o600)
    path.write_bytes(content)
