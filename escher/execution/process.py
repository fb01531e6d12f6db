"""One child process: its own process group, both pipes read line by line, ended whole when time is up.

A step's process is a keeper or a sandbox (`sandbox.launching`), which ends all descendants when it is asked to, and
when it ends itself. Here it is asked, and killed when it does not answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from escher.errors import RunFailed

GRACE_S = 5.0
"""How long a process has after it was asked to end; a keeper needs half a second less for itself and all below."""
CHUNK = 65_536
LINE_LIMIT = 8_192

OnLine = Callable[[Literal["stdout", "stderr"], str], None]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a process ended. `exit_code` is None when it had to be ended."""

    exit_code: int | None
    timed_out: bool = False
    cancelled: bool = False


async def run_process(
    argv: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    *,
    timeout_s: float,
    cancel: asyncio.Event,
    on_line: OnLine,
    stop: Callable[[], bool] = lambda: False,
) -> Ending:
    """Run to the end, to the time-out or to the cancellation; no descendant outlives it that its keeper holds.

    `stop` asks the keeper for the end; where it says False, the group is signalled. Raises RunFailed.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            env=dict(environment),
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as cause:
        raise RunFailed(f"cannot start {argv[0]}: {cause}.", hint="Check that it is installed.") from cause
    readers = asyncio.gather(_read(process.stdout, "stdout", on_line), _read(process.stderr, "stderr", on_line))
    try:
        ending = await _until_end(process, timeout_s, cancel)
    finally:
        await _end(process, stop)
    with contextlib.suppress(TimeoutError):
        # A grandchild that left the group may hold the pipe; what it prints is no longer this step's.
        await asyncio.wait_for(readers, GRACE_S)
    return ending


async def _until_end(process: asyncio.subprocess.Process, timeout_s: float, cancel: asyncio.Event) -> Ending:
    ended = asyncio.ensure_future(process.wait())
    cancelled = asyncio.ensure_future(cancel.wait())
    try:
        await asyncio.wait({ended, cancelled}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        cancelled.cancel()
    if ended.done():
        return Ending(ended.result())
    ended.cancel()
    return Ending(None, timed_out=not cancel.is_set(), cancelled=cancel.is_set())


async def _end(process: asyncio.subprocess.Process, stop: Callable[[], bool]) -> None:
    """TERM, five seconds, KILL: to everything below, also when the first process has ended already."""
    if process.returncode is None:
        if not stop():
            _signal_group(process.pid, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), GRACE_S)
    for descendant in _descendants(process) if process.returncode is None else ():
        with contextlib.suppress(psutil.NoSuchProcess):
            descendant.kill()
    _signal_group(process.pid, signal.SIGKILL)
    await process.wait()


def _descendants(process: asyncio.subprocess.Process) -> list[psutil.Process]:
    """What a keeper that does not answer still holds."""
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, number)


async def _read(pipe: asyncio.StreamReader | None, name: Literal["stdout", "stderr"], on_line: OnLine) -> None:
    """Hand on whole lines; a line longer than 8 KiB is handed on in pieces, so memory stays bounded."""
    rest = b""
    while pipe is not None and (chunk := await pipe.read(CHUNK)):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            _hand_on(line, name, on_line)
        if len(rest) > LINE_LIMIT:
            _hand_on(rest, name, on_line)
            rest = b""
    if rest:
        _hand_on(rest, name, on_line)


def _hand_on(line: bytes, name: Literal["stdout", "stderr"], on_line: OnLine) -> None:
    for start in range(0, max(len(line), 1), LINE_LIMIT):
        on_line(name, line[start : start + LINE_LIMIT].decode("utf-8", "replace").rstrip("\r"))
