"""The audit trail in the store: entries in `immutable_reports`, their end in the root of the store."""

from __future__ import annotations

from collections.abc import Iterator

from escher.contract.audit import AuditEntry, AuditEvent, Verification
from escher.contract.wire import canonical
from escher.errors import StoreRolledBack
from escher.ledger.chain import End, link, verify
from escher.store.collections import CollectionName
from escher.store.records import Record
from escher.store.root import Head
from escher.store.transaction import Transaction
from escher.store.vault import Store

COLLECTION: CollectionName = "immutable_reports"
REPORT_TYPE = "audit"


class Ledger:
    """Appends to the trail, reads it and checks it. Any number of processes may append at once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def append(self, event: AuditEvent, *, within: Transaction | None = None) -> int:
        """Write one event, in the given transaction or in one of its own; its entry number.

        The end of the trail is read inside the transaction, so concurrent writers continue each other's entries.
        """
        if within is not None:
            return _append(event, within)
        with self._store.transaction() as transaction:
            return _append(event, transaction)

    def entries(self) -> Iterator[AuditEntry]:
        """The whole trail in order. Raises StoreTampered."""
        return (_entry(record) for record in self._store.records(COLLECTION) if _is_audit(record))

    def export(self) -> Iterator[str]:
        """The trail as lines of canonical JSON, one entry each. Raises StoreTampered."""
        return (canonical(entry).decode() for entry in self.entries())

    def verify(self) -> Verification:
        """Check every entry, whatever else was done to the store; names the first that is bad. Never raises for that."""
        head, records = self._store.survey(COLLECTION)
        trail = (record and _entry(record) for record in records if record is None or _is_audit(record))
        found = verify(trail, _end(head), _end(self._store.anchored_head))
        if found.status != "ok":
            return found
        if isinstance(self._store.refusal, StoreRolledBack):
            return found.model_copy(update={"status": "truncated", "message": str(self._store.refusal)})
        if not self._store.anchored:
            return _doubted(found, forgotten=self._store.has_keychain)
        return found


def _doubted(found: Verification, *, forgotten: bool) -> Verification:
    """A trail in order, of a store that no keychain remembers."""
    doubt = "an older copy of the whole file would look the same."
    if forgotten:
        message = f"The keychain holds this store's key but has forgotten its trail: {doubt}"
        return found.model_copy(update={"status": "unverifiable", "message": message})
    return found.model_copy(update={"message": f"{found.message} No keychain remembers this store: {doubt}"})


def _append(event: AuditEvent, transaction: Transaction) -> int:
    entry = link(event, End(transaction.head.entries, transaction.head.hash))
    body = {"report_type": REPORT_TYPE, "entry": entry.model_dump(mode="json")}
    transaction.insert(COLLECTION, Record(key=f"{REPORT_TYPE}:{entry.entry}", body=body))
    transaction.extend_chain(Head(entry.entry, entry.hash))
    return entry.entry


def _is_audit(record: Record) -> bool:
    return record.key.startswith(f"{REPORT_TYPE}:")


def _entry(record: Record) -> AuditEntry:
    return AuditEntry.model_validate(record.body["entry"])


def _end(head: Head | None) -> End | None:
    return None if head is None else End(head.entries, head.hash)
