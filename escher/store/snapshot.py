"""Everything in a store as of one commit, read row by row while others write on: what a backup is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from sqlite3 import Connection

from escher.errors import StoreTampered
from escher.store.checking import check_collection
from escher.store.collections import CollectionName
from escher.store.keys import DERIVATION_KEY_ID
from escher.store.records import Record
from escher.store.root import Root
from escher.store.sealing import RowSealer
from escher.store.sources import Identity, identity_of
from escher.store.statements import STATEMENTS


class Snapshot:
    """One commit of a store, as long as the block of `Store.snapshot` lasts; for one thread.

    `wrap(key, purpose)` seals a key under the master key.
    """

    def __init__(
        self,
        connection: Connection,
        root: Root,
        sealers: Mapping[CollectionName, RowSealer],
        wrap: Callable[[bytes, str], bytes],
    ) -> None:
        self._connection, self.root, self._sealers, self.wrap = connection, root, sealers, wrap

    @property
    def identity(self) -> Identity:
        """What is known of the store without its key."""
        return identity_of(self._connection)

    def derivation(self) -> bytes:
        """The key from which ids and signatures are derived, wrapped by the master key. Raises StoreTampered."""
        row = self._connection.execute("SELECT wrapped FROM keys WHERE id = ?", (DERIVATION_KEY_ID,)).fetchone()
        if row is None:
            raise StoreTampered("a key of the store is gone.", hint="Restore the store from a backup.")
        return row[0]

    def records(self, collection: CollectionName) -> Iterator[Record]:
        """A whole collection in order of insertion, compared with its digest first. Raises StoreTampered."""
        sealer = self._sealers[collection]
        check_collection(self._connection, collection, sealer, self.root.states[collection])
        for row in self._connection.execute(STATEMENTS[collection].scan_sealed):
            record = sealer.open(row).record
            if record is not None:
                yield record
