"""Backups by themselves, in a process that lives on: a notebook or an automation; never in a short command.

Hourly where a bucket is set, else as often as the settings say. Of several processes the first one makes the backup.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from escher.errors import BackupError, EscherError
from escher.session.backups import Backups, Made, last_backup
from escher.store.backup.schedule import due, every_hours

if TYPE_CHECKING:
    from escher.session.wiring import Parts

DELAY_S = 60.0
BETWEEN_S = 600.0


class BackingUp:
    """Looks now and then whether a backup is due, and makes it."""

    def __init__(self, parts: Parts, delay_s: float = DELAY_S) -> None:
        self._parts, self._delay_s = parts, delay_s
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._until_stopped, name="escher-backup", daemon=True)

    def begin(self) -> None:
        """Do it in the background from now on. Once is enough."""
        if self._thread.ident is None:
            self._thread.start()

    def run_if_due(self) -> Made | None:
        """Make a backup now, if one is due. Raises BackupError, StoreError."""
        settings, now = self._parts.settings, datetime.now(UTC)
        hours = every_hours(settings.backup_target, settings.backup_every_hours)
        if not due(now, last_backup(settings), hours):
            return None
        return Backups(settings, self._parts).create(progress=self._goes_on)

    def stop(self) -> None:
        """Begin nothing more, and give up what is under way: its draft goes."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _until_stopped(self) -> None:
        wait_s = self._delay_s
        while not self._stopped.wait(wait_s):
            wait_s = BETWEEN_S
            try:
                self.run_if_due()
            except EscherError:
                """The next try comes by itself, and `escher doctor` warns when there was no backup for long."""

    def _goes_on(self, event: Mapping[str, Any]) -> None:
        if self._stopped.is_set():
            raise BackupError("the session is being closed.", hint="The next session makes the backup.")
