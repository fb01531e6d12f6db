"""The estate in the store: resources with their vectors, the scopes a scan saw, and the accounts to scan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from types import MappingProxyType
from typing import Any

from escher.contract.estate import Account, Resource, Scope
from escher.store.collections import CollectionName
from escher.store.mirror import Mirror
from escher.store.records import Record
from escher.store.transaction import Transaction
from escher.store.vault import Store

ESTATE: CollectionName = "cloud_estate"
RECORDS: CollectionName = "alerts_events"
_FIELDS = tuple(field.name for field in fields(Resource))
# What a resource's text is made of, besides its type and identifier, which are in its key.
_SPOKEN = ("kind", "service", "name", "tags")


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource, its vector if it has one, and the hash of the text that the vector was made from."""

    resource: Resource
    text_hash: str = ""
    vector: bytes | None = None


@dataclass(frozen=True, slots=True)
class ScopeResult:
    """What a scan saw of one scope; all there is in it when the scope's status is `complete`."""

    scope: Scope
    resources: Sequence[Resource]


@dataclass(frozen=True, slots=True)
class Applied:
    """How many resources a scan wrote, and how many were gone."""

    written: int
    deleted: int


class EstateSnapshot:
    """The estate at one moment. It never changes; an unchanged estate gives the same object again."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = entries

    @cached_property
    def resources(self) -> Mapping[str, Resource]:
        """Resources by natural key, in order of insertion."""
        return MappingProxyType({key: entry.resource for key, entry in self.entries.items()})

    @cached_property
    def by_id(self) -> Mapping[str, Resource]:
        """Resources by the provider's global id."""
        return MappingProxyType({entry.resource.resource_id: entry.resource for entry in self.entries.values()})

    @cached_property
    def vectors(self) -> Mapping[str, bytes]:
        """Vectors by natural key, of those resources that have one."""
        found = ((key, entry.vector) for key, entry in self.entries.items())
        return MappingProxyType({key: vector for key, vector in found if vector is not None})

    @cached_property
    def text_hashes(self) -> Mapping[str, str]:
        """For each key in `vectors`, the hash of the text its vector was made from."""
        return MappingProxyType({key: self.entries[key].text_hash for key in self.vectors})

    @cached_property
    def scopes(self) -> Mapping[str, frozenset[str]]:
        """The natural keys in each scope, by the scope's key."""
        found: dict[str, set[str]] = {}
        for key, resource in self.resources.items():
            found.setdefault(_scope_key(resource), set()).add(key)
        return MappingProxyType({scope: frozenset(keys) for scope, keys in found.items()})


class EstateStore:
    """Reads and writes the estate. Safe for threads, and follows what other processes write."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._entries = Mirror(store, ESTATE, _entry)
        self._records = Mirror(store, RECORDS, lambda record: record)
        self._snapshot = EstateSnapshot(MappingProxyType({}))

    # -- resources -----------------------------------------------------------------------------------------

    def snapshot(self) -> EstateSnapshot:
        """The whole estate as of the last commit; microseconds when nothing was committed since. Raises StoreTampered."""
        entries, snapshot = self._entries.current(), self._snapshot
        if entries is not snapshot.entries:
            snapshot = self._snapshot = EstateSnapshot(entries)
        return snapshot

    def upsert(self, resources: Iterable[Resource]) -> None:
        """Write resources. One that still means the same keeps its vector."""
        with self._store.transaction() as transaction:
            transaction.put(ESTATE, *self._as_records(resources))

    def delete(self, keys: Iterable[str]) -> None:
        """Take out resources by natural key; unknown keys are ignored."""
        with self._store.transaction() as transaction:
            transaction.delete(ESTATE, *keys)

    def apply(self, results: Iterable[ScopeResult]) -> Applied:
        """Take over what a scan saw, in one transaction: resources, scopes, and deletions in complete scopes only."""
        written = deleted = 0
        with self._store.transaction() as transaction:
            known = self.snapshot().scopes
            for result in results:
                records = self._as_records(result.resources)
                transaction.put(ESTATE, *records)
                written += len(records)
                gone = known.get(result.scope.key, frozenset()) - {record.key for record in records}
                if result.scope.status == "complete":
                    transaction.delete(ESTATE, *gone)
                    deleted += len(gone)
                _put_scope(transaction, result.scope)
        return Applied(written, deleted)

    def set_vectors(self, vectors: Mapping[str, tuple[str, bytes]]) -> None:
        """Keep embedded vectors: natural key → (hash of the text, float32 bytes). Resources that are gone are skipped."""
        with self._store.transaction() as transaction:
            for key, (text_hash, vector) in vectors.items():
                record = transaction.get(ESTATE, key)
                if record is not None:
                    transaction.put(ESTATE, Record(key, record.body | {"text_hash": text_hash}, vector))

    def without_vectors(self) -> list[Resource]:
        """Resources that are to be embedded: new ones, and those whose meaning changed."""
        return [entry.resource for entry in self.snapshot().entries.values() if entry.vector is None]

    def _as_records(self, resources: Iterable[Resource]) -> list[Record]:
        entries = self.snapshot().entries
        return [_record(resource, entries.get(resource.natural_key)) for resource in resources]

    # -- scopes and accounts -------------------------------------------------------------------------------

    def scopes(self) -> list[Scope]:
        """Every scope that was ever scanned, as the last scan left it."""
        return [
            Scope(**{name: value for name, value in record.body.items() if name != "kind"})
            for record in self._records.current().values()
            if record.body["kind"] == "scan_record"
        ]

    def put_scopes(self, scopes: Iterable[Scope]) -> None:
        """Record scopes without touching resources."""
        with self._store.transaction() as transaction:
            for scope in scopes:
                _put_scope(transaction, scope)

    def accounts(self) -> list[Account]:
        """Every account, in the order in which they were added."""
        settings = [r.body for r in self._records.current().values() if r.body["kind"] == "setting"]
        return [_account(body["account"]) for body in settings if "account" in body]

    def put_account(self, account: Account) -> None:
        """Add an account, or replace the one with the same provider and id."""
        with self._store.transaction() as transaction:
            transaction.put(RECORDS, Record(_account_key(account), {"kind": "setting", "account": asdict(account)}))

    def remove_account(self, account: Account) -> None:
        """Forget an account; its resources stay until they are deleted."""
        with self._store.transaction() as transaction:
            transaction.delete(RECORDS, _account_key(account))


def _record(resource: Resource, old: Entry | None) -> Record:
    body = {name: getattr(resource, name) for name in _FIELDS}
    if old is None or any(getattr(old.resource, name) != body[name] for name in _SPOKEN):
        return Record(resource.natural_key, body)
    return Record(resource.natural_key, body | {"text_hash": old.text_hash}, old.vector)


def _entry(record: Record) -> Entry:
    body = record.body
    return Entry(Resource(**{name: body[name] for name in _FIELDS}), body.get("text_hash", ""), record.vector)


def _scope_key(resource: Resource) -> str:
    return f"{resource.provider}:{resource.account_id}:{resource.region}:{resource.resource_type}"


def _put_scope(transaction: Transaction, scope: Scope) -> None:
    transaction.put(RECORDS, Record(f"scan_record:{scope.key}", {"kind": "scan_record"} | asdict(scope)))


def _account_key(account: Account) -> str:
    return f"setting:account:{account.provider}:{account.account_id}"


def _account(body: Mapping[str, Any]) -> Account:
    """JSON knows lists only; the fields of an account are tuples."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in body.items()}
    return Account(**values)
