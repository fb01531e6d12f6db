"""Child processes: read live, ended whole."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import psutil
import pytest

from escher.errors import RunFailed
from escher.execution.output import HeadAndTail, Masker
from escher.execution.process import Ending, run_process

ENVIRONMENT = {"PATH": "/usr/bin:/bin"}


async def _run(
    script: str, folder: Path, timeout_s: float = 20, cancel: asyncio.Event | None = None
) -> tuple[Ending, list[str]]:
    lines: list[str] = []
    ending = await run_process(
        ["bash", "--norc", "-c", script],
        ENVIRONMENT,
        folder,
        timeout_s=timeout_s,
        cancel=cancel or asyncio.Event(),
        on_line=lambda stream, text: lines.append(f"{stream}: {text}"),
    )
    return ending, lines


def _has_ended(pid: int, within_s: float = 10) -> bool:
    """Gone, or dead and waiting for init to collect it: the kernel kills at once, init collects when it likes."""
    try:
        process = psutil.Process(pid)
        deadline = time.monotonic() + within_s
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
    except psutil.NoSuchProcess:
        pass
    return True


async def test_both_pipes_are_read_and_the_exit_code_is_kept(tmp_path: Path) -> None:
    """Lines of stdout and stderr arrive, also the last one without a newline."""
    ending, lines = await _run("echo one; echo two >&2; printf three; exit 7", tmp_path)
    assert ending == Ending(7)
    assert sorted(lines) == ["stderr: two", "stdout: one", "stdout: three"]


async def test_a_step_sees_only_the_environment_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this process's environment leaks into a child."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary-of-the-parent")
    _, lines = await _run("env", tmp_path)
    assert not any("canary" in line for line in lines)


async def test_a_time_out_ends_the_whole_group(tmp_path: Path) -> None:
    """A child that ignores TERM, and its own child, are gone after the time-out."""
    begun = time.monotonic()
    ending, lines = await _run("trap '' TERM; sleep 60 & echo $!; wait", tmp_path, timeout_s=0.5)
    assert ending.timed_out and ending.exit_code is None
    assert time.monotonic() - begun < 15
    assert _has_ended(int(lines[0].removeprefix("stdout: ")))


async def test_a_cancelled_step_ends_at_once(tmp_path: Path) -> None:
    """Cancelling ends the process and says so."""
    cancel = asyncio.Event()
    asyncio.get_running_loop().call_later(0.2, cancel.set)
    ending, _ = await _run("sleep 60", tmp_path, cancel=cancel)
    assert ending.cancelled


async def test_a_program_that_is_missing_is_told_clearly(tmp_path: Path) -> None:
    """A missing interpreter is a typed failure, not a traceback of asyncio."""
    with pytest.raises(RunFailed, match="cannot start"):
        await run_process(
            ["/nowhere/bash"],
            ENVIRONMENT,
            tmp_path,
            timeout_s=1,
            cancel=asyncio.Event(),
            on_line=lambda stream, text: None,
        )


async def test_a_very_long_line_is_handed_on_in_pieces(tmp_path: Path) -> None:
    """A line of a megabyte does not have to fit in memory at once, and nothing of it is lost."""
    lines: list[str] = []
    await run_process(
        [sys.executable, "-c", "print('x' * 1_000_000)"],
        ENVIRONMENT,
        tmp_path,
        timeout_s=20,
        cancel=asyncio.Event(),
        on_line=lambda stream, text: lines.append(text),
    )
    assert sum(map(len, lines)) == 1_000_000
    assert max(map(len, lines)) <= 8_192


def test_output_keeps_its_head_and_its_tail() -> None:
    """Of a long output the beginning and the end stay, and the gap is counted."""
    kept = HeadAndTail()
    for number in range(200_000):
        kept.add(f"line {number:06d}")
    text = kept.text()
    assert len(text) < 1_100_000
    assert text.startswith("line 000000") and text.endswith("line 199999") and "lines left out" in text


def test_credentials_of_the_session_are_masked_wherever_they_appear() -> None:
    """The exact secrets of a step never reach an output line."""
    mask = Masker(["wJalrXUtnFEMIexample", "us-east-1"])
    assert mask("key=wJalrXUtnFEMIexample;") == "key=<secret>;"
