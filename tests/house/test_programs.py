"""A missing system package is named: the tests that need it are skipped, and fail where CI promises them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.conftest import ROOT

CONFTEST = "from tests.conftest import *\n"
MARKED = """
import pytest
@pytest.mark.browser
def test_marked():
    raise AssertionError("started although chromium is missing")
def test_asked(requires):
    requires("no-such-program", "no-such-package")
"""


@pytest.mark.parametrize(("ci", "closing"), [("true", "1 failed, 1 error"), ("", "2 skipped")])
def test_a_missing_program_skips_and_fails_in_ci(tmp_path: Path, ci: str, closing: str) -> None:
    """The message names the package; nothing of the test is started."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  browser: needs chromium\n")
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_marked.py").write_text(MARKED)
    environment = os.environ | {"PATH": str(Path(sys.executable).parent), "PYTHONPATH": str(ROOT), "CI": ci}
    command = [sys.executable, "-m", "pytest", "-q", "-rsf"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, text=True, capture_output=True, check=False, timeout=120
    )
    assert closing in done.stdout.splitlines()[-1]
    assert "sudo apt-get install chromium" in done.stdout
    assert "sudo apt-get install no-such-package" in done.stdout
