"""A second place for checkpoints: a file in a folder that others keep, which is only ever appended to.

It speaks against whoever puts an older store back, also where no keychain remembers it, and against whoever has the
user's key. A folder that cannot be written to never holds up the trail; what is missing there is added the next time.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic_core import from_json

from escher.contract.audit import Checkpoint
from escher.contract.wire import canonical
from escher.ledger.checkpoints import digest_of, is_ours


@dataclass(frozen=True, slots=True)
class Written:
    """What the second place held at one moment: the checkpoints of this store, and what is odd about the file."""

    checkpoints: Sequence[Checkpoint] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Testimony:
    """Up to which entry a trail and the second place agree, and what speaks against the trail.

    `cut` is the entry of a checkpoint that the trail had and has no more: an older store was put back. `differs` is
    that of a checkpoint over other entries.
    """

    agreed: int = 0
    cut: int = 0
    differs: int = 0

    def problem(self, entries: int) -> str:
        """What speaks against a trail of so many entries, in words; empty when nothing does."""
        if self.cut > entries:
            return f"the trail ends at entry {entries}, but the second place has a checkpoint of entry {self.cut}"
        if self.cut:
            return (
                f"the second place has a checkpoint of entry {self.cut} that is not here: an older store was put back"
            )
        return f"the second place has another checkpoint of entry {self.differs}" if self.differs else ""


def hear(written: Written, checkpoints: Sequence[Checkpoint], entries: int, hash_of: Callable[[int], str]) -> Testimony:
    """Compare a trail of so many entries, which is in order, with what was written elsewhere."""
    known, agreed = {one.entries: one for one in checkpoints}, 0
    for one in written.checkpoints:
        if known.get(one.entries) == one:
            agreed = one.entries
        elif one.entries > entries or hash_of(one.entries) == one.hash:
            return Testimony(agreed, cut=one.entries)
        else:
            return Testimony(agreed, differs=one.entries)
    return Testimony(agreed)


class SecondPlace:
    """The file of one store in a folder. The folder must be there: a disk that is not mounted is not made up for."""

    def __init__(self, folder: Path, store_id: str, public_key: Callable[[], str]) -> None:
        self._store_id, self._public_key = store_id, public_key
        self.path = folder / f"escher-audit-{store_id}.jsonl"

    def take(self, last: Checkpoint, all_: Callable[[], Iterable[Checkpoint]]) -> bool:
        """Append the last checkpoint, and those before it that are not there; False when that was not possible."""
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "r+b", buffering=0) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                content = file.readall()
                missing = self._missing(_read(content), last, all_)
                if missing:
                    # A line that a crash left unfinished ends here.
                    lines = b"".join(canonical(one) + b"\n" for one in missing)
                    file.write(lines if content[-1:] in (b"", b"\n") else b"\n" + lines)
                    os.fsync(file.fileno())
        except OSError:
            return False
        return True

    def read(self) -> Written:
        """What it holds now. Never fails."""
        try:
            there = _read(self.path.read_bytes())
        except OSError as cause:
            return Written(note=f"The second place says nothing: {cause.strerror} ({self.path}).")
        ours = tuple(self._ours(there))
        odd = "The second place has lines that this store did not write whole." if len(ours) < len(there) else ""
        return Written(ours, odd)

    def _missing(
        self, there: list[Checkpoint | None], last: Checkpoint, all_: Callable[[], Iterable[Checkpoint]]
    ) -> list[Checkpoint]:
        known = next(self._ours(reversed(there)), None)
        if known is not None and known.entries >= last.entries:
            return []
        if last.previous == digest_of(known):
            return [last]
        return [one for one in all_() if known is None or one.entries > known.entries]

    def _ours(self, read: Iterable[Checkpoint | None]) -> Iterator[Checkpoint]:
        """Others may have put lines there, too."""
        key = self._public_key()
        return (one for one in read if one is not None and is_ours(one, self._store_id, key))


def _read(content: bytes) -> list[Checkpoint | None]:
    return [_checkpoint(line) for line in content.splitlines() if line]


def _checkpoint(line: bytes) -> Checkpoint | None:
    try:
        return Checkpoint.model_validate(from_json(line))
    except ValueError:
        return None
