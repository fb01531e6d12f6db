"""Checkpoints: when one is due, how it is made, and what they say of a trail. Pure: the time is given.

One is due after a hundred entries, so that a forger is located within as many; with the first entry that comes an hour
after the last, so that a quiet trail is covered too; and when a session ends. A signature costs 0.1 ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from escher.contract.audit import GENESIS, AuditEntry, Checkpoint, Period
from escher.contract.wire import digest
from escher.ledger.chain import Link
from escher.ledger.signing import Signer, is_signed

ENTRIES = 100
HOUR = timedelta(hours=1)
# Processes that write at once read the clock before they queue; less than this is no clock that was set back.
_TOLERANCE = timedelta(minutes=1)
_NOTES = 20


def is_due(entries: int, at: datetime, last: Checkpoint | None) -> bool:
    """Whether a trail that has so many entries now is to be signed.

    A clock that is an hour behind the last checkpoint was set back: without a new one none would be due for as long.
    """
    if last is None:
        return True
    return entries - last.entries >= ENTRIES or abs(at - datetime.fromisoformat(last.at)) >= HOUR


def make(signer: Signer, store_id: str, entry: AuditEntry, at: datetime, last: Checkpoint | None) -> Checkpoint:
    """The signed statement that a trail goes up to this entry."""
    unsigned = Checkpoint(
        store_id=store_id, entries=entry.entry, hash=entry.hash, at=at.isoformat(), previous=digest_of(last)
    )
    return unsigned.model_copy(update={"signature": signer.sign(_signed(unsigned))})


def is_ours(checkpoint: Checkpoint, store_id: str, public_key: str) -> bool:
    """Whether this store's key signed the checkpoint, for this store."""
    return checkpoint.store_id == store_id and is_signed(_signed(checkpoint), checkpoint.signature, public_key)


def digest_of(checkpoint: Checkpoint | None) -> str:
    """The hash by which the next checkpoint refers to this one."""
    return GENESIS if checkpoint is None else digest(checkpoint)


class Checks:
    """Compares a trail with its checkpoints as its entries go by, in order."""

    def __init__(self, store_id: str, public_key: str, checkpoints: Sequence[Checkpoint] = ()) -> None:
        self._store_id, self._key = store_id, public_key
        self._coming = sorted(checkpoints, key=lambda one: one.entries)[::-1]
        self._last: Checkpoint | None = None
        self.count = 0
        self.gaps: list[Period] = []
        self.notes: list[str] = []
        self._open: Link | None = None
        self._before: Link | None = None

    def expect(self, checkpoint: Checkpoint) -> None:
        """One more checkpoint, behind those that are known: of a file that is read line by line."""
        self._coming.insert(0, checkpoint)

    @property
    def signed_entries(self) -> int:
        """How many entries are vouched for so far."""
        return self._last.entries if self._last else 0

    def problem(self, entry: Link) -> str:
        """What speaks against the trail up to this entry; empty when nothing does."""
        self._note_time(entry)
        self._open = self._open or entry
        problem = ""
        while self._coming and self._coming[-1].entries <= entry.entry and not problem:
            checkpoint = self._coming.pop()
            problem = self._against(checkpoint, entry) or self._cover(checkpoint, entry)
        self._before = entry
        return problem

    def left(self) -> str:
        """What speaks against a trail that ends here."""
        return f"a checkpoint of entry {self._coming[-1].entries} is left over" if self._coming else ""

    def uncovered(self) -> tuple[Period, ...]:
        """The periods that no checkpoint covers in time, with the open end."""
        if self._open is None or self._before is None:
            return tuple(self.gaps)
        return (*self.gaps, _period(self._open, self._before))

    def _against(self, checkpoint: Checkpoint, entry: Link) -> str:
        if not is_signed(_signed(checkpoint), checkpoint.signature, self._key):
            return f"the signature of the checkpoint of entry {checkpoint.entries} is not by this store's key"
        if checkpoint.store_id != self._store_id:
            return "a checkpoint belongs to another store"
        if checkpoint.previous != digest_of(self._last):
            return f"a checkpoint before that of entry {checkpoint.entries} was altered or taken out"
        if checkpoint.entries < entry.entry:
            return f"the checkpoint of entry {checkpoint.entries} is not in its place"
        if (checkpoint.entries, checkpoint.hash) != (entry.entry, entry.hash):
            return f"entries up to {checkpoint.entries} are not those that were signed"
        return ""

    def _cover(self, checkpoint: Checkpoint, entry: Link) -> str:
        waited = _time(checkpoint.at) - _time(self._open.at) if self._open else timedelta()
        if self._open is not None and (waited > HOUR or entry.entry - self.signed_entries > ENTRIES):
            self.gaps.append(_period(self._open, entry))
        if self._last is not None and _is_earlier(checkpoint.at, self._last.at):
            self._note(f"The clock was set back before entry {checkpoint.entries} was signed.")
        self._last, self._open = checkpoint, None
        self.count += 1
        return ""

    def _note_time(self, entry: Link) -> None:
        if self._before is not None and _is_earlier(entry.at, self._before.at):
            self._note(f"Entry {entry.entry} bears an earlier time than the one before it.")

    def _note(self, text: str) -> None:
        if len(self.notes) < _NOTES:
            self.notes.append(text)
        elif len(self.notes) == _NOTES:
            self.notes.append("Times run backwards in further places, too.")


def _signed(checkpoint: Checkpoint) -> dict[str, object]:
    return checkpoint.model_dump(mode="json", exclude={"signature"})


def _period(first: Link, last: Link) -> Period:
    return Period(first_entry=first.entry, last_entry=last.entry, since=first.at, until=last.at)


def _is_earlier(at: str, than: str) -> bool:
    return at != than and _time(than) - _time(at) > _TOLERANCE


_NEVER = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


def _time(text: str) -> datetime:
    """A time of the trail; one that cannot be read is before all others."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return _NEVER
    return at if at.tzinfo else at.replace(tzinfo=_NEVER.tzinfo)
