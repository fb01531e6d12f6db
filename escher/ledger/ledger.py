"""The audit trail in the store: entries and checkpoints in `immutable_reports`, their end in the root of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from escher.contract.audit import AuditEntry, AuditEvent, Checkpoint, Verification
from escher.errors import StoreError, StoreRolledBack
from escher.ledger.chain import End, link, link_of, verify
from escher.ledger.checkpoints import Checks, is_due, make
from escher.ledger.export import signed_lines
from escher.ledger.second_place import SecondPlace, Testimony, Written, hear
from escher.ledger.signing import Signer, fingerprint
from escher.store.collections import CollectionName
from escher.store.records import Record
from escher.store.root import Head
from escher.store.transaction import Transaction
from escher.store.vault import Store

COLLECTION: CollectionName = "immutable_reports"
# Reports about audits have `report_type` "audit", too: entries and checkpoints are known by their keys alone.
_ENTRY, _CHECKPOINT = "audit:", "checkpoint:"


class Ledger:
    """Appends to the trail, reads it and checks it. Any number of processes may append at once."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        second_place: Path | None = None,
    ) -> None:
        """`second_place` is a folder to which each checkpoint is appended, too."""
        self._store, self._clock = store, clock
        self._second = SecondPlace(second_place, store.store_id, lambda: self.public_key) if second_place else None
        self._handed_over = 0

    @property
    def public_key(self) -> str:
        """The key that checkpoints and exports of this store are signed with, 64 hexadecimal digits."""
        return self._signer().public_key

    def _signer(self) -> Signer:
        """Made when it is needed and not kept, so that nothing of it is in memory when the store is locked."""
        return Signer(self._store.derive("audit signatures"))

    def append(self, event: AuditEvent, *, within: Transaction | None = None) -> int:
        """Write one event, in the given transaction or in one of its own; its entry number.

        The end of the trail is read inside the transaction, so concurrent writers continue each other's entries.
        """
        if within is not None:
            return self._append(event, within)
        with self._store.transaction() as transaction:
            entry, signed = self._append(event, transaction), transaction.head.checkpoint
        self._hand_over(signed)
        return entry

    def checkpoint(self) -> None:
        """Sign the trail up to its end, unless that is done, and bring the second place up to date."""
        with self._store.transaction() as transaction:
            head = transaction.head
            if head.entries > head.checkpoint:
                record = transaction.get(COLLECTION, f"{_ENTRY}{head.entries}")
                if record is not None:
                    self._sign(_entry(record), _last(transaction), transaction)
            signed = transaction.head.checkpoint
        self._hand_over(signed)

    def _hand_over(self, signed: int) -> None:
        """Append to the second place what is committed and not there. Never fails: it is done the next time."""
        if self._second is None or signed in (0, self._handed_over):
            return
        with suppress(StoreError):
            record = self._store.get(COLLECTION, f"{_CHECKPOINT}{signed}")
            if record is not None and self._second.take(_checkpoint(record), self._checkpoints):
                self._handed_over = signed

    def _checkpoints(self) -> Iterator[Checkpoint]:
        return (_checkpoint(one) for one in self._store.records(COLLECTION) if one.key.startswith(_CHECKPOINT))

    def entries(self) -> Iterator[AuditEntry]:
        """The whole trail in order. Raises StoreTampered."""
        return (_entry(record) for record in self._store.records(COLLECTION) if record.key.startswith(_ENTRY))

    def export(self) -> Iterator[str]:
        """The trail as signed lines of JSON, which `escher.ledger.export` checks anywhere. Raises StoreTampered."""
        records = self._store.records(COLLECTION)
        trail = (_entry(one) if one.key.startswith(_ENTRY) else _checkpoint(one) for one in records if _is_ours(one))
        return signed_lines(trail, self._store.store_id, self._signer(), self._clock())

    def verify(self) -> Verification:
        """Check every entry and signature, whatever else was done to the store; names the first that is bad.

        Never raises for what it finds.
        """
        # Read before the store: what others append meanwhile must not look as if the store were behind.
        written = self._second.read() if self._second else Written()
        head, survey = self._store.survey(COLLECTION)
        records, key = list(survey), self.public_key
        checkpoints = [_checkpoint(one) for one in records if one is not None and one.key.startswith(_CHECKPOINT)]
        checks = Checks(self._store.store_id, key, checkpoints)
        trail = (one and link_of(one.body["entry"]) for one in records if one is None or one.key.startswith(_ENTRY))
        found = verify(trail, _end(head), _end(self._store.anchored_head), checks)
        if found.status == "ok":
            found = self._confirmed(found, checks, head or Head())
        if found.status == "ok":
            hashes = {one.key: one.body["entry"]["hash"] for one in records if one and one.key.startswith(_ENTRY)}
            heard = hear(written, checkpoints, found.entries, lambda entry: hashes[f"{_ENTRY}{entry}"])
            found = self._remembered(found, heard)
            if self._second and found.status == "ok" and heard.agreed < checks.signed_entries:
                checks.notes.append(f"The second place knows the trail up to entry {heard.agreed} only.")
        return found.model_copy(
            update={
                "checkpoints": checks.count,
                "signed_entries": checks.signed_entries,
                "uncovered": checks.uncovered(),
                "key": fingerprint(key),
                "notes": (*checks.notes, *filter(None, [written.note])),
            }
        )

    def _confirmed(self, found: Verification, checks: Checks, head: Head) -> Verification:
        """A trail in order, held against its signatures and what is remembered outside the store."""
        problem = checks.left()
        if checks.signed_entries < head.checkpoint:
            problem = problem or f"the checkpoint of entry {head.checkpoint} was altered or taken out"
        if problem:
            bad = checks.signed_entries + 1
            message = f"entries from {bad} on cannot be vouched for: {problem}."
            return found.model_copy(update={"status": "tampered", "first_bad_entry": bad, "message": message})
        if isinstance(self._store.refusal, StoreRolledBack):
            return found.model_copy(update={"status": "truncated", "message": str(self._store.refusal)})
        return found

    def _remembered(self, found: Verification, heard: Testimony) -> Verification:
        """A trail that is in order in itself, held against the second place, and who remembers it."""
        if problem := heard.problem(found.entries):
            status, bad = ("tampered", heard.agreed + 1) if heard.differs else ("truncated", found.entries + 1)
            return found.model_copy(update={"status": status, "first_bad_entry": bad, "message": f"{problem}."})
        if self._store.anchored:
            return found
        return _doubted(found, heard.agreed, forgotten=self._store.has_keychain)

    def _append(self, event: AuditEvent, within: Transaction) -> int:
        head = within.head
        entry = link(event, End(head.entries, head.hash))
        body = {"report_type": "audit", "entry": entry.model_dump(mode="json")}
        within.insert(COLLECTION, Record(key=f"{_ENTRY}{entry.entry}", body=body))
        within.extend_chain(Head(entry.entry, entry.hash, head.checkpoint))
        last = _last(within)
        if is_due(entry.entry, self._clock(), last):
            self._sign(entry, last, within)
        return entry.entry

    def _sign(self, entry: AuditEntry, last: Checkpoint | None, within: Transaction) -> None:
        made = make(self._signer(), self._store.store_id, entry, self._clock(), last)
        body = {"report_type": "checkpoint", "checkpoint": made.model_dump(mode="json")}
        within.insert(COLLECTION, Record(f"{_CHECKPOINT}{made.entries}", body))
        within.extend_chain(Head(entry.entry, entry.hash, made.entries))


