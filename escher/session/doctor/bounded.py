"""Run a call for at most so long. A call that hangs, on a keychain's daemon say, is left behind and waited for no more."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from escher.errors import EscherError

T = TypeVar("T")


class TookTooLong(EscherError):
    """A call did not end in its time; it may still be under way."""

    code = "timeout"
    retryable = True


class Bounded(Generic[T]):
    """A call under way in a thread of its own, which does not keep the process alive."""

    def __init__(self, what: str, call: Callable[[], T], seconds: float, hint: str = "") -> None:
        self._what, self._call, self._limit = what, call, seconds
        self._hint = hint or "Try again in a quiet moment."
        self._begun = time.monotonic()
        self._result: list[T] = []
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=f"escher doctor: {what}", daemon=True)
        self._thread.start()
        self.seconds = 0.0

    def result(self) -> T:
        """What the call returned, waited for. Raises what it raised, or TookTooLong."""
        self._thread.join(max(0.0, self._begun + self._limit - time.monotonic()))
        if self._failure is not None:
            raise self._failure
        if not self._result:
            self.seconds = time.monotonic() - self._begun
            raise TookTooLong(
                f"{self._what} did not end within {self._limit:g} s.", hint="Try again in a quiet moment."
            )
        return self._result[0]

    def _run(self) -> None:
        try:
            self._result.append(self._call())
        except BaseException as failure:  # noqa: BLE001 it is raised again where the result is asked for
            self._failure = failure
        finally:
            self.seconds = time.monotonic() - self._begun
