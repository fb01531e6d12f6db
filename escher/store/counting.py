"""A collection in numbers."""

from __future__ import annotations

from sqlite3 import Connection

from escher.store.collections import COLLECTIONS, CollectionName
from escher.store.records import CollectionStats
from escher.store.root import CollectionState
from escher.store.sealing import RowSealer
from escher.store.statements import STATEMENTS


def stats_of(
    connection: Connection, name: CollectionName, sealer: RowSealer, state: CollectionState
) -> CollectionStats:
    """What a connection sees of a collection in this state. To count vectors, records are decrypted. Raises StoreTampered."""
    rows, deleted, size = connection.execute(STATEMENTS[name].sizes).fetchone()
    vectors = 0
    if COLLECTIONS[name].dimension > 1:
        changes = map(sealer.open, connection.execute(STATEMENTS[name].scan_sealed))
        vectors = sum(change.record is not None and change.record.vector is not None for change in changes)
    return CollectionStats(name, rows - deleted, deleted, size, vectors, state.key_id, state.key_made_at, state.writes)
