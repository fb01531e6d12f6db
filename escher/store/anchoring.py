"""Keep the root of a store in the keychain, outside the file, so that an older copy of the file is recognised.

Anchoring follows the commit: a store ahead of its anchor has crashed in between, a store behind it was rolled back.
Commits that extend the audit chain are anchored at once, others after a while and when the store is closed.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from escher.errors import KeyUnavailable, StoreRolledBack
from escher.store.keychain import Keychain
from escher.store.root import Anchor, decode_anchor, judge

SECONDS_BETWEEN = 30


class KeychainAnchor:
    """The anchor of one store; `current` reads what is to be anchored.

    `remembered` is what the keychain holds as far as this process knows; `problem` says why the last attempt failed.
    """

    def __init__(self, keychain: Keychain, store_id: bytes, lock: Path, current: Callable[[], Anchor]) -> None:
        self._keychain, self._name, self._lock, self._current = keychain, f"anchor {store_id.hex()}", lock, current
        text = keychain.read(self._name)
        self.remembered = decode_anchor(text) if text else None
        self.problem = ""
        self._due, self._renewed_at = False, time.monotonic()

    def judge(self) -> StoreRolledBack | None:
        """What is wrong with the store as it is now, by what the keychain remembers."""
        if self.remembered is None:
            return None
        current = self._current()
        self._due = current.sequence > self.remembered.sequence
        return judge(current, self.remembered)

    def committed(self, *, extends_chain: bool) -> None:
        """Anchor after a commit, if it is time. Never fails: the commit is on the disk already."""
        self._due = True
        if extends_chain or time.monotonic() - self._renewed_at > SECONDS_BETWEEN:
            self.renew_if_due()

    def renew_if_due(self) -> None:
        """Anchor the store as it is now, unless nothing happened since."""
        if not self._due:
            return
        self._due = False
        try:
            with exclusively(self._lock):
                anchor = self._current()
                self._keychain.write(self._name, anchor.encode())
        except KeyUnavailable as failure:
            self._due, self.problem = True, str(failure)
            return
        self.remembered, self.problem, self._renewed_at = anchor, "", time.monotonic()


@contextmanager
def exclusively(lock: Path) -> Generator[None]:
    """One process at a time: the anchor is read from the store and written to the keychain, and must never go back."""
    descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
