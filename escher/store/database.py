"""The SQLite file under the store: private, in write-ahead mode, with every commit on the disk before it is answered.

Of what a row holds only its place is in clear (`sealing.Place`); all else is in `sealed`.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Generator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import get_args

from escher.errors import StoreError, StoreTampered
from escher.store.collections import CollectionName
from escher.store.root import SCHEMA

# With 16 KiB pages five or six resources with their vectors share one; with 4 KiB each would fill a page of its own.
_PRAGMAS = (
    "PRAGMA page_size = 16384",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -32768",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_size_limit = 67108864",
)
BUSY_SECONDS = 60
APPLICATION_ID = 0x45736368  # "Esch"; file(1) and SQLite's own tools show it
_HEADER = (
    "CREATE TABLE header (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE keys (id INTEGER PRIMARY KEY, purpose TEXT NOT NULL, wrapped BLOB NOT NULL)",
)
_COLLECTION = (
    "CREATE TABLE {name} (position INTEGER PRIMARY KEY, row_id BLOB NOT NULL, sequence INTEGER NOT NULL,"
    " version INTEGER NOT NULL, deleted INTEGER NOT NULL, key_id INTEGER NOT NULL, sealed BLOB NOT NULL)",
    "CREATE UNIQUE INDEX {name}_by_row_id ON {name} (row_id)",
    "CREATE INDEX {name}_by_sequence ON {name} (sequence)",
    "CREATE INDEX {name}_tombstones ON {name} (sequence) WHERE deleted",
)


class _Connection(sqlite3.Connection):
    """Counts itself among the connections of this process to one file, until it is closed."""

    def __init__(self, path: Path) -> None:
        uri = f"{path.absolute().as_uri()}?mode=rw"
        with _COUNTING:
            super().__init__(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            self._file: tuple[int, int] | None = file_at(path)
            _CONNECTIONS[self._file] += 1

    def close(self) -> None:
        super().close()
        with _COUNTING:
            if self._file is not None:
                _CONNECTIONS[self._file] -= 1
                self._file = None


_COUNTING, _CONNECTIONS = threading.Lock(), Counter[tuple[int, int]]()


@contextmanager
def untouched(path: Path) -> Generator[bool]:
    """Whether this process has no connection to the file; it gets none within the block.

    Only then may the file be opened by other means: to close it takes away every lock that the process has on it
    (POSIX), and the next process to close the store would remove the log that is still written to here.
    """
    with _COUNTING:
        yield not _CONNECTIONS[file_at(path)]


def connect(path: Path) -> sqlite3.Connection:
    """A connection to an existing file, in autocommit mode, that any thread may use, one at a time."""
    connection = _Connection(path)
    try:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    except sqlite3.Error:
        connection.close()
        raise
    except UnicodeDecodeError as cause:
        connection.close()
        # SQLite quotes an altered schema in its message, and Python cannot read that.
        raise StoreTampered(f"{path} is damaged.", hint="Restore the store from a backup.") from cause
    return connection


def create_tables(connection: sqlite3.Connection) -> None:
    """The header, the keys, and one table a collection, named as the collection."""
    for statement in _HEADER:
        connection.execute(statement)
    for name in get_args(CollectionName):
        for statement in _COLLECTION:
            connection.execute(statement.format(name=name))
    mark_version(connection, SCHEMA)


@lru_cache(maxsize=1)
def declared() -> frozenset[tuple[str, str, str, str | None]]:
    """Type, name, table and statement of every table and index of a store, as SQLite keeps them."""
    with closing(sqlite3.connect(":memory:")) as connection:
        create_tables(connection)
        return frozenset(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema"))


def mark_version(connection: sqlite3.Connection, schema: int) -> None:
    """Write into the file, in clear, what it is and of which version; the sealed root says the same."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {schema}")


def create_private(path: Path) -> None:
    """An empty file of mode 0600 in folders of mode 0700, or an OSError."""
    path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def file_at(path: Path) -> tuple[int, int]:
    """Which file this path names now: device and inode, or zeros for none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_dev, found.st_ino


def header(connection: sqlite3.Connection, name: str) -> bytes | None:
    """One value of the header, or None. Raises StoreTampered for a value of another type than was written."""
    row = connection.execute("SELECT value FROM header WHERE name = ?", (name,)).fetchone()
    if row is not None and not isinstance(row[0], bytes):
        raise StoreTampered("the header of the store was altered.", hint="Restore the store from a backup.")
    return None if row is None else row[0]


def set_header(connection: sqlite3.Connection, name: str, value: bytes) -> None:
    """Write one value of the header."""
    connection.execute("INSERT OR REPLACE INTO header (name, value) VALUES (?, ?)", (name, value))


@contextmanager
def translated(path: Path) -> Generator[None]:
    """Turn SQLite's errors into ours, each with its next move."""
    try:
        yield
    except sqlite3.Error as cause:
        raise _translate(cause, path) from cause


def _translate(cause: sqlite3.Error, path: Path) -> StoreError:
    # A column of another type than was written fails in Python's module, which then has no name for it.
    unnamed = "" if isinstance(cause, sqlite3.ProgrammingError) else "SQLITE_MISMATCH"
    name: str = getattr(cause, "sqlite_errorname", None) or unnamed
    match name.split("_")[1:]:
        case ["CORRUPT" | "NOTADB" | "ERROR" | "TOOBIG" | "MISMATCH", *_] | ["IOERR", "SHORT", *_]:
            return StoreTampered(f"{path} is damaged ({cause}).", hint="Restore the store from a backup.")
        case ["FULL", *_] | ["IOERR", "SHMSIZE", *_]:
            return StoreError("the disk is full; nothing was written.", hint=f"Free some space on the disk of {path}.")
        case ["BUSY" | "LOCKED", *_]:
            return StoreError("another process keeps the store busy.", hint="Try again when it is done.")
        case ["READONLY" | "CANTOPEN" | "PERM" | "AUTH" | "IOERR", *_]:
            return StoreError(f"cannot read or write {path} ({name}).", hint="Check the disk and who owns the file.")
        case _:
            return StoreError(f"the store failed: {cause}.", hint="Try again; if it stays, restore a backup.")
