"""What a restore brings back, and what it never takes back (design.md section 7, rule 8).

The audit trail only grows. What was done stays known: an approval that was used stays used, and one that was not is
not brought back, nor its plan, so that no old consent can be given or used again; nor are pre-approvals. The policy stays as it is now, unless
there is no store yet to have one. When a single collection is restored, the user's other rules of what may be done
(marks, pre-approvals, settings) stay as they are now, too.
"""

from __future__ import annotations

from dataclasses import dataclass

from escher.errors import BackupError
from escher.store.collections import CollectionName
from escher.store.migration import operation_v2
from escher.store.operations import OPERATIONS, operation_key
from escher.store.records import Record
from escher.store.root import SCHEMA, Head
from escher.store.transaction import Transaction

_REPORTS: CollectionName = "immutable_reports"
_ENTRY = "audit:"
_TRAIL = (_ENTRY, "checkpoint:")
# Whoever agreed to something agreed at the time; the clock is what a consent expires by.
_CONSENT = frozenset({"plan", "approval", "request", "preapproval", "clock"})
_RULES = frozenset({"mark", "setting", "remediation_setting"})
# An account that is being purged goes on being purged.
_PURGE = "purge:"


def is_trail(collection: CollectionName, record: Record) -> bool:
    """Whether this is a part of the audit trail."""
    return collection == _REPORTS and record.key.startswith(_TRAIL)


@dataclass(frozen=True, slots=True)
class Returning:
    """What of an archive comes back: from one `collection`, or from all when that is None.

    `used` are the ids of plans whose approval was used. `trail`: into a new store the trail comes, too.
    """

    used: frozenset[str]
    collection: CollectionName | None = None
    trail: bool = False

    def comes_back(self, collection: CollectionName, record: Record) -> bool:
        """Whether this record of the archive is written into the store."""
        if self.collection not in (None, collection):
            return False
        if is_trail(collection, record):
            return self.trail
        if collection == OPERATIONS:
            sort, _, plan_id = record.key.partition(":")
            return sort not in _CONSENT or (sort in ("plan", "approval") and plan_id in self.used)
        return not self._stays_as_it_is(collection, record)

    def stays(self, collection: CollectionName, record: Record) -> bool:
        """Whether this record of the store is kept as it is, whatever the archive holds."""
        if self.collection not in (None, collection) or is_trail(collection, record):
            return True
        return collection == OPERATIONS or self._stays_as_it_is(collection, record)

    def _stays_as_it_is(self, collection: CollectionName, record: Record) -> bool:
        if collection != "alerts_events":
            return False
        kind = record.body.get("kind")
        if record.key.startswith(_PURGE) or (kind == "policy" and not self.trail):
            return True
        return self.collection is not None and kind in _RULES


def used_plan(collection: CollectionName, record: Record) -> str | None:
    """The id of the plan of which this record is a used approval, or None."""
    approval = operation_key("approval", "")
    if collection != OPERATIONS or not record.key.startswith(approval) or record.body.get("state") != "used":
        return None
    return record.key.removeprefix(approval)


def must_continue(within: Transaction, head: Head) -> None:
    """Raises BackupError unless the store's audit trail goes on from the one that ends in `head`."""
    record = within.get(_REPORTS, f"{_ENTRY}{head.entries}") if head.entries else None
    if head.entries and (record is None or record.body["entry"]["hash"] != head.hash):
        raise BackupError(
            "the audit trail of this backup is not the beginning of this store's.",
            hint="The store has another past. Restore the backup where there is none: set ESCHER_HOME to another folder.",
        )


def as_today(collection: CollectionName, record: Record, schema: int) -> Record:
    """A record of version `schema` of the store as this version has it."""
    if schema == SCHEMA or collection != OPERATIONS:
        return record
    return Record(record.key, operation_v2(record.body), record.vector)
