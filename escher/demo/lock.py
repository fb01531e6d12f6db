"""Locks on files that say whether a process lives.

Each is held by the process itself for as long as it lives, so neither a crash nor a reused process id can make a dead
one look alive.
"""

from __future__ import annotations

import fcntl
import time
from pathlib import Path
from typing import IO


def take(path: Path, patience_s: float = 0) -> IO[bytes] | None:
    """Hold the lock until the returned file and all that inherited it are closed; None when another holds it."""
    deadline = time.monotonic() + patience_s
    lock = path.open("ab")
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                lock.close()
                return None
            time.sleep(0.02)
        else:
            return lock


def held(path: Path) -> bool:
    """Whether somebody holds the lock now. A look may collide with another's look: it is repeated once."""
    if not path.exists():
        return False
    lock = take(path, patience_s=0.05)
    if lock is not None:
        lock.close()
    return lock is None
