"""A text in the person's own editor, in a private folder that is gone afterwards."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from escher.errors import InvalidInput

_MEMORY = Path("/dev/shm")  # noqa: S108 a file in memory leaves nothing on a disk; the folder in it is private


def edited(text: str, prompt: Callable[[str], str] | None) -> str:
    """The text as the person left it. Raises InvalidInput where nobody can edit, or the editor failed."""
    if prompt is None:
        raise InvalidInput("nobody can edit here.", hint="Use a terminal, or escher policy set FILE.")
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or shutil.which("nano") or shutil.which("vi")
    if not command:
        raise InvalidInput("there is no editor.", hint="Set EDITOR, or use escher policy set FILE.")
    with tempfile.TemporaryDirectory(prefix="escher-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None) as folder:
        path = Path(folder) / "policy.toml"
        path.touch(mode=0o600)
        path.write_text(text, "utf-8")
        try:
            subprocess.run([*shlex.split(command), str(path)], check=True)
            return path.read_text("utf-8")
        except (OSError, subprocess.CalledProcessError, UnicodeDecodeError) as cause:
            raise InvalidInput(f"the editor {command!r} failed.", hint="Set EDITOR to another one.") from cause
