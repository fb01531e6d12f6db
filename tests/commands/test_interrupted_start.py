"""Ctrl-C while the command line is still being loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

STARTED = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
from escher.cli import main
code = main(["contract"])
assert not any(isinstance(one, Interrupting) for one in sys.meta_path), "nobody pressed Ctrl-C"
sys.exit(code)
"""
"""What the program `escher` does, with Ctrl-C pressed when a module is about to be imported."""


@pytest.mark.parametrize(
    "name",
    ["escher.commands.interrupting", "argparse", "escher.commands.command", "escher.commands.scan", "pydantic"],
)
def test_ctrl_c_while_loading_ends_without_a_traceback(name: str) -> None:
    """With the exit code of what was interrupted, and not a word."""
    command = [sys.executable, "-c", STARTED.format(name=name)]
    done = subprocess.run(command, text=True, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_nothing_is_loaded_before_ctrl_c_is_heeded() -> None:
    """The module of the program imports nothing that is not there anyway."""
    script = "import os, sys; before = {*sys.modules}; import escher.cli; print(*sorted({*sys.modules} - before))"
    done = subprocess.run([sys.executable, "-c", script], text=True, capture_output=True, check=True, timeout=60)
    assert set(done.stdout.split()) <= {"__future__", "escher", "escher.cli"}
