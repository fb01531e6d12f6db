"""What a step prints: masked, numbered, kept as a head and a tail, and told in batches."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Literal

from escher.context.patterns import MARKS_OF_SECRETS, SECRETS
from escher.contract.ui import OutputLine

KEEP = 512 * 1024
MIN_SECRET = 8
LONGEST_KEY = 200
"""As many lines are hidden, at most, when a key begins and nobody says where it ends."""
BATCH = 500
"""As many lines are told at once, at most."""
# What a string costs in memory besides its characters.
_ROOM_OF_A_LINE = 64
_Stream = Literal["stdout", "stderr"]


class Masker:
    """Hides this session's own credentials wherever they appear, then whatever looks like one."""

    def __init__(self, credentials: Iterable[str]) -> None:
        exact = sorted({secret for secret in credentials if len(secret) >= MIN_SECRET}, key=len, reverse=True)
        self._exact = re.compile("|".join(map(re.escape, exact))) if exact else None

    def __call__(self, text: str) -> str:
        """The text without secrets."""
        if self._exact is not None:
            text = self._exact.sub("<secret>", text)
        folded = text.casefold()
        if any(mark in folded for mark in MARKS_OF_SECRETS):
            for pattern in SECRETS[:-1]:
                text = pattern.sub("<secret>", text)
        return SECRETS[-1].sub("<secret>", text)


class LineMasker:
    """A masker of the lines of one program, one after another: also hides keys that go over several lines."""

    def __init__(self, credentials: Iterable[str]) -> None:
        self._mask = Masker(credentials)
        self._left = 0

    def __call__(self, line: str) -> str:
        """The line without secrets; all of it is one from `-----BEGIN …` to `-----END …`."""
        if self._left:
            self._left = 0 if "-----END " in line else self._left - 1
            return "<secret>"
        if "-----BEGIN " in line and "-----END " not in line:
            self._left = LONGEST_KEY
        return self._mask(line)


class Output:
    """The lines of one run. `flush` hands on what has come since the last time; many lines are handed on at once."""

    def __init__(self, emit: Callable[[tuple[OutputLine, ...]], None]) -> None:
        self._emit = emit
        self._waiting: list[OutputLine] = []
        self._seq = 0

    def add(self, step_id: str, stream: _Stream, text: str) -> None:
        """Take one masked line."""
        self._seq += 1
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        # Its parts are of the right types already; checking them again takes three times as long as all the rest.
        line = OutputLine.model_construct(seq=self._seq, at=at, step_id=step_id, stream=stream, text=text)
        self._waiting.append(line)
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Tell the waiting lines, if there are any."""
        if self._waiting:
            lines, self._waiting = tuple(self._waiting), []
            self._emit(lines)


class HeadAndTail:
    """The first and the last of a text, each of at most `keep` bytes in memory; what is between is counted, not kept."""

    def __init__(self, keep: int = KEEP) -> None:
        self._keep = keep
        self._head: list[str] = []
        self._tail: deque[str] = deque()
        self._head_size = self._tail_size = self._dropped = 0

    def add(self, line: str) -> None:
        """Take one line."""
        size = len(line) + _ROOM_OF_A_LINE
        if not self._tail and self._head_size + size <= self._keep:
            self._head.append(line)
            self._head_size += size
            return
        self._tail.append(line)
        self._tail_size += size
        while self._tail_size > self._keep:
            self._tail_size -= len(self._tail.popleft()) + _ROOM_OF_A_LINE
            self._dropped += 1

    def text(self) -> str:
        """Head and tail, with a line between them that says how much is missing."""
        gap = [f"… {self._dropped} lines left out …"] if self._dropped else []
        return "\n".join([*self._head, *gap, *self._tail])
