"""Prompts are files beside what uses them; the first line of each names it and its version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

AGENTS = Path(__file__).parents[1] / "agents"
_HEADING = re.compile(r"# (?P<name>.+), version (?P<version>\d+)")


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is told for one use, before any data."""

    name: str
    version: int
    text: str


@cache
def read_prompt(file: str) -> Prompt:
    """The prompt in a file below `agents`. Raises ValueError for one without name and version."""
    heading, _, text = (AGENTS / file).read_text("utf-8").partition("\n")
    found = _HEADING.fullmatch(heading.strip())
    if found is None:
        raise ValueError(f"{file} begins with no name and version")
    return Prompt(found["name"], int(found["version"]), text.strip())
