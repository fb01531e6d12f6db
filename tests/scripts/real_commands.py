"""AWS's own example commands, and what awscli makes of commands."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

ORACLE = Path(__file__).with_name("awscli_oracle.py")
_ADDRESS = re.compile(r"\b(file|fileb|https?)://")


def real_commands() -> list[str]:
    """The commands of `aws_tasks.jsonl` in the folder ESCHER_REAL_DATA; skips the test without it."""
    folder = os.environ.get("ESCHER_REAL_DATA")
    if not folder:
        pytest.skip("ESCHER_REAL_DATA does not name the folder with aws_tasks.jsonl")
    lines = (Path(folder) / "aws_tasks.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["command"] for line in lines]


def names_file_or_address(command: str) -> bool:
    """Whether a command has a file or a URL among its words."""
    return bool(_ADDRESS.search(command))


def as_awscli_reads(commands: Sequence[str]) -> list[Any]:
    """The call that awscli would make of each, or None."""
    done = subprocess.run(
        [sys.executable, str(ORACLE)],
        input="".join(f"{command}\n" for command in commands),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]
