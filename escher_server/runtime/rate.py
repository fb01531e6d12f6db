"""How often a tenant may ask: a sliding minute, counted for all workers together. Counts only; no word of a request.

Two windows of a minute each are counted; the one before weighs in by the part of it that is still within the last 60
seconds. So no minute holds more than the limit, give or take how evenly the minute before was used.
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import struct
import time
from collections.abc import Callable
from functools import lru_cache
from math import floor
from pathlib import Path
from typing import NamedTuple

MINUTE_S = 60.0
_SLOT = struct.Struct("<16sdII")
_SLOTS = 4096
SIZE = _SLOT.size * _SLOTS


class Window(NamedTuple):
    """What was asked in the minute that began at `start`, and in the one before."""

    start: float = 0.0
    asked: int = 0
    before: int = 0


def admit(window: Window, now: float, limit: int) -> tuple[Window, int]:
    """The window after one more request, and after how many seconds to ask again, then with success; 0: admitted."""
    window = _moved(window, now)
    left = 1 - (now - window.start) / MINUTE_S
    if window.asked + window.before * left < limit:
        return Window(window.start, window.asked + 1, window.before), 0
    if window.asked >= limit:
        return window, floor(MINUTE_S * left) + 1
    freed = MINUTE_S * (1 - (limit - window.asked) / window.before)
    return window, floor(window.start + freed - now) + 1


def _moved(window: Window, now: float) -> Window:
    """The window that `now` lies in."""
    passed = int((now - window.start) // MINUTE_S)
    if passed == 0:
        return window
    if passed == 1:
        return Window(window.start + MINUTE_S, 0, window.asked)
    return Window(now)  # nothing for a minute, or a clock that was put back


class Rates:
    """The windows of all tenants, in memory that workers share through a file; without one, of this process alone.

    `limit` 0: nobody is counted. With more than 4096 tenants within two minutes, the one that rested longest makes room.
    """

    def __init__(self, limit: int, shared: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self.limit = limit
        self._clock = clock
        self._file = os.open(shared, os.O_RDWR | os.O_CLOEXEC) if shared else -1
        if shared and os.fstat(self._file).st_size < SIZE:
            os.ftruncate(self._file, SIZE)
        self._memory = mmap.mmap(self._file, SIZE)

    def wait(self, tenant: str) -> int:
        """Count one request; the seconds after which to ask again, 0 when it may be answered now."""
        if not self.limit:
            return 0
        name = _name(tenant)
        if self._file >= 0:
            fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            place, window = self._find(name)
            window, wait = admit(window, self._clock(), self.limit)
            _SLOT.pack_into(self._memory, place, name, *window)
        finally:
            if self._file >= 0:
                fcntl.flock(self._file, fcntl.LOCK_UN)
        return wait

    def _find(self, name: bytes) -> tuple[int, Window]:
        """The tenant's place, else a free one; among the eight that it may have, the longest unused makes room."""
        first = int.from_bytes(name[:4], "little")
        oldest, since = 0, float("inf")
        for step in range(8):
            place = (first + step) % _SLOTS * _SLOT.size
            held, start, asked, before = _SLOT.unpack_from(self._memory, place)
            if held == name:
                return place, Window(start, asked, before)
            if start < since:
                oldest, since = place, start
        return oldest, Window()


@lru_cache(maxsize=_SLOTS)
def _name(tenant: str) -> bytes:
    return hashlib.sha256(tenant.encode()).digest()[:16]
