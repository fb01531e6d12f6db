"""Ctrl-C, or the stop button of a notebook, ends long work in good order: what is done by then is kept."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

INTERRUPTED = 130
"""The exit code of what was broken off in good order, as of what a signal ended: the next command must not follow."""


class InterruptedTwice(KeyboardInterrupt):
    """Somebody does not want to wait for the good order."""


@contextmanager
def cancelled_by_interrupt(tell: Callable[[Mapping[str, Any]], None]) -> Generator[threading.Event]:
    """An event that the first interrupt sets, which is told as `scan_cancelling`; the second is InterruptedTwice."""
    cancel = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield cancel
        return
    before = signal.getsignal(signal.SIGINT)

    def interrupted(number: int, frame: FrameType | None) -> None:
        if cancel.is_set():
            raise InterruptedTwice
        cancel.set()
        tell({"type": "scan_cancelling"})

    signal.signal(signal.SIGINT, interrupted)
    try:
        yield cancel
    finally:
        signal.signal(signal.SIGINT, before)
