"""Which protection this machine can give: bubblewrap where it works, a keeper of the process's descendants elsewhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from typing import Literal

from escher.execution.sandbox.bubblewrap import Box, arguments
from escher.execution.sandbox.programs import folders

Level = Literal["bubblewrap", "process_group"]

_PATH = "/usr/bin:/bin:/usr/local/bin"
_PROBE_S = 10
# Newer ones also forbid namespaces within the sandbox; an older one does not know the word.
_EXTRAS = (("--disable-userns",), ())


@dataclass(frozen=True, slots=True)
class Protection:
    """What is possible here. `bwrap` is its path and `extra` what it understands; `because` says why there is none."""

    level: Level
    bwrap: str = ""
    extra: tuple[str, ...] = ()
    because: str = ""


def level() -> Level:
    """The level of protection that steps get on this machine; looked at once."""
    return protection().level


@cache
def protection() -> Protection:
    """The same with its details: an interpreter was really started in a sandbox."""
    if sys.platform != "linux":
        return Protection("process_group", because="bubblewrap is for Linux only")
    found = shutil.which("bwrap", path=_PATH)
    if found is None:
        return Protection("process_group", because="bubblewrap is not installed")
    for extra in _EXTRAS:
        if _works(found, extra):
            return Protection("bubblewrap", found, extra)
    return Protection("process_group", because="bubblewrap cannot make namespaces here")


def _works(bwrap: str, extra: tuple[str, ...]) -> bool:
    box = Box(bwrap, folders([sys.executable]), "/usr", extra)
    try:
        done = subprocess.run(
            arguments(box, [sys.executable, "-I", "-S", "-c", "import socket"]),
            env={},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