def _doubted(found: Verification, agreed: int, *, forgotten: bool) -> Verification:
    """A trail in order, of a store that no keychain remembers; a second place may, up to an entry."""
    doubt = "an older copy of the whole file would look the same."
    if forgotten:
        message = f"The keychain holds this store's key but has forgotten its trail: {doubt}"
        return found.model_copy(update={"status": "unverifiable", "message": message})
    if agreed:
        doubt = f"the second place does, up to entry {agreed}."
    return found.model_copy(update={"message": f"{found.message} No keychain remembers this store: {doubt}"})


def _last(within: Transaction) -> Checkpoint | None:
    """The checkpoint that the next one refers to."""
    record = within.get(COLLECTION, f"{_CHECKPOINT}{within.head.checkpoint}") if within.head.checkpoint else None
    return None if record is None else _checkpoint(record)


def _is_ours(record: Record) -> bool:
    return record.key.startswith((_ENTRY, _CHECKPOINT))


def _entry(record: Record) -> AuditEntry:
    return AuditEntry.model_validate(record.body["entry"])


def _checkpoint(record: Record) -> Checkpoint:
    return Checkpoint.model_validate(record.body["checkpoint"])


def _end(head: Head | None) -> End | None:
    return None if head is None else End(head.entries, head.hash)
