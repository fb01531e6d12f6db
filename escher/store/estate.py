"""The estate in the store: resources with their vectors, the scopes a scan saw, and the accounts to scan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from types import MappingProxyType
from typing import Any

from escher.contract.changes import Change
from escher.contract.estate import GLOBAL, Account, Resource, Scope
from escher.contract.marks import Mark
from escher.store.collections import CollectionName
from escher.store.entries import Duplicate, Entry, EstateSnapshot, Value, entry_of, record_of
from escher.store.history import put_changes
from escher.store.mirror import Mirror
from escher.store.records import Record
from escher.store.transaction import Transaction
from escher.store.vault import Store

ESTATE: CollectionName = "cloud_estate"
RECORDS: CollectionName = "alerts_events"
UNSEEN_DAYS = 7
_DAY = 86_400
# What one transaction takes at most, so that no other writer waits long.
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class ScopeResult:
    """What a scan saw of one scope; all there is in it when the scope's status is `complete`.

    The resources may lie in other regions than the scope's: they are known as the scope's own from then on. Without
    `cleanup` what is not among them stays. `changes` are those since the scope was seen whole before, found at `at`.
    """

    scope: Scope
    resources: Sequence[Resource]
    cleanup: bool = True
    changes: Sequence[Change] = ()
    at: int = 0


@dataclass(frozen=True, slots=True)
class Applied:
    """How many resources a scan wrote, and how many were gone."""

    written: int
    deleted: int


class EstateStore:
    """Reads and writes the estate. Safe for threads, and follows what other processes write."""

    def __init__(self, store: Store) -> None:
        self.store = self._store = store
        self._entries = Mirror(store, ESTATE, partial(entry_of, vectors={}), _group)
        self._records = Mirror(store, RECORDS, _own_record)
        self._snapshot = EstateSnapshot(MappingProxyType({}))

    # -- reading -------------------------------------------------------------------------------------------

    def snapshot(self) -> EstateSnapshot:
        """The whole estate as of the last commit; microseconds when nothing was committed since. Raises StoreTampered."""
        entries, snapshot = self._entries.current(), self._snapshot
        if entries is not snapshot.entries:
            snapshot = self._snapshot = EstateSnapshot(entries)
        return snapshot

    def get(self, key: str) -> Resource | None:
        """The resource with this natural key, or None."""
        entry = self._entries.current().get(key)
        return None if entry is None else entry.resource

    def by_account(self, account_id: str) -> list[Resource]:
        """The resources of an account."""
        return self.snapshot().matching({"account_id": account_id})

    def by_region(self, region: str) -> list[Resource]:
        """The resources in a region, of all accounts."""
        return self.snapshot().matching({"region": region})

    def by_type(self, resource_type: str) -> list[Resource]:
        """The resources of a provider's type, such as `aws_ec2_instance`."""
        return self.snapshot().matching({"resource_type": resource_type})

    def count(self, filters: Mapping[str, Value | Sequence[Value]] | None = None) -> int:
        """How many resources have one of the wanted values in every field. Raises InvalidInput for another field."""
        return len(self.snapshot().matching(filters)) if filters else len(self._entries.current())

    def summary(self) -> Mapping[str, Mapping[str, int]]:
        """How many there are by `provider`, `account_id`, `region`, `kind`, `state` and `env`."""
        return self.snapshot().summary

    def in_scope(self, scope: Scope) -> dict[str, Resource]:
        """What is known of a scope, by natural key: what a scan saw in it, else what lies in its region."""
        return {key: entry.resource for key, entry in self._in_scope(scope).items()}

    def without_vectors(self) -> list[Resource]:
        """Resources that are to be embedded: new ones, and those whose meaning changed."""
        return [entry.resource for entry in self._entries.current().values() if entry.vector is None]

    # -- writing -------------------------------------------------------------------------------------------

    def upsert(self, resources: Iterable[Resource]) -> None:
        """Write resources in one transaction. One that still means the same keeps its vector."""
        with self._store.transaction() as transaction:
            transaction.put(ESTATE, *self._as_records(resources))

    def bulk_upsert(self, resources: Iterable[Resource]) -> int:
        """Write any number of resources, ten thousand a transaction; how many there were."""
        waiting, written = iter(resources), 0
        while batch := list(islice(waiting, BATCH)):
            self.upsert(batch)
            written += len(batch)
        return written

    def delete(self, keys: Iterable[str]) -> None:
        """Take out resources by natural key; unknown keys are ignored."""
        with self._store.transaction() as transaction:
            transaction.delete(ESTATE, *keys)

    def sync(self, resources: Sequence[Resource], scope: Scope) -> Applied:
        """Take over what a scan saw of one scope."""
        return self.apply([ScopeResult(scope, resources)])

    def apply(self, results: Iterable[ScopeResult]) -> Applied:
        """Take over what a scan saw, in one transaction: resources, scopes, and deletions in complete scopes only."""
        written = deleted = 0
        seen: set[str] = set()
        with self._store.transaction() as transaction:
            for result in results:
                records = self._as_records(result.resources, result.scope.key)
                transaction.put(ESTATE, *records)
                written += len(records)
                seen.update(record.key for record in records)
                if result.scope.status == "complete" and result.cleanup:
                    gone = self._in_scope(result.scope).keys() - seen
                    transaction.delete(ESTATE, *gone)
                    deleted += len(gone)
                _put_scope(transaction, result.scope)
                put_changes(transaction, result.scope, result.changes, result.at)
        return Applied(written, deleted)

    def set_vectors(self, vectors: Mapping[str, tuple[str, bytes]]) -> None:
        """Keep embedded vectors: natural key → (hash of the text, float32 bytes). Resources that are gone are skipped."""
        with self._store.transaction() as transaction:
            for key, (text_hash, vector) in vectors.items():
                record = transaction.get(ESTATE, key)
                if record is not None:
                    transaction.put(ESTATE, Record(key, record.body | {"text_hash": text_hash}, vector))

    # -- cleaning up ---------------------------------------------------------------------------------------

    def find_duplicates(self) -> Sequence[Duplicate]:
        """What is kept under several keys although the provider gives it one id; of each the newest key first."""
        return self.snapshot().duplicates

    def cleanup_duplicates(self) -> int:
        """Keep of each duplicate what was seen last; how many were deleted."""
        return self._clean(lambda: [key for found in self.find_duplicates() for key in found.keys[1:]])

    def cleanup_unseen(self, now: int, days: int = UNSEEN_DAYS) -> int:
        """Delete what was not seen for so many days; how many were deleted. `now` is Unix seconds.

        A scope that could not be read, or was not scanned, is no proof that anything is gone: there the time runs
        until its last complete scan only, and until now for what is in no scope that was ever scanned.
        """

        def unseen() -> list[str]:
            scopes = {scope.key: scope for scope in self.scopes()}
            entries = self._entries.current().items()
            return [
                key for key, entry in entries if entry.resource.last_synced < _seen_until(entry, scopes, now) - wait
            ]

        wait = days * _DAY
        return self._clean(unseen)

    def _clean(self, doomed: Callable[[], Sequence[str]]) -> int:
        """Delete in bounded transactions; what is doomed is found in each anew, as others write in between."""
        deleted = 0
        while True:
            with self._store.transaction() as transaction:
                keys = doomed()[:BATCH]
                transaction.delete(ESTATE, *keys)
            if not keys:
                return deleted
            deleted += len(keys)

    # -- scopes and accounts -------------------------------------------------------------------------------

    def scopes(self) -> list[Scope]:
        """Every scope that was ever scanned, as the last scan left it."""
        return [
            Scope(**{name: value for name, value in body.items() if name != "kind"})
            for body in self._records.current().values()
            if body.get("kind") == "scan_record"
        ]

    def put_scopes(self, scopes: Iterable[Scope]) -> None:
        """Record scopes without touching resources."""
        with self._store.transaction() as transaction:
            for scope in scopes:
                _put_scope(transaction, scope)

    def accounts(self) -> list[Account]:
        """Every account, in the order in which they were added."""
        return [_account(body["account"]) for body in self._records.current().values() if "account" in body]

    def put_account(self, account: Account) -> None:
        """Add an account, or replace the one with the same provider and id."""
        with self._store.transaction() as transaction:
            transaction.put(RECORDS, Record(_account_key(account), {"kind": "setting", "account": asdict(account)}))

    def remove_account(self, account: Account) -> None:
        """Forget an account; its resources stay until they are deleted."""
        with self._store.transaction() as transaction:
            transaction.delete(RECORDS, _account_key(account))

    def marks(self) -> list[Mark]:
        """What the user wants left out or never changed."""
        bodies = self._records.current().values()
        return [Mark(body["effect"], body["pattern"]) for body in bodies if body.get("kind") == "mark"]

    def put_mark(self, mark: Mark) -> None:
        """Keep a mark; one that is there already stays."""
        with self._store.transaction() as transaction:
            transaction.put(RECORDS, Record(_mark_key(mark), {"kind": "mark"} | asdict(mark)))

    def remove_mark(self, mark: Mark) -> bool:
        """Take a mark away; whether it was there."""
        with self._store.transaction() as transaction:
            found = transaction.get(RECORDS, _mark_key(mark)) is not None
            transaction.delete(RECORDS, _mark_key(mark))
        return found

    # -- inside --------------------------------------------------------------------------------------------

    def _as_records(self, resources: Iterable[Resource], scope: str = "") -> list[Record]:
        entries = self._entries.current()
        return [record_of(resource, entries.get(resource.natural_key), scope) for resource in resources]

    def _in_scope(self, scope: Scope) -> dict[str, Entry]:
        unplaced = self._entries.members(_unplaced(scope))
        here = {key: entry for key, entry in unplaced.items() if scope.region in (GLOBAL, entry.resource.region)}
        return here | self._entries.members(scope.key)


