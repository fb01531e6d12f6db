"""gcloud itself takes the identifiers that are relative names, without being told a zone."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from escher.contract.estate import Resource
from escher.providers.gcp.access import GcpAccess
from tests.fixtures.gcp_cloud import GcpCloud
from tests.providers.gcp.scans import account_in, scanned

pytestmark = pytest.mark.skipif(shutil.which("gcloud") is None, reason="gcloud is missing. Install Google's Cloud SDK")
COMMANDS = {
    "gcp_compute_disk": "compute disks describe",
    "gcp_compute_instance": "compute instances describe",
    "gcp_compute_instance_group": "compute instance-groups describe",
    "gcp_compute_instance_group_manager": "compute instance-groups managed describe",
    "gcp_filestore_instance": "filestore instances describe",
    "gcp_kms_key": "kms keys describe",
}


@pytest.mark.parametrize("type_", sorted(COMMANDS))
async def test_gcloud_takes_the_identifier(cloud: GcpCloud, type_: str) -> None:
    """The thing that gcloud describes by it is the one that was scanned."""
    seen = await scanned(account_in(cloud))
    resource: Resource = next(one for one in seen.resources.values() if one.resource_type == type_)
    command = ["gcloud", *COMMANDS[type_].split(), resource.identifier, "--format=value(name)"]
    run = subprocess.run(command, env=cloud.gcloud_environment(), capture_output=True, text=True, check=False)
    assert run.stdout.strip().rpartition("/")[2] == resource.name, run.stderr


async def test_gcloud_works_in_the_environment_of_an_account(cloud: GcpCloud) -> None:
    """With what a child process is given, and no other log-in, gcloud lists the instances that were scanned."""
    seen = await scanned(account_in(cloud))
    own = {"PATH": os.environ["PATH"], "HOME": str(cloud.folder), "CLOUDSDK_CONFIG": str(cloud.folder / "bare")}
    environment = own | GcpAccess().environment(account_in(cloud), "us-central1")
    command = ["gcloud", "compute", "instances", "list", "--format=value(name)"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    wanted = {one.name for one in seen.resources.values() if one.resource_type == "gcp_compute_instance"}
    assert (set(run.stdout.split()), "WARNING" in run.stderr) == (wanted, False)
