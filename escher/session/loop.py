"""One asyncio loop in a daemon thread: notebook cells stay free, and synchronous calls wait for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")
CLEAN_UP_S = 15
POLL_S = 0.2


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="escher", daemon=True).start()
    return loop


def start(work: Coroutine[Any, Any, T]) -> Future[T]:
    """Begin asynchronous work; the future of its result."""
    return asyncio.run_coroutine_threadsafe(work, _loop())


def wait(work: Coroutine[Any, Any, T]) -> T:
    """Do asynchronous work and wait for it; an interrupt (Ctrl-C) cancels it and waits for it to clean up."""
    ended = threading.Event()

    async def whole() -> T:
        try:
            return await work
        finally:
            ended.set()

    future = start(whole())
    try:
        # Wake up now and then: a signal that another thread received is only seen by this one when it runs.
        while not ended.wait(POLL_S):
            pass
        return future.result()
    except BaseException:
        future.cancel()
        ended.wait(CLEAN_UP_S)
        raise
