"""The programs that a plan runs with: where they are and what they are, by the SHA-256 of their bytes.

Of a program that is a script the interpreter counts as well, and so does the program that shuts the step in.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal

from escher.contract.plan import Plan
from escher.contract.vocabulary import Language, Provider
from escher.contract.wire import Wire
from escher.errors import MissingDependency

SandboxLevel = Literal["bubblewrap", "process_group"]
CLIS: dict[Provider, str] = {"aws": "aws", "azure": "az", "gcp": "gcloud"}
TOOLS: dict[Language, tuple[str, ...]] = {"bash": ("bash", "cli"), "python": ("python",)}
SANDBOX = "bwrap"
_SYSTEM_FOLDERS = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"
_FIRST_LINE_BYTES = 256

Find = Callable[[str], str | None]


class Tool(Wire):
    """The interpreter or command that a step needs: where it is, and the SHA-256 of its bytes."""

    name: str
    path: str
    sha256: str


def find_tool(name: str) -> str | None:
    """Where a program is: beside this interpreter first (`pip install escher[cli]`), then the system's folders."""
    if name == "python":
        return sys.executable
    beside = str(Path(sys.executable).parent)
    return shutil.which(name, path=f"{beside}:{_SYSTEM_FOLDERS}")


def tools_for(plan: Plan, sandbox: SandboxLevel, find: Find = find_tool) -> tuple[Tool, ...]:
    """The programs that the plan's steps run with, in order of name. Raises MissingDependency."""
    needed: set[str] = {SANDBOX} if sandbox == "bubblewrap" else set()
    for step in plan.steps:
        for call in (step, step.rollback) if step.rollback else (step,):
            needed.update(CLIS[step.provider] if name == "cli" else name for name in TOOLS[call.language])
    return tuple(tool for name in sorted(needed) for tool in _tools(name, find))


def _tools(name: str, find: Find) -> Iterator[Tool]:
    path = find(name)
    if path is None:
        raise MissingDependency(f"{name} is not installed.", hint='Install it, or set language = "python".')
    try:
        yield Tool(name=name, path=path, sha256=_sha256(path))
        interpreter = _interpreter(path, find)
        if interpreter:
            yield Tool(name=f"{name} interpreter", path=interpreter, sha256=_sha256(interpreter))
    except OSError as cause:
        raise MissingDependency(f"{path} cannot be read: {cause.strerror}.", hint=f"Install {name} anew.") from cause


def _interpreter(path: str, find: Find) -> str:
    """What runs a script, by its first line; empty for a program of its own."""
    with Path(path).open("rb") as file:
        first = file.readline(_FIRST_LINE_BYTES)
    words = first[2:].decode(errors="replace").split() if first.startswith(b"#!") else []
    if len(words) > 1 and Path(words[0]).name == "env":
        return find(words[1]) or words[0]
    return words[0] if words and Path(words[0]).is_file() else ""


def _sha256(path: str) -> str:
    is_ = Path(path).stat()
    # The time of a change of the inode cannot be set back by whoever may write the file, so it need not be read again.
    return _sha256_of(path, (is_.st_dev, is_.st_ino, is_.st_size, is_.st_mtime_ns, is_.st_ctime_ns))


@lru_cache(maxsize=64)
def _sha256_of(path: str, _as_it_is: tuple[int, ...]) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
