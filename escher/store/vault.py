"""The store: what every other room reads and writes, and the only place that knows it is encrypted.

One connection reads and one writes, each behind its own lock, so threads and processes see what is committed and a
long write never holds a reader up. A collection is checked against its digest when it is first touched.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path
from sqlite3 import Connection, DatabaseError
from typing import Self, get_args

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from escher.contract.ports import Progress
from escher.errors import NotInitialised, StoreError, StoreReplaced, StoreTampered
from escher.settings import Settings
from escher.store.anchoring import KeychainAnchor
from escher.store.checking import check_collection, check_file, check_tables, check_version
from escher.store.collections import CollectionName
from escher.store.compaction import compact
from escher.store.counting import stats_of
from escher.store.creation import create_store
from escher.store.database import connect, header, set_header, translated
from escher.store.keychain import Keychain
from escher.store.keys import StoreKeys
from escher.store.migration import copy_kept, kept_copies, migrate, remove_copies
from escher.store.records import Change, CollectionStats, Feed, Record
from escher.store.replacing import opening, place_of
from escher.store.root import SCHEMA, Anchor, Head, Root, RootSealer, anchor_of
from escher.store.rotation import Rotation, rotate
from escher.store.sealing import RowSealer
from escher.store.snapshot import Snapshot
from escher.store.sources import Unlocked, find_master
from escher.store.statements import STATEMENTS
from escher.store.survey import readable_records, readable_rows
from escher.store.transaction import Transaction


class Store:
    """An open store; close it, or use it as a context manager. Any thread may use it."""

    def __init__(self, path: Path, unlocked: Unlocked) -> None:
        self.path, self._id, self.key_source = path, unlocked.store_id, unlocked.source
        self._keys = StoreKeys(path, unlocked.master)
        self._sealers: dict[CollectionName, RowSealer] = {name: self._sealer(name) for name in get_args(CollectionName)}
        self._root_sealer = RootSealer(self._keys.derive("root"), self._id)
        self._read_lock, self._write_lock = threading.RLock(), threading.RLock()
        self._checked: set[CollectionName] = set()
        self._transacting = False
        self._seen: tuple[int, int] = (-1, 0)
        self._refusal: StoreError | None = None
        self._anchor = self._keychain_anchor(unlocked.keychain) if unlocked.keychain else None
        self._compaction_is_due = False
        self.migrated_from: int | None = None
        with ExitStack() as on_failure:
            on_failure.callback(self._forget)
            self._reader = on_failure.enter_context(closing(connect(path)))
            self._writer = on_failure.enter_context(closing(connect(path)))
            self._place = place_of(path)
            self._judge()
            on_failure.pop_all()

    @classmethod
    def create(cls, settings: Settings) -> Self:
        """Make an empty store with new keys, and open it. Raises StoreError when there is one, KeyUnavailable."""
        create_store(settings)
        store = cls.open(settings)
        if store._anchor is not None:
            store._anchor.committed(extends_chain=True)
        return store

    @classmethod
    def open(cls, settings: Settings, typed: bytes | None = None) -> Self:
        """Open the store of these settings, brought to this version if it is of an older one (`migrated_from`).

        Raises NotInitialised, KeyUnavailable, WrongKey, StoreTampered, MigrationError.
        A store that is older than its anchor opens, so that the audit trail can be looked at; it refuses all else.
        """
        path = settings.store_path
        if not path.exists():
            raise NotInitialised(f"there is no store in {settings.home}.", hint="Create one: escher init")
        with translated(path), opening(path):
            check_file(path)
            with closing(connect(path)) as connection:
                unlocked = find_master(settings, connection, typed)
            store = cls(path, unlocked)
            try:
                store._bring_up_to_date()
            except BaseException:
                store.close()
                raise
        return store

    # -- reading -------------------------------------------------------------------------------------------

    def get(self, collection: CollectionName, key: str) -> Record | None:
        """The committed record under a key, or None. Raises StoreTampered."""
        sealer = self._sealers[collection]
        with self._reading(collection):
            rows = self._reader.execute(STATEMENTS[collection].find_sealed, (sealer.row_id(key),)).fetchall()
        return sealer.open(rows[0]).record if rows else None

    def records(self, collection: CollectionName) -> Iterator[Record]:
        """All records as of this moment, in order of insertion. Raises StoreTampered."""
        with self._reading(collection):
            rows = self._reader.execute(STATEMENTS[collection].scan_sealed).fetchall()
        changes = map(self._sealers[collection].open, rows)
        return (change.record for change in changes if change.record is not None)

    def changes(self, collection: CollectionName, since: int) -> tuple[list[Change], int]:
        """What was written or deleted after commit `since` (0: everything), and the commit up to which this is so.

        Deletions of long ago are forgotten: a follower that does not come to as many records as `count` starts again
        from 0.
        """
        feed = self.follow(collection, since)
        return list(feed.changes), feed.sequence

    def follow(self, collection: CollectionName, since: int) -> Feed:
        """The same for a mirror: with the number of records, and each change decrypted when it is asked for."""
        statements = STATEMENTS[collection]
        with self._reading(collection) as root:
            if since:
                rows = self._reader.execute(statements.changed_since, (since,)).fetchall()
            else:
                rows = self._reader.execute(statements.scan_sealed).fetchall()
        return Feed(map(self._sealers[collection].open, rows), root.sequence, root.states[collection].records)

    def count(self, collection: CollectionName) -> int:
        """How many records a collection has."""
        with self._reading(collection) as root:
            return root.states[collection].records

    @property
    def sequence(self) -> int:
        """The number of the last commit, by whichever process. Costs microseconds when there was none since."""
        with self._read_lock, translated(self.path):
            self._must_be_in_place()
            version = self._reader.execute("PRAGMA data_version").fetchone()[0]
            if version != self._seen[0]:
                self._seen = version, self._root(self._reader).sequence
            return self._seen[1]

    @contextmanager
    def snapshot(self) -> Generator[Snapshot]:
        """Everything as of one commit, for a backup: others write on meanwhile. Raises StoreTampered."""
        if self._refusal is not None:
            raise self._refusal
        with translated(self.path), closing(connect(self.path)) as connection:
            self._must_be_in_place()
            connection.execute("BEGIN")
            self._keys.learn(connection)
            cipher = self._keys.held()
            sealers = {name: self._sealer(name, cipher) for name in get_args(CollectionName)}
            yield Snapshot(connection, self._root(connection), sealers, self._keys.wrap)

    # -- writing -------------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Generator[Transaction]:
        """All of what is done to the transaction in this block, or nothing of it when the block raises.

        It is on the disk when the block has ended. One at a time: others wait, in this process and elsewhere; what
        they have committed is what this one reads.
        """
        with self._write_lock, translated(self.path), self._writing():
            transaction = self._new_transaction()
            try:
                yield transaction
                if transaction.changed:
                    set_header(self._writer, "root", self._root_sealer.seal(transaction.finish()))
                    self._writer.execute("COMMIT")
            finally:
                transaction.end()
        if self._anchor is not None and transaction.changed:
            self._anchor.committed(extends_chain=transaction.extends_chain)

    @contextmanager
    def _writing(self) -> Generator[None]:
        """The right to write, which ends with whatever was not committed taken back."""
        if self._transacting:
            raise StoreError("a transaction is open in this thread already.", hint="Write through that one.")
        if self._refusal is not None:
            raise self._refusal
        self._writer.execute("BEGIN IMMEDIATE")
        self._transacting = True
        try:
            self._must_be_in_place()
            yield
        finally:
            self._transacting = False
            self._writer.rollback()

    def _new_transaction(self) -> Transaction:
        root = self._root(self._writer)
        return Transaction(
            self._writer,
            root,
            self._sealers,
            check=lambda collection: self._check(self._writer, root, collection),
            add_key=self._keys.add,
        )

    # -- trust ---------------------------------------------------------------------------------------------

    @property
    def store_id(self) -> str:
        """32 hexadecimal digits that no other store has."""
        return self._id.hex()

    def derive(self, purpose: str) -> bytes:
        """32 secret bytes for one purpose, always the same for this store. Raises KeyUnavailable when closed."""
        return bytes(self._keys.derive(f"for {purpose}"))

    def hand_over(self) -> bytes:
        """The master key, for a process of ours that is to open this store as well. Raises KeyUnavailable when closed."""
        return self._keys.master()

    @property
    def anchored(self) -> bool:
        """Whether a keychain remembers this store; if not, an older copy of the whole file would go unnoticed."""
        return self._anchor is not None and self._anchor.remembered is not None

    @property
    def has_keychain(self) -> bool:
        """Whether a keychain holds the key or the anchor: it remembers this store unless somebody made it forget."""
        return self._anchor is not None

    @property
    def anchored_head(self) -> Head | None:
        """The end of the audit chain as the keychain remembers it, or None without a keychain."""
        return self._anchor.remembered.head if self._anchor and self._anchor.remembered else None

    @property
    def anchor_problem(self) -> str:
        """Why the keychain did not take the last anchor; empty when all is well."""
        return self._anchor.problem if self._anchor else ""

    @property
    def refusal(self) -> StoreError | None:
        """Why this store can be neither read nor written, or None: its root was altered, or it was rolled back."""
        return self._refusal

    def survey(self, collection: CollectionName) -> tuple[Head | None, Iterator[Record | None]]:
        """What is left of a collection, whatever was done to it: the head of the audit chain, and every record.

        Nothing is compared with the digest. The head is None when the root was altered; a None stands for each record
        that was, in order of position, and ends the list where the file cannot be read any further.
        """
        with self._read_lock, translated(self.path):
            self._reader.execute("BEGIN")
            rows = readable_rows(self._reader, STATEMENTS[collection].next_sealed)
            try:
                self._keys.learn(self._reader)
                head = self._root(self._reader).head
            except (StoreTampered, DatabaseError):
                head = None
            finally:
                self._reader.rollback()
        return head, readable_records(self._sealers[collection], rows)

    # -- keys and room -------------------------------------------------------------------------------------

    def rotate(self, progress: Progress = lambda event: None) -> Rotation:
        """New data keys for everything; old ones are gone, and so is what was sealed under them. Others may go on.

        A rotation that was interrupted goes on. Raises StoreError when the disk is full; then it can go on later.
        """
        rotation = rotate(self.transaction, progress)
        self._compaction_is_due = True
        with suppress(StoreError):  # others are busy, or the disk is full: what is left is ciphertext whose key is gone
            self.compact()
        return replace(rotation, compacted=not self._compaction_is_due)

    def compact(self, *, patience: float = 5) -> bool:
        """Write the file anew, so that nothing deleted is left in it or its log. Raises StoreError, on a full disk too.

        False when another process was busy with it for longer than `patience` seconds; closing tries once more.
        """
        with self._write_lock, translated(self.path):
            if self._refusal is not None:
                raise self._refusal
            if self._transacting:
                raise StoreError("a transaction is open in this thread.", hint="End it first.")
            self._compaction_is_due = not compact(self._writer, patience)
        return not self._compaction_is_due

    def stats(self) -> tuple[CollectionStats, ...]:
        """What each collection holds. Counting vectors decrypts the records of two of them."""
        return tuple(self._stats(name) for name in get_args(CollectionName))

    def _stats(self, name: CollectionName) -> CollectionStats:
        with self._reading(name) as root:
            return stats_of(self._reader, name, self._sealers[name], root.states[name])

    # -- closing -------------------------------------------------------------------------------------------

    def close(self, refusal: StoreError | None = None) -> None:
        """Anchor what is not anchored, close the file, drop the keys; later calls raise `refusal`, if it is given."""
        if self._anchor is not None and self._refusal is None:
            with suppress(StoreReplaced):  # the keychain remembers the other file
                self._anchor.renew_if_due()
        if self._compaction_is_due and self._refusal is None:
            with suppress(StoreError):  # what is left is ciphertext whose key is gone
                self.compact(patience=0.5)
        self._refusal = refusal or StoreError("the store is closed.", hint="Open it again.")
        with self._write_lock, self._read_lock:
            self._reader.close()
            self._writer.close()
            self._forget()

    def _forget(self) -> None:
        self._keys.forget()
        for sealer in self._sealers.values():
            sealer.forget()
        self._root_sealer.forget()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # -- inside --------------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self, collection: CollectionName) -> Generator[Root]:
        with self._read_lock, translated(self.path):
            if self._refusal is not None:
                raise self._refusal
            self._must_be_in_place()
            self._reader.execute("BEGIN")
            try:
                root = self._root(self._reader)
                self._check(self._reader, root, collection)
                if root.states[collection].key_id not in self._keys:
                    self._keys.learn(self._reader)
                yield root
            finally:
                self._reader.rollback()

    def _must_be_in_place(self) -> None:
        if place_of(self.path) != self._place:
            raise StoreReplaced(f"{self.path} was replaced by another file meanwhile.", hint="Open the store again.")

    def _check(self, connection: Connection, root: Root, collection: CollectionName) -> None:
        if collection not in self._checked:
            check_collection(connection, collection, self._sealers[collection], root.states[collection])
            self._checked.add(collection)

    def _root(self, connection: Connection) -> Root:
        return self._root_sealer.open(header(connection, "root"))

    def _current_anchor(self) -> Anchor:
        with self._read_lock, translated(self.path):
            self._must_be_in_place()
            sealed = header(self._reader, "root")
        return anchor_of(self._root_sealer.open(sealed), sealed or b"")

    def _keychain_anchor(self, keychain: Keychain) -> KeychainAnchor:
        return KeychainAnchor(keychain, self._id, self.path.with_suffix(".anchor-lock"), self._current_anchor)

    def _judge(self) -> None:
        """Look once at all but the records. What is wrong is kept, so that the audit trail can still be looked at."""
        try:
            self._refusal = self._anchor.judge() if self._anchor else None
            check_version(self._reader, self._root(self._reader).schema)
            check_tables(self._reader)
            self._keys.check()
        except StoreTampered as found:
            self._refusal = found

    def _bring_up_to_date(self) -> None:
        if self._refusal is not None:
            return
        if self._root(self._reader).schema != SCHEMA:
            with copy_kept(self.path) as keep_copy, self.transaction() as within:
                self.migrated_from = migrate(within, lambda schema: keep_copy(self._reader, schema))
        # What lies beside the store goes when every record was read; a process that was killed may have left it.
        if kept_copies(self.path):
            deque(chain.from_iterable(map(self.records, self._sealers)), 0)
            remove_copies(self.path)

    def _sealer(self, name: CollectionName, cipher: Callable[[int], AESGCM] | None = None) -> RowSealer:
        return RowSealer(
            name,
            self._id,
            cipher=cipher or self._keys.cipher,
            id_key=self._keys.derive(f"row ids of {name}"),
            digest_key=self._keys.derive(f"digest of {name}"),
        )
