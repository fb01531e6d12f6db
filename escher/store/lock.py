"""Locked or not: a marker in the data folder that every process of this home looks at.

What it is worth: locking closes the store and takes its keys out of memory, so whoever sits down at an open notebook
sees and starts nothing. It is no cryptography. Whoever can delete files of this user can delete the marker, and the
keychain stays the operating system's: while that is unlocked, it gives the key to every program of this user.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from escher.errors import StoreError, StoreLocked
from escher.settings import Settings

FREE_TRIES = 5
LONGEST_WAIT_S = 24 * 3600
_NAME = "lock.json"
# Called when this process locks: whoever keeps something of the user's outside the session drops it then.
when_locked: list[Callable[[], object]] = []


@dataclass(frozen=True, slots=True)
class Marker:
    """`wrong` passphrases were tried since the last right one, the last at `tried_at` (Unix seconds)."""

    locked: bool = False
    reason: str = ""
    wrong: int = 0
    tried_at: float = 0.0

    def wait_s(self, now: float) -> float:
        """Seconds until a passphrase may be tried: 1, 2, 4 … minutes after five wrong ones. A clock set back gains nothing."""
        if self.wrong < FREE_TRIES:
            return 0.0
        wait = min(60.0 * 2 ** min(self.wrong - FREE_TRIES, 20), LONGEST_WAIT_S)
        return min(max(self.tried_at + wait - now, 0.0), wait)


class Lock:
    """The lock of one home. Looking costs microseconds while nothing changes."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.store_path.parent
        self._path = self._folder / _NAME
        self._seen: tuple[int, int, int] | None = None
        self._marker = Marker()

    @property
    def marker(self) -> Marker:
        """What the marker says now; one that cannot be read says locked."""
        seen = _signature(self._path)
        if seen != self._seen:
            self._marker, self._seen = self._read(), seen
        return self._marker

    def require_open(self) -> None:
        """Raises StoreLocked while the home is locked."""
        if self.marker.locked:
            raise locked(self.marker.reason)

    def close(self, reason: str) -> None:
        """Lock the home, for every process. Raises StoreError."""
        with self._changing() as marker:
            self._write(replace(marker, locked=True, reason=reason))

    def open(self) -> None:
        """Unlock the home, and forget wrong tries. Raises StoreError."""
        with self._changing():
            self._path.unlink(missing_ok=True)

    def attempt(self) -> None:
        """Count one more passphrase as wrong, before it is tried; `open` takes it back. Raises StoreLocked to wait."""
        with self._changing() as marker:
            wait = marker.wait_s(time.time())
            if wait:
                raise StoreLocked(
                    f"{marker.wrong} wrong passphrases were given.", hint=f"Try again in {_duration(wait)}."
                )
            self._write(replace(marker, wrong=marker.wrong + 1, tried_at=time.time()))

    @contextmanager
    def _changing(self) -> Generator[Marker]:
        """One process at a time; what the marker says meanwhile."""
        try:
            folder = os.open(self._folder, os.O_RDONLY)
        except OSError as cause:
            raise StoreError(
                f"there is nothing to lock in {self._folder}: {cause.strerror}.", hint="escher init"
            ) from cause
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield self._read()
        except OSError as cause:
            raise StoreError(
                f"cannot write {self._path}: {cause.strerror}.", hint="Check the disk and its rights."
            ) from cause
        finally:
            os.close(folder)

    def _read(self) -> Marker:
        try:
            return Marker(**json.loads(self._path.read_text("utf-8")))
        except FileNotFoundError:
            return Marker()
        except (OSError, ValueError, TypeError):
            return Marker(locked=True, reason="its marker cannot be read")

    def _write(self, marker: Marker) -> None:
        draft = self._path.with_name(f".{_NAME}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(marker), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)


def locked(reason: str) -> StoreLocked:
    """The answer of everything while it is locked."""
    why = f" ({reason})" if reason else ""
    return StoreLocked(f"Escher is locked{why}.", hint="Unlock it: %escher unlock")


def _signature(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError:
        return (-1, -1, -1)
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds) + 1, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
