"""`make prove` can be stopped and taken up again; `make bench` finds what is there."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bench.__main__ import HERE, main
from tests.house.conftest import ROOT

CONFTEST = """
from tests.campaigns import Proof
def pytest_configure(config):
    config.pluginmanager.register(Proof(config.rootpath))
"""
CAMPAIGNS = """
from pathlib import Path
def test_holds(record_property):
    record_property("cases", 200)
def test_holds_when_mended():
    assert Path("mended").exists()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project under git with two campaigns, one of which fails until it is mended."""
    (tmp_path / "pytest.ini").write_text("[pytest]")
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_campaigns.py").write_text(CAMPAIGNS)
    for words in ("init -q", "add .", "-c user.name=a -c user.email=a@example.org commit -qm first"):
        subprocess.run(["git", *words.split()], cwd=tmp_path, check=True)
    return tmp_path


def _prove(project: Path, *options: str) -> tuple[str, dict[str, Any]]:
    """The closing line of a run, and the record after it."""
    command = [sys.executable, "-m", "pytest", "-q", *options]
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment = own | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=project, env=environment, text=True, capture_output=True, check=False, timeout=120
    )
    return done.stdout.splitlines()[-1], json.loads((project / "prove.json").read_text())["campaigns"]


@pytest.mark.parametrize(
    "options", [(), ("--numprocesses", "2", "--dist", "loadgroup")], ids=["alone", "in two processes"]
)
def test_what_is_proved_is_not_repeated_until_the_code_changes(project: Path, options: tuple[str, ...]) -> None:
    """A second run takes up what failed only; after a commit everything is due again."""
    closing, record = _prove(project, *options)
    assert "1 failed, 1 passed" in closing
    assert record["test_campaigns.py::test_holds"]["cases"] == 200

    (project / "mended").touch()
    closing, record = _prove(project, *options)
    assert "1 passed" in closing
    assert "failed" not in closing
    assert {one["outcome"] for one in record.values()} == {"passed"}

    (project / "test_campaigns.py").write_text(CAMPAIGNS + "\n# changed\n")
    closing, _ = _prove(project, *options)
    assert "2 passed" in closing


def test_an_unknown_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """`make bench ONLY=…` names what there is."""
    assert main(["nothing-of-that-name"]) == 2
    assert "import" in capsys.readouterr().err


@pytest.mark.parametrize("path", sorted(HERE.glob("bench_*.py")), ids=lambda path: path.stem)
def test_every_benchmark_can_be_walked(path: Path) -> None:
    """Each file of the folder defines `benchmarks()`, which yields its rows."""
    functions = {
        node.name: node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)
    }
    assert "benchmarks" in functions
    assert any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(functions["benchmarks"]))


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="The tests run in one process")
def test_the_tests_of_a_group_stay_in_one_process(request: pytest.FixtureRequest) -> None:
    """Its name carries its group, by which workers are told apart: what a file builds is built once."""
    assert request.node.nodeid.endswith(f"@{request.path}")
