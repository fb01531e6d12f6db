"""Read what is left of a table that somebody has been at: row by row, with a gap where one cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from sqlite3 import Connection, DatabaseError
from typing import Any

from escher.errors import StoreTampered
from escher.store.records import Record
from escher.store.sealing import Place, RowSealer

_UNREADABLE = (None,) * (len(Place._fields) + 1)
_BEFORE_ALL = -(1 << 63)


def readable_rows(connection: Connection, next_row: str) -> list[tuple[Any, ...]]:
    """The rows of a table one by one, so that none is lost to the one after it; a last one of nothing for the rest."""
    rows: list[tuple[Any, ...]] = []
    position = _BEFORE_ALL
    try:
        while row := connection.execute(next_row, (position,)).fetchone():
            # In an altered tree the search may lead back, and would then go round for ever.
            if row[0] <= position:
                raise DatabaseError("positions are out of order")
            rows.append(row)
            position = row[0]
    except DatabaseError:
        rows.append(_UNREADABLE)
    return rows


def readable_records(sealer: RowSealer, rows: Iterable[tuple[Any, ...]]) -> Iterator[Record | None]:
    """The records in those rows; None for each row that is not what was written, nothing for a tombstone."""
    for row in rows:
        try:
            change = sealer.open(row)
        except StoreTampered:
            yield None
            continue
        if change.record is not None:
            yield change.record
