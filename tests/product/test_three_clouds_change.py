"""What other programs change in three clouds is known after the next scan: what it was, and nothing besides.

The clouds are this file's own. Every test changes things that no other touches.
"""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator

import pytest

from escher.contract.estate import Resource
from tests.fixtures.azure_cloud import az_path
from tests.fixtures.three_clouds import ThreeClouds, three_clouds

pytestmark = [pytest.mark.demo]


@pytest.fixture(scope="module")
def clouds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThreeClouds]:
    """Three clouds in a home that was empty."""
    with three_clouds(tmp_path_factory.mktemp("user")) as running:
        yield running


@pytest.fixture(scope="module")
def estate(clouds: ThreeClouds) -> list[Resource]:
    """What a scan saw before anything was changed."""
    assert clouds.escher("scan")["complete"]
    return clouds.estate()


def _owned(estate: list[Resource], type_: str, state: str = "", number: int = 0) -> Resource:
    """Something of the account that the user owns, which nothing else manages."""
    fitting = [
        one
        for one in estate
        if (one.resource_type, one.account_name, one.managed_by) == (type_, "web-shop", "") and state in ("", one.state)
    ]
    return fitting[number]


def _attached(estate: list[Resource], machine: Resource) -> set[str]:
    """The ids of what is attached to a machine: disks, and interfaces that give an address back when it stops."""
    names = {machine.resource_id, f"{machine.resource_type}/{machine.identifier}"}
    return {one.resource_id for one in estate if names & set(one.relations.get("attached_to", ()))}


def _told_after_a_scan(clouds: ThreeClouds, provider: str) -> dict[str, set[str]]:
    """What `escher estate --changes 1h` tells of a cloud after another scan of it, by id."""
    report = clouds.escher("scan", "--provider", provider)
    told: dict[str, set[str]] = defaultdict(set)
    for row in clouds.escher("estate", "--changes", "1h"):
        if row["scan_id"] == report["scan_id"]:
            told[row["resource_id"]].add(" ".join(filter(None, (row["change"], row["field"]))))
    return told


def test_what_boto3_changes_is_told_after_the_next_scan(clouds: ThreeClouds, estate: list[Resource]) -> None:
    """A machine stopped, a queue tagged, a copy deleted: these are told, and besides only what hangs on the machine."""
    machine, copy = _owned(estate, "aws_ec2_instance", "running"), _owned(estate, "aws_ebs_snapshot")
    queue = _owned(estate, "aws_sqs_queue")
    clouds.aws("web-shop", machine.region, "ec2").stop_instances(InstanceIds=[machine.identifier])
    clouds.aws("web-shop", copy.region, "ec2").delete_snapshot(SnapshotId=copy.identifier)
    sqs = clouds.aws("web-shop", queue.region, "sqs")
    sqs.tag_queue(QueueUrl=sqs.get_queue_url(QueueName=queue.identifier)["QueueUrl"], Tags={"checked": "yes"})
    told = _told_after_a_scan(clouds, "aws")
    assert told.keys() - _attached(estate, machine) == {machine.resource_id, copy.resource_id, queue.resource_id}
    assert {"changed state", "changed native_state"} <= told[machine.resource_id]
    assert told[queue.resource_id] == {"changed tags.checked"}
    assert told[copy.resource_id] == {"vanished"}


def test_what_google_clients_change_is_told_after_the_next_scan(clouds: ThreeClouds, estate: list[Resource]) -> None:
    """The same by google-cloud-compute."""
    from google.cloud import compute_v1

    machine, labelled = (_owned(estate, "gcp_compute_instance", "running", number) for number in (0, 1))
    copy, project = _owned(estate, "gcp_compute_snapshot"), clouds.projects[0]
    instances = clouds.google_client(compute_v1.InstancesClient)
    begun = instances.stop_unary(project=project, zone=machine.zone, instance=machine.name)
    clouds.google_client(compute_v1.ZoneOperationsClient).wait(project=project, zone=machine.zone, operation=begun.name)
    before = instances.get(project=project, zone=labelled.zone, instance=labelled.name)
    labels = compute_v1.InstancesSetLabelsRequest(
        labels={**before.labels, "checked": "yes"}, label_fingerprint=before.label_fingerprint
    )
    asked = {"project": project, "zone": labelled.zone, "instance": labelled.name}
    instances.set_labels_unary(**asked, instances_set_labels_request_resource=labels)
    begun = clouds.google_client(compute_v1.SnapshotsClient).delete_unary(project=project, snapshot=copy.name)
    clouds.google_client(compute_v1.GlobalOperationsClient).wait(project=project, operation=begun.name)
    told = _told_after_a_scan(clouds, "gcp")
    assert told.keys() == {machine.resource_id, labelled.resource_id, copy.resource_id}
    assert "changed state" in told[machine.resource_id]
    assert told[labelled.resource_id] == {"changed tags.checked"}
    assert told[copy.resource_id] == {"vanished"}


class TestChangesByCommands:
    """What the real commands change."""

    @pytest.mark.az
    @pytest.mark.skipif(
        az_path() is None and os.environ.get("CI") != "true", reason="az is missing. Run: make test (it makes .venv-az)"
    )
    def test_az(self, clouds: ThreeClouds, estate: list[Resource]) -> None:
        """The same by `az`; the machine's disks have another state, too."""
        machine, tagged = (_owned(estate, "azure_compute_virtual_machine", "running", number) for number in (0, 1))
        copy = _owned(estate, "azure_compute_snapshot")
        clouds.az("vm", "deallocate", "--ids", machine.resource_id)
        clouds.az("resource", "tag", "--ids", tagged.resource_id, "--tags", "checked=yes", "--is-incremental")
        clouds.az("snapshot", "delete", "--ids", copy.resource_id)
        told = _told_after_a_scan(clouds, "azure")
        assert {"changed state", "changed native_state"} <= told[machine.resource_id]
        assert told[tagged.resource_id] == {"changed tags.checked"}
        assert told[copy.resource_id] == {"vanished"}
        assert told.keys() - _attached(estate, machine) == {machine.resource_id, tagged.resource_id, copy.resource_id}

    @pytest.mark.gcloud
    @pytest.mark.skipif(shutil.which("gcloud") is None, reason="gcloud is missing. Install Google's Cloud SDK")
    def test_gcloud(self, clouds: ThreeClouds, estate: list[Resource]) -> None:
        """A machine that gcloud stopped is stopped."""
        machine = _owned(estate, "gcp_compute_instance", "running", 2)
        clouds.gcloud("compute", "instances", "stop", machine.name, f"--zone={machine.zone}")
        told = _told_after_a_scan(clouds, "gcp")
        assert "changed state" in told[machine.resource_id]
