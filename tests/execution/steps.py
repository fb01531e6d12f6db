"""Steps as the engine starts them, with what they print: in the sandbox of this machine, or as if it had none."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from escher.approval.tools import Tool
from escher.contract.plan import Step
from escher.execution.process import Ending, run_process
from escher.execution.sandbox.launching import launched
from escher.execution.sandbox.level import Protection, protection
from tests.conftest import program_path
from tests.fixtures.azure_cloud import az_path

KEEPER = Protection("process_group", because="this test wants none")


@dataclass
class Outcome:
    """How a step ended, and what it printed; `notes` is what the proxy refused."""

    ending: Ending
    lines: list[str]
    notes: list[str] = field(default_factory=list[str])
    protections: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All lines of both pipes, and all notes."""
        return "\n".join((*self.lines, *self.notes))


def step(script: str, **given: Any) -> Step:
    """A step of AWS in bash, unless something else is given."""
    about: dict[str, Any] = {
        "title": "A step",
        "language": "bash",
        "step_id": "s1",
        "number": 1,
        "phase": "change",
        "effect": "write",
        "provider": "aws",
        "account_id": "111111111111",
        "region": "us-east-1",
        "targets": (),
    }
    return Step(script=script, **about | given)


def tools(*named: str) -> tuple[Tool, ...]:
    """Bash, and programs by their paths."""
    paths = ("/bin/bash", sys.executable, *named)
    names = ("bash", "python", *(path.rpartition("/")[2] for path in named))
    return tuple(Tool(name=name, path=path, sha256="") for name, path in zip(names, paths, strict=True))


def bubblewrap() -> Protection:
    """The sandbox. Without bubblewrap the test is skipped, and fails when `CI=true`."""
    program_path("bwrap", "bubblewrap")
    found = protection()
    if found.level != "bubblewrap":
        pytest.skip(found.because)
    return found


async def run(
    of: Step,
    using: Protection,
    *programs: str,
    credentials: Mapping[str, str] | None = None,
    timeout_s: float = 60,
    cancel: asyncio.Event | None = None,
    cancel_on: str = "",
) -> Outcome:
    """Run a step to its end; `cancel_on` cancels it as soon as a line begins with that."""
    lines: list[str] = []
    notes: list[str] = []
    ending_asked = cancel or asyncio.Event()

    def on_line(stream: str, text: str) -> None:
        lines.append(text)
        if cancel_on and text.startswith(cancel_on):
            ending_asked.set()

    async with launched(of, of, tools(*programs), credentials or {}, notes=notes.append, using=using) as launch:
        ending = await run_process(
            launch.argv,
            launch.environment,
            launch.folder,
            timeout_s=timeout_s,
            cancel=ending_asked,
            on_line=on_line,
            stop=launch.stop,
        )
    return Outcome(ending, lines, notes, launch.protections)


def az_command() -> str:
    """The real az. Without it the test is skipped, and fails when `CI=true`."""
    found = az_path()
    if found is None:
        message = "az is missing. Run: make test (it makes .venv-az)"
        pytest.fail(message, pytrace=False) if os.environ.get("CI") == "true" else pytest.skip(message)
    return found


def gcloud_path() -> str:
    """The real gcloud. Without it the test is skipped."""
    found = shutil.which("gcloud")
    if found is None:
        pytest.skip("gcloud is missing. Install Google's Cloud SDK")
    return found
