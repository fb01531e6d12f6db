"""The walk through one question, as `make demo` prints it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest

from escher.demo import cloud
from escher.demo.blueprint.company import ACCOUNTS

pytestmark = pytest.mark.demo
STEPS = ("1 · Scan", "2 · Question", "3 · Targets", "4 · Script", "5 · Approval", "6 · Run", "7 · Audit")
Escher = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def escher(tmp_path: Path) -> Iterator[Escher]:
    """The command line in an empty home, as after a fresh clone; its demo cloud is taken down at the end."""
    environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "escher.cli", *words]
        return subprocess.run(command, env=environment, text=True, capture_output=True, timeout=180)

    yield call
    call("demo", "down")


def _states(home: Path, env: str) -> dict[str, str]:
    """Instances of an environment in the walk-through's region, over all accounts: id → state."""
    found: dict[str, str] = {}
    with cloud.surroundings(home):
        for account in ACCOUNTS:
            ec2 = boto3.Session(profile_name=account, region_name="eu-west-1").client("ec2")
            listed = ec2.describe_instances(Filters=[{"Name": "tag:env", "Values": [env]}])["Reservations"]
            found |= {one["InstanceId"]: one["State"]["Name"] for group in listed for one in group["Instances"]}
    return found


def test_the_walk_goes_from_scan_to_audit_and_stops_what_it_names(escher: Escher, tmp_path: Path) -> None:
    """All seven parts are printed in order, the dev instances are stopped and no others; a second walk says why not."""
    home = tmp_path / ".escher-demo"
    assert escher("demo", "up").returncode == 0
    before, others = _states(home, "dev"), _states(home, "staging")
    running = [identifier for identifier, state in before.items() if state == "running"]

    walked = escher("demo", "walk")
    assert walked.returncode == 0, walked.stderr
    places = [walked.stdout.index(step) for step in STEPS]
    assert places == sorted(places)
    targets = walked.stdout[places[2] : places[3]]
    assert [identifier for identifier in running if identifier not in targets] == []
    assert "aws ec2 stop-instances --region eu-west-1" in walked.stdout[places[3] : places[4]]
    assert set(_states(home, "dev").values()) == {"stopped"}
    assert _states(home, "staging") == others

    again = escher("demo", "walk")
    assert again.returncode == 1
    assert "escher demo down" in again.stderr
    assert escher("demo", "down").returncode == 0
    assert not home.exists()
