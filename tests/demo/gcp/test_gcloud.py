"""The real gcloud against the demo. It tells of trouble by a warning and exit status 0, so warnings fail."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest

from tests.fixtures.gcp_cloud import GcpCloud

pytestmark = [
    pytest.mark.gcloud,
    pytest.mark.skipif(shutil.which("gcloud") is None, reason="gcloud is missing. Install Google's Cloud SDK"),
]
ZONE = "--zone=us-central1-a"


@pytest.fixture
def gcloud(cloud: GcpCloud) -> Any:
    """Run gcloud; its JSON. A warning or an exit status is a failure."""

    def run(*arguments: str) -> Any:
        command = ["gcloud", *arguments, "--format=json", "--quiet"]
        done = subprocess.run(command, env=cloud.gcloud_environment(), capture_output=True, text=True, check=False)
        assert (done.returncode, "WARNING" in done.stderr) == (0, False), done.stderr
        return json.loads(done.stdout or "null")

    return run


def test_lists(cloud: GcpCloud, gcloud: Any) -> None:
    """Instances, disks and snapshots are those of Cloud Asset."""
    for command, kind in (("instances", "Instance"), ("disks", "Disk"), ("snapshots", "Snapshot")):
        found = {item["name"] for item in gcloud("compute", command, "list")}
        types = [f"compute.googleapis.com/{kind}"] + (["compute.googleapis.com/RegionDisk"] if kind == "Disk" else [])
        assets = gcloud("asset", "list", f"--project={cloud.owned}", f"--asset-types={','.join(types)}")
        assert found == {asset["name"].rpartition("/")[2] for asset in assets} and found


def test_power_size_and_labels(gcloud: Any) -> None:
    """Two instances in one batch; then one is resized, labelled and started."""
    first, second = "search-node-prod-02", "search-node-prod-04"
    gcloud("compute", "instances", "stop", first, second, ZONE)
    gcloud("compute", "instances", "set-machine-type", first, ZONE, "--machine-type=e2-standard-2")
    gcloud("compute", "instances", "add-labels", first, ZONE, "--labels=checked=yes")
    gcloud("compute", "instances", "start", first, ZONE)
    shown = {item["name"]: item for item in gcloud("compute", "instances", "list", "--filter=name~search-node-prod")}
    assert (shown[first]["status"], shown[second]["status"]) == ("RUNNING", "TERMINATED")
    assert shown[first]["machineType"].endswith("/e2-standard-2") and shown[first]["labels"]["checked"] == "yes"


def test_a_snapshot_and_a_deletion(gcloud: Any) -> None:
    """A disk is copied, the copy is found and deleted."""
    gcloud("compute", "disks", "snapshot", "api-pool-prod-02", ZONE, "--snapshot-names=by-gcloud")
    assert gcloud("compute", "snapshots", "describe", "by-gcloud")["diskSizeGb"] == "20"
    gcloud("compute", "snapshots", "delete", "by-gcloud")
    assert "by-gcloud" not in {item["name"] for item in gcloud("compute", "snapshots", "list")}


@pytest.mark.parametrize(
    ("command", "count"),
    [
        ("projects list", 2),
        ("sql instances list", 4),
        ("storage buckets list", 8),
        ("container clusters list", 2),
        ("pubsub topics list", 8),
        ("iam service-accounts list", 9),
        ("dns managed-zones list", 2),
        ("secrets list", 11),
        ("functions list", 5),
        ("redis instances list --region=us-central1", 1),
        ("compute instance-groups managed list", 3),
        ("logging sinks list", 4),
    ],
)
def test_other_services(gcloud: Any, command: str, count: int) -> None:
    """Each lists what the company has of it."""
    assert len(gcloud(*command.split())) == count


def test_databases_stop_by_policy(gcloud: Any) -> None:
    """A patch of the activation policy is awaited and seen."""
    gcloud("sql", "instances", "patch", "catalog-mysql", "--activation-policy=NEVER")
    assert gcloud("sql", "instances", "describe", "catalog-mysql")["settings"]["activationPolicy"] == "NEVER"


def test_refusals_are_told(cloud: GcpCloud) -> None:
    """A viewer's stop ends with status 1 and names the permission."""
    named = ["warehouse-loader-prod-02", ZONE, f"--project={cloud.viewed}"]
    command = ["gcloud", "compute", "instances", "stop", *named]
    done = subprocess.run(command, env=cloud.gcloud_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "compute.instances.stop" in done.stderr
