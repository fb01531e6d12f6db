"""Work that nobody waits for: one thread, started when there is something to do, gone when there is not."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

from escher.errors import EscherError

_LOWEST = 19


class Background:
    """Runs `work` in a thread of the lowest priority. `work` is given a function that says whether to go on."""

    def __init__(self, work: Callable[[Callable[[], bool]], None]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._wanted = self._stopping = False
        self._thread: threading.Thread | None = None
        self.problem = ""

    def start(self) -> None:
        """Have it done soon; once more when it is being done already."""
        with self._lock:
            self._wanted, self._stopping = True, False
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="escher-index", daemon=True)
                self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether there is work under way."""
        return self._thread is not None

    def stop(self, seconds: float | None = None) -> None:
        """End it at the next chance, and wait for that."""
        with self._lock:
            self._wanted, self._stopping = False, True
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(seconds)

    def _run(self) -> None:
        step_back()
        while self._next():
            try:
                self._work(lambda: not self._stopping)
                self.problem = ""
            except EscherError as failure:
                self.problem = str(failure)

    def _next(self) -> bool:
        with self._lock:
            wanted, self._wanted = self._wanted and not self._stopping, False
            if not wanted:
                self._thread = None
            return wanted


def step_back() -> None:
    """Let everything else on this machine go before this thread. On Linux a thread has a priority of its own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST)
