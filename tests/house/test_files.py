"""What the tree holds, and what no committed file may hold."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

from tests.house.conftest import ROOT

LAYOUT = {
    "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "binder", "constraints.txt", "escher", "escher_server",
    "jupyter_ext", "notebooks", "pyproject.toml", "tests",
}  # fmt: skip
# In parts, so that this file does not hold what it looks for.
REGISTRY = re.compile(
    "|".join(
        (r"registry\.npm" "js", "pypi" r"\.org", "python" "hosted", "index" "-url", "^registry" " *=", '"resolved": *"' "http")
    ),
    re.M,
)  # fmt: skip
MACHINE = re.compile(r"(?<![\w./-])/(?:work|root|home/\w+)/\w")
KEYS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{60}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b(?<!EXAMPLE)")
HERE = ROOT / "tests/house"


def _texts(paths: list[Path]) -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(ROOT)), path.read_text("utf-8", errors="replace"))
        for path in paths
        if HERE not in path.parents
    ]


def test_the_root_holds_what_the_layout_names(committed: list[Path]) -> None:
    """Besides dot-folders and dot-files, the root has exactly the agreed entries."""
    entries = {path.relative_to(ROOT).parts[0] for path in committed}
    assert {entry for entry in entries if not entry.startswith(".")} == LAYOUT


def test_no_file_names_a_registry(committed: list[Path]) -> None:
    """Locks and constraints hold names and versions; where they come from is the machine's own business."""
    assert [name for name, text in _texts(committed) if REGISTRY.search(text)] == []


def test_no_file_names_a_folder_of_one_machine(committed: list[Path]) -> None:
    """No absolute path of a developer's machine is in a committed file."""
    assert [name for name, text in _texts(committed) if MACHINE.search(text)] == []


def test_no_file_holds_a_key(committed: list[Path]) -> None:
    """No private key and no AWS access key id but the documentation's examples."""
    assert [(name, found[0]) for name, text in _texts(committed) if (found := KEYS.search(text))] == []


def test_constraints_are_names_and_versions() -> None:
    """Every line of constraints.txt is `name==version`."""
    lines = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line)] == []


def test_notebooks_are_stored_without_outputs() -> None:
    """A committed notebook has no output, no execution count and no widget state."""
    names = subprocess.run(
        ["git", "ls-files", "notebooks/*.ipynb"], cwd=ROOT, text=True, capture_output=True, check=True
    )
    for name in names.stdout.split():
        stored = subprocess.run(["git", "show", f":{name}"], cwd=ROOT, text=True, capture_output=True, check=True)
        notebook = json.loads(stored.stdout)
        assert "widgets" not in notebook["metadata"], name
        for cell in notebook["cells"]:
            assert cell.get("outputs", []) == [], name
            assert cell.get("execution_count") is None, name


def test_scripts_can_be_run() -> None:
    """What CI and Binder start is executable and stops at the first error."""
    for name in (".ci/run", ".ci/packages", "binder/start", "binder/postBuild"):
        assert os.access(ROOT / name, os.X_OK), name
        assert "set -euo pipefail" in (ROOT / name).read_text("utf-8"), name
