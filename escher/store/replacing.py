"""Put another file in the place of a store, although other processes may have the old one open.

Each process looks, before it reads or writes, whether its path still names the file it opened. Three locks make that
safe: nobody opens the store during a swap, nobody writes the old file, and nobody anchors it. SQLite's log belongs to
one file and is found by its name, so it is emptied and removed before the new file gets the name. A swap that is
killed leaves the old store or the new one.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from escher.errors import StoreError
from escher.store.anchoring import exclusively
from escher.store.database import connect, file_at, translated

_ROUNDS = 100


def place_of(path: Path) -> tuple[tuple[int, int], tuple[int, int]]:
    """Which store this path names now: its file and its log."""
    return file_at(path), file_at(_log(path))


@contextmanager
def opening(path: Path) -> Generator[None]:
    """While this block opens the store, no swap takes place."""
    with _locked(path, fcntl.LOCK_SH):
        yield


def replace_store(draft: Path, path: Path, kept: Path, anchor: Callable[[], None]) -> bool:
    """Give a closed, complete store the name of another, which is kept under the name `kept`; whether there was one.

    `anchor` is called when the new store is in its place, before anybody else can anchor. Raises StoreError when the
    old store stays busy.
    """
    with _locked(path, fcntl.LOCK_EX), exclusively(path.with_suffix(".anchor-lock")), ExitStack() as held:
        existed = path.exists()
        if existed:
            _take_over(path, held)
            os.link(path, kept)
        _move_companions(path, kept)
        draft.replace(path)
        _sync_folder(path.parent)
        anchor()
    return existed


def _take_over(path: Path, held: ExitStack) -> None:
    """Empty the old store's log and keep others from writing until the stack ends; a file too damaged for that is left."""
    with translated(path):
        try:
            connection = held.enter_context(closing(connect(path)))
            for _ in range(_ROUNDS):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                connection.execute("BEGIN IMMEDIATE")
                if not _log(path).stat().st_size:
                    return
                connection.rollback()
        except sqlite3.DatabaseError as cause:
            if cause.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise
            return
    raise StoreError("another process keeps the store busy.", hint="End it, and try again.")


def _move_companions(path: Path, kept: Path) -> None:
    """What is left of a log goes with the file that it belongs to; an empty one goes."""
    log = _log(path)
    if log.exists() and log.stat().st_size:
        log.rename(_log(kept))
    log.unlink(missing_ok=True)
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _locked(path: Path, how: int) -> Generator[None]:
    try:
        descriptor = os.open(path.with_suffix(".swap-lock"), os.O_CREAT | os.O_RDWR, 0o600)
    except OSError:  # a folder that cannot be written: nothing is swapped there, and SQLite says what is wrong
        yield
        return
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)
