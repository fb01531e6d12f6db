"""Retention at work in a session: a while after it was opened, and after a scan, at most once a day.

The while keeps short commands quick; who only ever scans by the clock has it done at the end of a scan.
"""

from __future__ import annotations

import threading
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from escher.errors import EscherError

if TYPE_CHECKING:
    from escher.session.wiring import Parts
    from escher.store.retention import Expired

DELAY_S = 10.0


class Retention:
    """Takes out what is too old, and writes to the audit trail how much it was."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._stopped = threading.Event()
        self._one_at_a_time = threading.Lock()
        self._thread = threading.Thread(target=self._later, name="escher-retention", daemon=True)

    def begin(self) -> None:
        """Do it in the background, if it is due by then."""
        self._thread.start()

    def run_if_due(self) -> Expired:
        """Do it now, if it is due; what went. Raises StoreError."""
        from escher.store.retention import Expired, expire, is_due

        parts, now = self._parts, int(time.time())
        with self._one_at_a_time:
            if not is_due(parts.store, now):
                return Expired()
            expired = expire(parts.store, now, parts.settings, parts.estate)
            journals = parts.runs.forget_old(now)
        if expired.total or journals:
            parts.record("expired", parts.store.store_id, **asdict(expired), journals=journals)
        return expired

    def attempt(self) -> Expired | None:
        """Do it now, if it is due; None when it failed: nothing waits for it, and the next session tries again."""
        try:
            return self.run_if_due()
        except EscherError:
            return None

    def stop(self) -> None:
        """Begin nothing more, and wait for what is under way."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _later(self) -> None:
        if not self._stopped.wait(DELAY_S):
            self.attempt()
