"""The hash chain of the audit trail: how an entry is made and how a trail is checked. Pure: no clock, no store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from escher.contract.audit import GENESIS, AuditEntry, AuditEvent, Verification
from escher.contract.wire import digest


@dataclass(frozen=True, slots=True)
class End:
    """Where a trail must end, or must have passed: its number of entries, and the hash of the last of them."""

    entries: int
    hash: str


def link(event: AuditEvent, end: End) -> AuditEntry:
    """The entry that continues a trail which ends at `end`."""
    unsealed = AuditEntry(entry=end.entries + 1, event=event, previous=end.hash, hash="")
    return unsealed.model_copy(update={"hash": content_hash(unsealed)})


def content_hash(entry: AuditEntry) -> str:
    """The hash that an entry must bear: the SHA-256 of the canonical JSON of all its other fields."""
    return digest(entry.model_dump(mode="json", exclude={"hash"}))


class Witness(Protocol):
    """Whoever has signed parts of a trail, and looks at every entry as it goes by."""

    @property
    def signed_entries(self) -> int:
        """How many entries are vouched for so far."""
        ...

    def problem(self, entry: AuditEntry) -> str:
        """What speaks against the trail up to this entry; empty when nothing does."""
        ...


def verify(
    trail: Iterable[AuditEntry | None], end: End | None, anchor: End | None = None, witness: Witness | None = None
) -> Verification:
    """Check entries in their order; None stands for one that cannot be read.

    `end` is what the store says of the trail's end, None when that was altered too. `anchor` is an end that was kept
    outside the store: the trail must have passed it. A trail that was chained anew by somebody without the key passes
    all but the `witness`; its first bad entry is the first that is not vouched for.
    """
    seen, unreadable = End(0, GENESIS), False
    for entry in trail:
        if entry is None:
            unreadable = True
            continue
        if not _continues(entry, seen):
            return _tampered(seen)
        seen = End(entry.entry, entry.hash)
        if witness is not None and (problem := witness.problem(entry)):
            return _disowned(witness.signed_entries, entry.entry, problem)
        if anchor is not None and seen.entries == anchor.entries and seen.hash != anchor.hash:
            return _tampered(End(seen.entries - 1, entry.previous), "is not the one this machine's keychain remembers")
    if anchor is not None and seen.entries < anchor.entries and not unreadable:
        return _truncated(seen, anchor)
    return _at_the_end(seen, end, unreadable=unreadable)


def _at_the_end(seen: End, end: End | None, *, unreadable: bool) -> Verification:
    if end is None:
        message = f"{seen.entries} entries are in order, but the record of where they end was altered."
        return Verification(status="tampered", entries=seen.entries, message=message, head=seen.hash)
    if seen.entries < end.entries:
        return _tampered(seen) if unreadable else _truncated(seen, end)
    if seen != end:
        last_good = End(min(seen.entries - 1, end.entries), seen.hash)
        return _tampered(last_good, "is not the one that the store counts as its last")
    return Verification(
        status="ok", entries=seen.entries, message=f"{seen.entries} entries, none altered or missing.", head=seen.hash
    )


def _continues(entry: AuditEntry, seen: End) -> bool:
    return entry.entry == seen.entries + 1 and entry.previous == seen.hash and entry.hash == content_hash(entry)


def _disowned(signed: int, entry: int, problem: str) -> Verification:
    message = f"entries {signed + 1} to {entry} cannot be vouched for: {problem}."
    return Verification(status="tampered", entries=signed, first_bad_entry=signed + 1, message=message)


def _tampered(seen: End, what: str = "was altered or taken out") -> Verification:
    first = seen.entries + 1
    return Verification(
        status="tampered", entries=seen.entries, first_bad_entry=first, message=f"entry {first} {what}.", head=seen.hash
    )


def _truncated(seen: End, end: End) -> Verification:
    return Verification(
        status="truncated",
        entries=seen.entries,
        first_bad_entry=seen.entries + 1,
        message=f"the trail ends at entry {seen.entries}, but {end.entries} were written.",
        head=seen.hash,
    )
