"""When a person last did something in this process: ran a cell, or clicked in a view. Nothing is written down."""

from __future__ import annotations

import time

_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def now() -> float:
    """Seconds since the machine started, its sleep included, the same in all processes; no one can set it back."""
    return time.clock_gettime(_BOOT)


class Presence:
    """What one process knows of its person. A cell that runs counts as presence until it ends."""

    def __init__(self) -> None:
        self._acted_at = now()
        self._cells = 0

    def acted(self) -> None:
        """A person clicked."""
        self._acted_at = now()

    def cell_begins(self, *_: object) -> None:
        """A cell begins to run."""
        self._cells = 1
        self.acted()

    def cell_ends(self, *_: object) -> None:
        """A cell has ended."""
        self._cells = 0
        self.acted()

    def last(self) -> float:
        """When a person was last here, on the clock of `now`."""
        return now() if self._cells else self._acted_at


PRESENCE = Presence()
