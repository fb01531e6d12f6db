"""A store to be attacked, thousands of times: made once, its file rewritten for each case, read back whole."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, get_args

from escher.errors import StoreError
from escher.settings import Settings
from escher.store.collections import COLLECTIONS, CollectionName
from escher.store.records import Change, Record
from escher.store.vault import Store

NAMES: tuple[CollectionName, ...] = get_args(CollectionName)
MUTABLE: tuple[CollectionName, ...] = tuple(name for name in NAMES if not COLLECTIONS[name].append_only)
# So many that tables and indexes have inner pages, and bodies so large that some spill over many.
_RECORDS: Mapping[CollectionName, int] = dict.fromkeys(NAMES, 60) | {"cloud_estate": 150, "alerts_events": 1_100}
_SPILLING = 6
UNNOTICED, OTHER_DATA = "unnoticed", "other data"

Row = tuple[Any, ...]
Content = Mapping[CollectionName, tuple[list[Record], list[Change]]]


@dataclass(frozen=True, slots=True)
class Moment:
    """A store's file at one moment: its bytes, the rows of its tables, and its sealed root."""

    data: bytes
    rows: Mapping[CollectionName, Sequence[Row]]
    root: bytes


class Target:
    """A store of `settings` and the moments of its life; `judge` says what became of an attack on it."""

    def __init__(self, settings: Settings, seed: int = 1) -> None:
        self.settings, self._rng = settings, random.Random(seed)
        self.path = settings.store_path
        self._fill()
        self.older = self._moment()
        self._change()
        self.newest = self._moment()
        self._content = self._read()

    def restore(self, data: bytes | None = None) -> None:
        """Put the newest file back, or another one, with nothing beside it."""
        for old in self.path.parent.glob(f"{self.path.name}*"):
            old.unlink()
        self.path.write_bytes(self.newest.data if data is None else data)

    @contextmanager
    def attacked(self) -> Iterator[sqlite3.Connection]:
        """The newest file, open to somebody who has no key."""
        self.restore()
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            with connection:
                yield connection

    def judge(self) -> str:
        """Open the store and read all of it: the name of the typed error, `unnoticed`, or `other data`.

        Whatever else is raised is no answer, and rises.
        """
        try:
            return UNNOTICED if self._read() == self._content else OTHER_DATA
        except StoreError as refusal:
            assert refusal.hint, "an error without a next move"
            return type(refusal).__name__

    def _read(self) -> Content:
        with Store.open(self.settings) as store:
            content = {name: (list(store.records(name)), store.changes(name, 1)[0]) for name in NAMES}
            for name, (records, _) in content.items():
                for record in self._rng.sample(records, 5):
                    if store.get(name, record.key) != record:
                        return {}
            return content

    def _fill(self) -> None:
        with Store.open(self.settings) as store, store.transaction() as within:
            for name, count in _RECORDS.items():
                within.put(name, *(self._record(name, number) for number in range(count)))

    def _change(self) -> None:
        """Later commits: every third record of what may change gets another body, every tenth goes."""
        with Store.open(self.settings) as store:
            for name in MUTABLE:
                numbers = range(_RECORDS[name])
                with store.transaction() as within:
                    within.put(name, *(self._record(name, number) for number in numbers[::3]))
                with store.transaction() as within:
                    within.delete(name, *(f"{name} {number}" for number in numbers[1::10]))

    def _record(self, name: CollectionName, number: int) -> Record:
        dimension = COLLECTIONS[name].dimension
        vector = self._rng.randbytes(4 * dimension) if dimension > 1 else None
        filler = self._rng.randbytes(self._rng.randrange(8_000, 30_000) if number < _SPILLING else 20).hex()
        return Record(f"{name} {number}", {"number": number, "filler": filler}, vector)

    def _moment(self) -> Moment:
        with closing(sqlite3.connect(self.path)) as connection:
            rows = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in NAMES}
            [[root]] = connection.execute("SELECT value FROM header WHERE name = 'root'").fetchall()
        return Moment(self.path.read_bytes(), rows, root)


def put_row(connection: sqlite3.Connection, table: str, row: Row) -> None:
    """Put a row where its position says, whatever was there."""
    connection.execute(f"DELETE FROM {table} WHERE position = ? OR row_id = ?", row[:2])
    connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