def _unplaced(of: Resource | Scope) -> str:
    """The group of those resources of an account and type of which no scan has said which scope they are in."""
    return f"{of.provider}:{of.account_id}::{of.resource_type}"


def _group(entry: Entry) -> str:
    return entry.scope or _unplaced(entry.resource)


def _seen_until(entry: Entry, scopes: Mapping[str, Scope], now: int) -> int:
    """Until when it would have been seen if it were there; 0 when nobody could look."""
    one = entry.resource
    places = [f"{one.provider}:{one.account_id}:{region}:{one.resource_type}" for region in (one.region, GLOBAL)]
    found = [scopes[key] for key in ([entry.scope] if entry.scope else places) if key in scopes]
    if any(scope.status != "complete" for scope in found):
        return 0
    return max((scope.scanned_at for scope in found), default=now)


def _own_record(record: Record) -> Mapping[str, Any]:
    """A scope, an account or a mark; of other rooms' records in this collection nothing is kept in memory."""
    return record.body if record.body.get("kind") in ("scan_record", "mark") or "account" in record.body else {}


def _put_scope(transaction: Transaction, scope: Scope) -> None:
    transaction.put(RECORDS, Record(f"scan_record:{scope.key}", {"kind": "scan_record"} | asdict(scope)))


def _mark_key(mark: Mark) -> str:
    return f"mark:{mark.effect}:{mark.pattern}"


def _account_key(account: Account) -> str:
    return f"setting:account:{account.provider}:{account.account_id}"


def _account(body: Mapping[str, Any]) -> Account:
    """JSON knows lists only; the fields of an account are tuples."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in body.items()}
    return Account(**values)
