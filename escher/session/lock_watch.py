"""Notice within a second that the home was locked, and lock it when nobody was here for a while or it was open too long.

The limits hold in kernels only: a command line has nobody to be away. Presence is shared between the kernels of a home,
so that one notebook in use keeps the others open.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from escher.errors import StoreError
from escher.settings import Settings
from escher.store.lock import Lock
from escher.widgets.presence import PRESENCE, now

LOOK_S = 0.3
RECORD_S = 30.0
CHECK_S = 60.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds without a person, and seconds since it was opened; 0 is no limit."""

    idle_s: float = 0.0
    open_s: float = 0.0

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits of a home."""
        return cls(settings.lock_idle_minutes * 60.0, settings.lock_after_hours * 3600.0)

    def exceeded(self, at: float, opened_at: float, last_here: float) -> str:
        """Why it is time to lock, or nothing. All times on one clock."""
        if self.open_s and at - opened_at >= self.open_s:
            return f"it was open for {self.open_s / 3600:g} hours"
        if self.idle_s and at - last_here >= self.idle_s:
            return f"nobody was here for {self.idle_s / 60:g} minutes"
        return ""


class SharedPresence:
    """When a person was last at any notebook of this home: one number in a file of the data folder."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.store_path.with_name("presence")
        self._recorded = 0.0

    def record(self, at: float) -> None:
        """Write it down for the others, unless it is written already. A home that cannot be written to has one notebook less."""
        if at <= self._recorded:
            return
        with suppress(OSError):
            draft = Path(f"{self._path}.{threading.get_native_id()}")
            draft.touch(mode=0o600)
            draft.write_text(repr(at))
            draft.replace(self._path)
        self._recorded = at

    def last(self, at: float) -> float:
        """What the others wrote; a time to come is from before the machine was started anew, and says nothing."""
        with suppress(OSError, ValueError):
            written = float(self._path.read_text())
            return written if written <= at else 0.0
        return 0.0


class Watch:
    """Looks at the lock of a home in a thread until it is locked or `stop` is called; then calls `on_lock` once."""

    def __init__(
        self, settings: Settings, on_lock: Callable[[], object], limits: Limits | None, check_s: float = CHECK_S
    ) -> None:
        self._lock, self._on_lock, self._limits, self._check_s = Lock(settings), on_lock, limits, check_s
        self._shared, self._stopped = SharedPresence(settings), threading.Event()
        self._opened_at = self._recorded_at = self._checked_at = now()
        PRESENCE.acted()

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._look, name="escher-lock", daemon=True).start()

    def stop(self) -> None:
        """End, without a word."""
        self._stopped.set()

    def _look(self) -> None:
        while not self._stopped.wait(LOOK_S):
            if self._limits is not None:
                self._keep_limits(self._limits)
            if self._lock.marker.locked:
                self._on_lock()
                return

    def _keep_limits(self, limits: Limits) -> None:
        at = now()
        if at - self._recorded_at >= min(RECORD_S, self._check_s):
            self._recorded_at = at
            self._shared.record(PRESENCE.last())
        if at - self._checked_at < self._check_s:
            return
        self._checked_at = at
        reason = limits.exceeded(at, self._opened_at, max(PRESENCE.last(), self._shared.last(at)))
        if reason:
            with suppress(StoreError):  # the home cannot be written to: tried again in a minute
                self._lock.close(reason)
