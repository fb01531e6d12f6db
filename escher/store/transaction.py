"""One atomic change over any of the collections. Made by `Store.transaction`; it lives as long as its `with` block."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from sqlite3 import Connection
from typing import Any

from escher.errors import RecordExists, StoreError
from escher.store.collections import COLLECTIONS, CollectionName
from escher.store.keys import WRITES_PER_KEY
from escher.store.records import Record, pack, pack_tombstone
from escher.store.root import CollectionState, Head, Root
from escher.store.sealing import TAG_BYTES, Place, RowSealer, replaced
from escher.store.statements import STATEMENTS

# Followers further behind than this many commits no longer learn of deletions one by one; they load again.
TOMBSTONE_COMMITS = 10_000
VECTOR_NUMBER_BYTES = 4
_NOWHERE = Place(0, b"", 0, 0, 1, 0)


class Transaction:
    """Writes are seen by others all at once when the block ends, or never when it raises.

    `connection` and `root` are for this room's own work on the file: rotation and migration.
    """

    def __init__(
        self,
        connection: Connection,
        root: Root,
        sealers: Mapping[CollectionName, RowSealer],
        *,
        check: Callable[[CollectionName], None],
        add_key: Callable[[Connection, CollectionName], int],
    ) -> None:
        self.connection, self.root, self._sealers = connection, root, sealers
        self.check, self._add_key = check, add_key
        self._sequence = root.sequence + 1
        self._deleted_from: set[CollectionName] = set()
        self._ended = False
        self.changed = False
        self.extends_chain = False

    @property
    def head(self) -> Head:
        """The end of the audit chain, as of this transaction."""
        return self.root.head

    def extend_chain(self, head: Head) -> None:
        """Move the end of the audit chain."""
        self.root.head = head
        self.changed = self.extends_chain = True

    def get(self, collection: CollectionName, key: str) -> Record | None:
        """The record under a key, with what this transaction wrote. Raises StoreTampered."""
        place, sealed = self._find(collection, key, STATEMENTS[collection].find_sealed)
        if place.deleted:
            return None
        return self._sealers[collection].open((*place, sealed)).record

    def records(self, collection: CollectionName) -> Iterator[Record]:
        """A whole collection with what this transaction wrote, in order of insertion. Raises StoreTampered."""
        self.check(collection)
        for row in self.connection.execute(STATEMENTS[collection].scan_sealed):
            record = self._sealers[collection].open(row).record
            if record is not None:
                yield record

    def put(self, collection: CollectionName, *records: Record) -> None:
        """Write records, replacing those with the same key. Raises RecordExists where nothing may be replaced."""
        declared = COLLECTIONS[collection]
        for record in records:
            place, tag = self._find(collection, record.key, STATEMENTS[collection].find_tag)
            if not place.deleted and not declared.may_change(record.key):
                raise _exists(collection)
            self._write(collection, record.key, pack(_checked(record, declared.dimension)), place, tag)

    def insert(self, collection: CollectionName, record: Record) -> None:
        """Write a record whose key must be new. Raises RecordExists."""
        place, tag = self._find(collection, record.key, STATEMENTS[collection].find_tag)
        if not place.deleted:
            raise _exists(collection)
        self._write(collection, record.key, pack(_checked(record, COLLECTIONS[collection].dimension)), place, tag)

    def delete(self, collection: CollectionName, *keys: str) -> None:
        """Delete records; unknown keys are ignored. Raises RecordExists where records stay as they are."""
        declared = COLLECTIONS[collection]
        if not all(declared.may_change(key) for key in keys):
            raise _exists(collection)
        self.retire(collection, *keys)

    def retire(self, collection: CollectionName, *keys: str) -> None:
        """Delete also what is append-only: a whole conversation, or reports whose time is over. Nothing else."""
        for key in keys:
            place, tag = self._find(collection, key, STATEMENTS[collection].find_tag)
            if not place.deleted:
                self._write(collection, key, pack_tombstone(key), place, tag, deleted=1)
                self._deleted_from.add(collection)

    def forget_deleted(self) -> None:
        """Drop every tombstone now, those of this transaction too: not even the keys of what was deleted remain.

        Followers find that they have too many records, and load again.
        """
        for collection in self._sealers:
            self.check(collection)
            self._forget_tombstones(collection, self._sequence)
        self.changed = True

    def finish(self) -> Root:
        """Forget old tombstones, and return the root that this transaction leaves."""
        for collection in self._deleted_from:
            self._forget_tombstones(collection, self._sequence - TOMBSTONE_COMMITS)
        self.root.sequence = self._sequence
        return self.root

    def end(self) -> None:
        """From here on every use is an error."""
        self._ended = True

    def _find(self, collection: CollectionName, key: str, statement: str) -> tuple[Place, Any]:
        """Where a key's row is, and its tag or sealed value; `_NOWHERE` when there was never one."""
        if self._ended:
            raise StoreError("this transaction is over.", hint="Open another one.")
        self.check(collection)
        row = self.connection.execute(statement, (self._sealers[collection].row_id(key),)).fetchone()
        return (_NOWHERE, b"") if row is None else (Place._make(row[:-1]), row[-1])

    def _write(
        self, collection: CollectionName, key: str, frame: bytes, old: Place, old_tag: bytes, *, deleted: int = 0
    ) -> None:
        state, sealer = self.root.states[collection], self._sealers[collection]
        removed = sealer.element(old, old_tag) if old.position else 0
        place = Place(
            position=old.position or self._next_position(state),
            row_id=old.row_id or sealer.row_id(key),
            sequence=self._sequence,
            version=old.version + 1,
            deleted=deleted,
            key_id=self._key_for_one_more(collection, state),
        )
        sealed = sealer.seal(place, frame)
        self.connection.execute(STATEMENTS[collection].write, (*place, sealed))
        state.digest = replaced(state.digest, added=sealer.element(place, sealed[-TAG_BYTES:]), removed=removed)
        state.records += old.deleted - deleted
        self.changed = True

    def _next_position(self, state: CollectionState) -> int:
        state.last_position += 1
        return state.last_position

    def replace_key(self, collection: CollectionName) -> None:
        """From here on seal this collection's records under a new key."""
        state = self.root.states[collection]
        state.key_id, state.writes = self._add_key(self.connection, collection), 0
        state.key_made_at = int(time.time())
        self.changed = True

    def reseal(self, collection: CollectionName, row: tuple[Any, ...]) -> None:
        """Put a row, as it stands, under the current key; to followers it is no change."""
        state, sealer = self.root.states[collection], self._sealers[collection]
        place, sealed = sealer.reseal(row, self._key_for_one_more(collection, state))
        removed = sealer.element(Place._make(row[:-1]), row[-1][-TAG_BYTES:])
        self.connection.execute(STATEMENTS[collection].write, (*place, sealed))
        state.digest = replaced(state.digest, added=sealer.element(place, sealed[-TAG_BYTES:]), removed=removed)
        self.changed = True

    def _key_for_one_more(self, collection: CollectionName, state: CollectionState) -> int:
        if state.writes >= WRITES_PER_KEY:
            self.replace_key(collection)
        state.writes += 1
        return state.key_id

    def _forget_tombstones(self, collection: CollectionName, up_to: int) -> None:
        last, statements = (up_to,), STATEMENTS[collection]
        rows = self.connection.execute(statements.old_tombstone_tags, last).fetchall()
        state = self.root.states[collection]
        state.digest = replaced(state.digest, removed=self._sealers[collection].digest(rows))
        self.connection.execute(statements.delete_old_tombstones, last)


def _checked(record: Record, dimension: int) -> Record:
    if record.vector is not None and len(record.vector) != dimension * VECTOR_NUMBER_BYTES:
        raise StoreError(
            f"a vector here has {dimension} numbers, not {len(record.vector) / VECTOR_NUMBER_BYTES:g}.",
            hint="Use the embedding model that this store was filled with.",
        )
    return record


def _exists(collection: str) -> RecordExists:
    return RecordExists(
        f"{collection} keeps what was written: this record is there and stays as it is.", hint="Write a new record."
    )
