"""The scans that were made, and what each found changed, in `alerts_events`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from escher.contract.changes import Change, FieldChange
from escher.contract.estate import Scope
from escher.store.collections import CollectionName
from escher.store.records import Record
from escher.store.transaction import Transaction
from escher.store.vault import Store
from escher.store.withheld import is_secret, without_secret

RECORDS: CollectionName = "alerts_events"
KEPT_DAYS = 90
_DAY = 86_400

ScanStatus = Literal["running", "completed", "cancelled", "failed"]


@dataclass(frozen=True, slots=True)
class ScanRun:
    """One scan: what was asked for (as a digest), how it went. Times are Unix seconds; 0: not yet.

    `number` counts the scans of this store from 1: two may begin in one second.
    """

    scan_id: str
    scan_type: str
    request: str
    status: ScanStatus
    started_at: int
    ended_at: int = 0
    found: int = 0
    appeared: int = 0
    changed: int = 0
    vanished: int = 0
    scopes: int = 0
    failed: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Recorded:
    """A change with the scan that found it and when (Unix seconds)."""

    at: int
    scan_id: str
    change: Change


class ScanHistory:
    """Reads and writes the history of scans. Safe for threads."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, run: ScanRun) -> None:
        """Keep how a scan stands."""
        with self._store.transaction() as transaction:
            transaction.put(RECORDS, Record(_key(run.scan_id), {"kind": "scan_run"} | asdict(run)))

    def get(self, scan_id: str) -> ScanRun | None:
        """The scan with this id, or None."""
        record = self._store.get(RECORDS, _key(scan_id))
        return _run(record.body) if record else None

    def runs(self) -> list[ScanRun]:
        """Every scan that is remembered, the newest first."""
        found = [_run(body) for body in self._bodies("scan_run")]
        return sorted(found, key=lambda run: (run.number, run.started_at), reverse=True)

    def broken_off(self, request: str, since: int) -> ScanRun | None:
        """The newest scan alike that began after a moment, if it was cancelled or never ended; else None.

        Call it only while no scan is at work: one that is looks the same.
        """
        newest = next((run for run in self.runs() if run.request == request), None)
        if newest is None or newest.started_at < since or newest.status not in ("running", "cancelled"):
            return None
        return newest

    def give_up(self, but: str) -> None:
        """Call every scan failed that is not ended, except one."""
        for run in self.runs():
            if run.status == "running" and run.scan_id != but:
                self.put(replace(run, status="failed"))

    def changes(self, since: int | ScanRun = 0, until: int | ScanRun | None = None) -> list[Recorded]:
        """What scans found changed from a moment on and before another, the oldest first.

        A scan stands for the state that it found: later than it and its own changes, up to it and with them.
        """
        numbers = {run.scan_id: run.number for run in self.runs()}

        def is_before(body: Mapping[str, Any], end: int | ScanRun) -> bool:
            if isinstance(end, int):
                return body["at"] < end
            return numbers.get(body["scan_id"], 0) <= end.number

        found = [
            Recorded(body["at"], body["scan_id"], change)
            for body in self._bodies("estate_change")
            if not is_before(body, since) and (until is None or is_before(body, until))
            for change in map(_change, body["changes"])
        ]
        return sorted(found, key=lambda recorded: (numbers.get(recorded.scan_id, 0), recorded.at))

    def forget(self, now: int, days: int = KEPT_DAYS) -> int:
        """Take out what is older than so many days; how many records went. `now` is Unix seconds."""
        before = now - days * _DAY
        old = [
            record.key
            for record in self._store.records(RECORDS)
            if record.body.get("kind") in ("scan_run", "estate_change")
            and record.body.get("at", record.body.get("started_at", now)) < before
        ]
        with self._store.transaction() as transaction:
            transaction.delete(RECORDS, *old)
        return len(old)

    def _bodies(self, kind: str) -> Iterator[Mapping[str, Any]]:
        return (record.body for record in self._store.records(RECORDS) if record.body.get("kind") == kind)


def put_changes(transaction: Transaction, scope: Scope, changes: Iterable[Change], at: int) -> None:
    """Keep what a scan found changed in a scope, in the transaction that stores the scope itself."""
    found = [asdict(known) for change in changes if (known := told(change)) is not None]
    if found:
        body = {"kind": "estate_change", "scan_id": scope.scan_id, "at": at, "scope": scope.key, "changes": found}
        transaction.put(RECORDS, Record(f"estate_change:{scope.scan_id}:{scope.key}", body))


def told(change: Change) -> Change | None:
    """A change without what is never stored, the value of a secret; None when nothing else is another."""
    cleaned = (
        replace(one, before=without_secret(one.before), after=without_secret(one.after))
        for one in change.fields
        if not is_secret(one.name.rpartition(".")[2])
    )
    fields = tuple(one for one in cleaned if one.before != one.after)
    return None if change.what == "changed" and not fields else replace(change, fields=fields)


def _key(scan_id: str) -> str:
    return f"scan_run:{scan_id}"


def _run(body: Mapping[str, Any]) -> ScanRun:
    return ScanRun(**{name: value for name, value in body.items() if name != "kind"})


def _change(body: Mapping[str, Any]) -> Change:
    values: dict[str, Any] = {**body, "fields": tuple(FieldChange(**one) for one in body["fields"])}
    return Change(**values)
