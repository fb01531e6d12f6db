"""The journal of a run: every event in its order, encrypted, in a file that only grows and that others read meanwhile.

A frame is `length (4 bytes) | AES-256-GCM`; its nonce is its number, its key the run's own, so no frame can be altered,
moved, repeated or left out unnoticed. The store's record of the run names how many frames there are and the digest over
all of them. Journals are not part of backups: what a run did is in its record, they hold what it printed. Their key is
derived from the store's own, which no rotation changes, so rotation leaves them as they are.
"""

from __future__ import annotations

import hashlib
import os
import struct
import time
from collections.abc import Callable, Container, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import TypeAdapter

from escher.contract.runs import RunEvent, RunResult
from escher.errors import JournalUnreadable, NotFound

PURPOSE = "run journal v1"
FLUSH_BYTES = 64 * 1024
LARGEST_FRAME = 64 * 1024 * 1024
SHORTEST_WAIT_S, LONGEST_WAIT_S = 0.005, 0.05
_LENGTH = struct.Struct(">I")
_DAY, _NEW_S = 86_400, 600
_EVENT: TypeAdapter[RunEvent] = TypeAdapter(RunEvent)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a journal holds: its frames, and the SHA-256 over all their bytes."""

    frames: int
    digest: str


def journal_path(folder: Path, run_id: str) -> Path:
    """Where a run's journal is."""
    return folder / f"{run_id}.journal"


class Journal:
    """Writes one run's events. `add` collects them; `flush` puts them into a frame."""

    def __init__(self, folder: Path, secret: bytes, run_id: str) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path, self._run_id = journal_path(folder, run_id), run_id
        self._cipher = _cipher(secret, run_id)
        self._descriptor = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._waiting: list[bytes] = []
        self._size = self._frames = self._written = 0
        self._sum = hashlib.sha256()
        self._failed = False

    def add(self, event: RunEvent) -> bool:
        """Take an event; whether so much is waiting that it should be flushed at once."""
        text = event.model_dump_json().encode()
        self._waiting.append(text)
        self._size += len(text) + 1
        return self._size >= FLUSH_BYTES

    def flush(self) -> None:
        """Write what is waiting as one frame, for all who read along. Raises OSError on a full disk.

        After that nothing more is written: half a frame goes, and no frame's nonce ever seals two contents.
        """
        if not self._waiting or self._failed:
            return
        sealed = self._cipher.encrypt(_nonce(self._frames), b"\n".join(self._waiting), self._run_id.encode())
        frame = _LENGTH.pack(len(sealed)) + sealed
        try:
            _write_whole(self._descriptor, frame)
        except OSError:
            self._failed = True
            os.ftruncate(self._descriptor, self._written)
            raise
        self._waiting, self._size, self._written = [], 0, self._written + len(frame)
        self._frames += 1
        self._sum.update(frame)

    def close(self) -> Extent:
        """Flush, and say how much there is."""
        try:
            self.flush()
        finally:
            os.close(self._descriptor)
        return Extent(self._frames, self._sum.hexdigest())

    def discard(self) -> None:
        """Take the journal of a run that never began away."""
        os.close(self._descriptor)
        self.path.unlink(missing_ok=True)


def read(folder: Path, secret: bytes, run_id: str, goes_on: Callable[[], bool] | None = None) -> Generator[RunEvent]:
    """Every event of a run, as they come while `goes_on` says that more may. Raises NotFound, JournalUnreadable."""
    path = journal_path(folder, run_id)
    if not path.exists():
        raise NotFound(f"there is no journal of {run_id!r}.", hint="It was removed, or the run is older: escher runs")
    cipher = _cipher(secret, run_id)
    for number, sealed in enumerate(_frames(path, goes_on)):
        try:
            whole = cipher.decrypt(_nonce(number), sealed, run_id.encode())
        except InvalidTag as cause:
            raise JournalUnreadable(
                f"the journal of {run_id} was altered at frame {number + 1}.", hint="Its record: escher runs"
            ) from cause
        for text in whole.split(b"\n"):
            event = _EVENT.validate_json(text)
            yield event
            if isinstance(event, RunResult):
                return


def remove(folder: Path, run_ids: Iterable[str]) -> None:
    """Take the journals of these runs away, if they are there."""
    for run_id in run_ids:
        journal_path(folder, run_id).unlink(missing_ok=True)


def expire(folder: Path, known: Container[str], now: float, days: int) -> int:
    """Take away what was written last so many days ago, and what is of no known run; how many. `now` is Unix seconds."""
    gone = 0
    for path in sorted(folder.glob("*.journal")):
        age = now - path.stat().st_mtime
        # One that is new may be of a run that is about to be recorded.
        if age > days * _DAY or (age > _NEW_S and path.stem not in known):
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def extent(folder: Path, run_id: str) -> Extent | None:
    """How much a journal holds on the disk; None when it is gone."""
    path = journal_path(folder, run_id)
    if not path.exists():
        return None
    frames, total = 0, hashlib.sha256()
    for sealed in _frames(path, None):
        total.update(_LENGTH.pack(len(sealed)) + sealed)
        frames += 1
    return Extent(frames, total.hexdigest())


def _frames(path: Path, goes_on: Callable[[], bool] | None) -> Iterator[bytes]:
    """Whole frames, in order; waits for more while there may be. A frame that was cut at the end is none."""
    at, wait, more = 0, SHORTEST_WAIT_S, True
    with path.open("rb") as file:
        while True:
            frame = _frame(file.fileno(), at)
            if frame is not None:
                at, wait = at + _LENGTH.size + len(frame), SHORTEST_WAIT_S
                yield frame
            elif goes_on is None or not more:
                return
            else:
                time.sleep(wait)
                # Asked before it is looked once more, so nothing that was written meanwhile is missed.
                more, wait = wait < LONGEST_WAIT_S or goes_on(), min(wait * 1.5, LONGEST_WAIT_S)


def _frame(descriptor: int, at: int) -> bytes | None:
    head = os.pread(descriptor, _LENGTH.size, at)
    if len(head) < _LENGTH.size:
        return None
    length = _LENGTH.unpack(head)[0]
    if length > LARGEST_FRAME:
        raise JournalUnreadable("a journal was altered: a frame in it cannot be so long.", hint="See: escher runs")
    sealed = os.pread(descriptor, length, at + _LENGTH.size)
    return sealed if len(sealed) == length else None


def _cipher(secret: bytes, run_id: str) -> AESGCM:
    """The run's own key, so that frame numbers can be nonces."""
    return AESGCM(HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=run_id.encode()).derive(secret))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _write_whole(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
