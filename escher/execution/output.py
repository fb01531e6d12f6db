"""What a step prints: masked, numbered, kept as a head and a tail, and told in batches."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Literal

from escher.context.patterns import SECRETS
from escher.contract.ui import OutputLine

KEEP = 512 * 1024
MIN_SECRET = 8


class Masker:
    """Hides this session's own credentials wherever they appear, then whatever looks like one."""

    def __init__(self, credentials: Iterable[str]) -> None:
        self._exact = sorted({secret for secret in credentials if len(secret) >= MIN_SECRET}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._exact:
            text = text.replace(secret, "<secret>")
        for pattern in SECRETS:
            text = pattern.sub("<secret>", text)
        return text


class Output:
    """The lines of one run. `flush` hands on what has come since the last time."""

    def __init__(self, emit: Callable[[tuple[OutputLine, ...]], None]) -> None:
        self._emit = emit
        self._waiting: list[OutputLine] = []
        self._seq = 0

    def add(self, step_id: str, stream: Literal["stdout", "stderr"], text: str) -> None:
        """Take one masked line."""
        self._seq += 1
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._waiting.append(OutputLine(seq=self._seq, at=at, step_id=step_id, stream=stream, text=text))

    def flush(self) -> None:
        """Tell the waiting lines, if there are any."""
        if self._waiting:
            lines, self._waiting = tuple(self._waiting), []
            self._emit(lines)


class HeadAndTail:
    """The first and the last half mebibyte of a text; what is between is counted, not kept."""

    def __init__(self) -> None:
        self._head: list[str] = []
        self._tail: deque[str] = deque()
        self._head_size = self._tail_size = self._dropped = 0

    def add(self, line: str) -> None:
        """Take one line."""
        size = len(line) + 1
        if not self._tail and self._head_size + size <= KEEP:
            self._head.append(line)
            self._head_size += size
            return
        self._tail.append(line)
        self._tail_size += size
        while self._tail_size > KEEP:
            self._tail_size -= len(self._tail.popleft()) + 1
            self._dropped += 1

    def text(self) -> str:
        """Head and tail, with a line between them that says how much is missing."""
        gap = [f"… {self._dropped} lines left out …"] if self._dropped else []
        return "\n".join([*self._head, *gap, *self._tail])
