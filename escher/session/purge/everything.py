"""Purge everything: the store, its keys, its backups here, and whatever else in the home is Escher's own.

What is Escher's is listed; files that are not on the list are left and named. The keys inside the file are overwritten
before it is removed, and the key outside it is taken out of the keychain last, after the proof was handed over: a note
with the store's id stays until then, so that a call after a crash can finish.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from escher.approval.consent import local_user
from escher.errors import EscherError, KeyUnavailable, StoreError
from escher.execution.supervisor.asking import SupervisorLine
from escher.session.purge.proof import LIMITS, PURPOSE, Notary
from escher.session.purge.remote import erase
from escher.settings import Settings
from escher.store.collections import COLLECTIONS
from escher.store.database import connect, translated
from escher.store.keychain import ENTRIES, open_keychain
from escher.store.sources import identity_of
from escher.store.vault import Store
from escher.vectors.private_folder import remove_leftovers

# Everything that Escher ever writes below its home; a folder here is taken with all that is in it.
OWN = (
    "settings.toml", "snapshots", "data/index", "data/escher.db", "data/escher.db-wal", "data/escher.db-shm",
    "data/escher.db-journal", "data/escher.*-lock", "data/escher.lock", "data/.escher.db.*", "data/escher.db.*",
    "data/lock.json", "data/.lock.json.*", "data/presence*", "data/runs", "data/supervisor.*", "data/.supervisor.*",
)  # fmt: skip
_NOTE = "data/purging"
_IDS = 32
_EXTRA_LIMITS = (
    "Blocks of removed files may stay on the disk; they are ciphertext whose keys are gone.",
    "Backups outside the home, and the passphrase or key file you chose, are yours to remove.",
)
Deliver = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The key to sign with, how many records there are, and what cannot be promised; nothing of a store that is shut."""

    secret: bytes = b""
    records: Mapping[str, int] = field(default_factory=dict[str, int])
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EverythingPurge:
    """All that is Escher's under one home."""

    settings: Settings

    def preview(self) -> dict[str, Any]:
        """The files that would go with their size, and those that would stay; nothing is touched."""
        own = list(self._own_files())
        return {
            "home": str(self.settings.home),
            "files": [str(path.relative_to(self.settings.home)) for path in own],
            "bytes": sum(path.stat().st_size for path in own),
            "left": [str(path) for path in self._strangers()],
            "open_in_processes": processes_with(self.settings.store_path),
        }

    def run(self, deliver: Deliver) -> dict[str, Any]:
        """Remove it all; `deliver` is given the proof while its signing key still exists. What became of the rest.

        Raises StoreError while other processes have the store open, and for files that cannot be removed;
        KeyUnavailable when the keychain does not answer. A second call then finishes.
        """
        self._end_supervisor()
        busy = processes_with(self.settings.store_path)
        if busy:
            numbers = ", ".join(map(str, busy))
            raise StoreError(f"the store is open in process {numbers}.", hint="Close the notebooks that use it.")
        before, asked = self.preview(), self._asked()
        store_ids = self._note()
        self._remove()
        remove_leftovers()
        after = self.preview()
        proof = {
            "type": "purge_proof",
            "version": 1,
            "store_ids": store_ids,
            "account": "everything",
            "actor": local_user(),
            "proved_at": datetime.now(UTC).isoformat(),
            "records": asked.records,
            "files_removed": len(before["files"]),
            "bytes_removed": before["bytes"],
            "found_after": len(after["files"]),
            "complete": not after["files"],
            "left": len(after["left"]),
            "limits": [*LIMITS[2:], *_EXTRA_LIMITS, *asked.doubts],
        }
        deliver(Notary(asked.secret).signed(proof) if asked.secret else proof)
        entries = self._forget_keys(store_ids)
        return {"keychain_entries_removed": entries, "left": after["left"], "home_removed": self._remove_folders()}

    def _end_supervisor(self) -> None:
        """Have it end if it only waits; one that has runs to do is found among those that have the store open."""
        with suppress(EscherError), Store.open(self.settings) as store:
            SupervisorLine(self.settings, store, frozenset[str]).end()

    # -- looking -------------------------------------------------------------------------------------------

    def _own_paths(self) -> Iterator[Path]:
        for pattern in OWN:
            yield from sorted(self.settings.home.glob(pattern))

    def _own_files(self) -> Iterator[Path]:
        for path in self._own_paths():
            below = sorted(path.rglob("*")) if path.is_dir() and not path.is_symlink() else [path]
            yield from (file for file in below if file.is_symlink() or not file.is_dir())

    def _strangers(self) -> list[Path]:
        own = {*self._own_files(), self.settings.home / _NOTE}
        return [path for path in sorted(self.settings.home.rglob("*")) if not path.is_dir() and path not in own]

    def _asked(self) -> _Asked:
        """What the store has to tell before it goes. On a server of the user's own its index is erased on the way."""
        try:
            with Store.open(self.settings) as store:
                records = {name: store.count(name) for name in COLLECTIONS}
                return _Asked(store.derive(PURPOSE), records, erase(self.settings, store))
        except EscherError:
            return _Asked()

    def _store_id(self) -> str:
        """The id in the store's file, which needs no key; empty when there is none."""
        path = self.settings.store_path
        if not path.exists():
            return ""
        try:
            with translated(path), closing(connect(path)) as connection:
                return identity_of(connection).store_id.hex()
        except EscherError:
            return ""

    # -- removing ------------------------------------------------------------------------------------------

    def _note(self) -> list[str]:
        """Write down which stores go, beside those that an earlier call wrote down."""
        note = self.settings.home / _NOTE
        noted = note.read_text("ascii").split() if note.exists() else []
        ids = sorted({one for one in (*noted, self._store_id()) if len(one) == _IDS})
        if note.parent.is_dir():
            descriptor = os.open(note, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write("\n".join(ids))
                file.flush()
                os.fsync(file.fileno())
        return ids

    def _remove(self) -> None:
        try:
            _overwrite_keys(self.settings.store_path)
            for path in self._own_paths():
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
        except OSError as cause:
            raise StoreError(
                f"cannot remove {cause.filename}: {cause.strerror}.", hint="Correct its rights and purge again."
            ) from cause

    def _forget_keys(self, store_ids: list[str]) -> int:
        """Take the keys and anchors of these stores out of the keychain; how many entries there were."""
        names = [name(bytes.fromhex(one)) for one in store_ids for name in ENTRIES]
        try:
            keychain = open_keychain()
            held = [name for name in names if keychain.read(name) is not None]
        except KeyUnavailable:
            if self._uses_keychain():
                raise
            return 0
        for name in held:
            keychain.remove(name)
        return len(held)

    def _uses_keychain(self) -> bool:
        settings = self.settings
        return not (settings.passphrase_file or settings.key_file or settings.master_key)

    def _remove_folders(self) -> bool:
        """Remove the note, and the folders that are empty now; whether the home is gone."""
        (self.settings.home / _NOTE).unlink(missing_ok=True)
        for folder in (self.settings.home / "data", self.settings.home):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        return not self.settings.home.exists()


def processes_with(path: Path) -> list[int]:
    """The numbers of this user's other processes that have a file open."""
    found: list[int] = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and any(Path(file.path) == path for file in process.open_files()):
                found.append(process.pid)
        except (psutil.Error, OSError):
            # It ended meanwhile, or belongs to somebody else.
            continue
    return found


def _overwrite_keys(path: Path) -> None:
    """Make what a disk keeps of the file unreadable: its wrapped keys are overwritten in place, log included."""
    if not path.exists():
        return
    try:
        with closing(connect(path)) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("DELETE FROM keys")
            connection.execute("DELETE FROM header WHERE name <> 'store'")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error:
        # A damaged file has no keys that could be found; it is removed all the same.
        return
