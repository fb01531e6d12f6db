"""What `make demo` shows: the first notebook, and the walk through one question."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import boto3
import nbformat
import pytest
from nbclient import NotebookClient

from escher.demo import cloud
from escher.demo.blueprint.company import ACCOUNTS, REGIONS

pytestmark = pytest.mark.demo
NOTEBOOK = Path(__file__).parents[2] / "notebooks/01_first_question.ipynb"
STEPS = ("1 · Scan", "2 · Question", "3 · Targets", "4 · Script", "5 · Approval", "6 · Run", "7 · Audit")
Escher = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty home, as after a fresh clone."""
    return tmp_path_factory.mktemp("user")


@pytest.fixture(scope="module")
def escher(user: Path) -> Iterator[Escher]:
    """The command line in that home, with its demo cloud up and scanned; it is taken down at the end."""
    environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(user)}

    def call(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "escher.cli", *words]
        return subprocess.run(command, env=environment | more, text=True, capture_output=True, check=False, timeout=180)

    try:
        assert call("demo", "up").returncode == 0
        assert call("scan", **cloud.environment(user / ".escher-demo")).returncode == 0
        yield call
    finally:
        call("demo", "down")


@dataclass(frozen=True)
class Seen:
    """An instance as boto3 sees it."""

    region: str
    env: str
    state: str


def _instances(home: Path) -> dict[str, Seen]:
    """Every instance of the demo by id, in all accounts and regions."""
    found: dict[str, Seen] = {}
    with cloud.surroundings(home):
        for account, region in product(ACCOUNTS, REGIONS):
            listed = boto3.Session(profile_name=account, region_name=region).client("ec2").describe_instances()
            for one in (one for group in listed["Reservations"] for one in group["Instances"]):
                tags = {tag["Key"]: tag["Value"] for tag in one.get("Tags", ())}
                found[one["InstanceId"]] = Seen(region, tags.get("env", ""), one["State"]["Name"])
    return found


def test_the_first_notebook_runs_through_and_changes_nothing(escher: Escher, user: Path) -> None:
    """Every cell runs, the orders among them; no instance changes and no approval is given."""
    home = user / ".escher-demo"
    before = _instances(home)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    with cloud.surroundings(home):
        NotebookClient(
            notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(user)}}
        ).execute()
    shown = {
        cell.source: {out["output_type"] for out in cell.outputs} for cell in notebook.cells if cell.cell_type == "code"
    }
    assert [source for source, kinds in shown.items() if "error" in kinds] == []
    assert [
        source for source, kinds in shown.items() if source.startswith("%escher") and "display_data" not in kinds
    ] == []
    assert _instances(home) == before
    assert '"approved"' not in escher("audit", "export", **cloud.environment(home)).stdout


def test_the_walk_goes_from_scan_to_audit_and_stops_what_it_names(escher: Escher, user: Path) -> None:
    """All seven parts are printed in order, dev in eu-west-1 is stopped and nothing else; a second walk says why not."""
    home = user / ".escher-demo"
    before = _instances(home)
    ordered = {
        id_ for id_, one in before.items() if (one.region, one.env, one.state) == ("eu-west-1", "dev", "running")
    }

    walked = escher("demo", "walk")
    assert walked.returncode == 0, walked.stderr
    places = [walked.stdout.index(step) for step in STEPS]
    assert places == sorted(places)
    assert {id_ for id_ in before if id_ in walked.stdout[places[2] : places[3]]} == ordered
    assert "aws ec2 stop-instances --region eu-west-1" in walked.stdout[places[3] : places[4]]
    after = _instances(home)
    assert {id_ for id_ in before if after[id_] != before[id_]} == ordered
    assert {after[id_].state for id_ in ordered} == {"stopped"}

    again = escher("demo", "walk")
    assert again.returncode == 1
    assert "escher demo down" in again.stderr
