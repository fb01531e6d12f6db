"""Send what changes in a view to its pages: at once when it is quiet, never more often than every 50 ms.

jupyter_server drops messages above 1 000 a second, so lines and components wait here and leave in batches.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from escher.contract.messages import AppendOutput, PutComponents, ShowView
from escher.contract.ui import OutputLine
from escher.contract.wire import Wire

INTERVAL_S = 0.05
BATCH_CHARACTERS = 64 * 1024
BACKLOG_LINES = 20_000


class Outbox:
    """Numbers and paces the messages of one view. Thread-safe; `send` is called with one JSON document at a time."""

    def __init__(self, send: Callable[[dict[str, Any]], None], interval_s: float = INTERVAL_S) -> None:
        self._send = send
        self._interval_s = interval_s
        self._lock = threading.RLock()
        self._seq = 0
        self._sent_at = 0.0
        self._timer: threading.Timer | None = None
        self._puts: dict[str, dict[str, Any]] = {}
        self._lines: dict[str, deque[OutputLine]] = {}

    def show(self, request_id: str, components: Iterable[dict[str, Any]]) -> None:
        """Send the whole view now; it contains whatever was waiting."""
        with self._lock:
            self._puts.clear()
            self._lines.clear()
            self._deliver(ShowView(id=request_id, seq=self._next(), components=tuple(components)))

    def put(self, component: dict[str, Any]) -> None:
        """Add or replace a component; of several with one id the last is sent."""
        with self._lock:
            self._puts[component["id"]] = component
            self._arm()

    def append(self, component_id: str, lines: Iterable[OutputLine]) -> None:
        """Add lines to a run's output. When a page cannot keep up, the oldest waiting lines give way."""
        with self._lock:
            self._lines.setdefault(component_id, deque(maxlen=BACKLOG_LINES)).extend(lines)
            self._arm()

    def _arm(self) -> None:
        if self._timer is None:
            pause = self._sent_at + self._interval_s - time.monotonic()
            self._timer = threading.Timer(max(0.0, pause), self._flush)
            self._timer.daemon = True
            self._timer.start()

    def _flush(self) -> None:
        with self._lock:
            self._timer = None
            if self._puts:
                self._deliver(PutComponents(id=self._name(), seq=self._next(), components=tuple(self._puts.values())))
                self._puts = {}
            elif self._lines:
                component_id, waiting = self._lines.popitem()
                self._deliver(self._batch(component_id, waiting))
                if waiting:
                    self._lines = {component_id: waiting} | self._lines
            if self._puts or self._lines:
                self._arm()

    def _batch(self, component_id: str, waiting: deque[OutputLine]) -> AppendOutput:
        lines: list[OutputLine] = []
        room = BATCH_CHARACTERS
        while waiting and (room > 0 or not lines):
            room -= len(waiting[0].text)
            lines.append(waiting.popleft())
        return AppendOutput(id=self._name(), seq=self._next(), component_id=component_id, lines=tuple(lines))

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def _name(self) -> str:
        return f"m{self._seq + 1}"

    def _deliver(self, message: Wire) -> None:
        self._sent_at = time.monotonic()
        self._send(message.model_dump(mode="json"))
