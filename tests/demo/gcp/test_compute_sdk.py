"""google-cloud-compute, unchanged, against the demo's Compute Engine."""

from __future__ import annotations

from typing import Any

import google.auth
import pytest
from google.api_core import exceptions
from google.cloud import compute_v1

from tests.fixtures.gcp_cloud import GcpCloud

ZONE = "us-central1-a"


@pytest.fixture
def instances(client_of: Any) -> compute_v1.InstancesClient:
    """Google's client of instances."""
    return client_of(compute_v1.InstancesClient)


@pytest.fixture
def done(cloud: GcpCloud, client_of: Any) -> Any:
    """Wait for an operation in the zone, or of the project; its last form."""
    # The clients' own `result()` asks Google's address whatever the options say.
    zonal, overall = client_of(compute_v1.ZoneOperationsClient), client_of(compute_v1.GlobalOperationsClient)

    def wait(begun: compute_v1.Operation) -> compute_v1.Operation:
        if begun.zone:
            zone = begun.zone.rpartition("/")[2]
            return zonal.wait(project=cloud.owned, zone=zone, operation=begun.name)
        return overall.wait(project=cloud.owned, operation=begun.name)

    return wait


@pytest.fixture
def made(cloud: GcpCloud, instances: compute_v1.InstancesClient, done: Any, request: pytest.FixtureRequest) -> str:
    """The name of a running instance that only this test has, with a boot disk of the same name."""
    name = request.node.name.replace("_", "-").removeprefix("test-")[:50].strip("-")
    parameters = compute_v1.AttachedDiskInitializeParams(disk_size_gb=12)
    disk = compute_v1.AttachedDisk(boot=True, auto_delete=True, initialize_params=parameters)
    network = compute_v1.NetworkInterface(network="global/networks/main")
    wanted = compute_v1.Instance(
        name=name,
        machine_type=f"zones/{ZONE}/machineTypes/e2-small",
        disks=[disk],
        network_interfaces=[network],
        labels={"team": "tests"},
    )
    done(instances.insert_unary(project=cloud.owned, zone=ZONE, instance_resource=wanted))
    return name


def of(cloud: GcpCloud, name: str) -> dict[str, str]:
    """The arguments that name an instance."""
    return {"project": cloud.owned, "zone": ZONE, "instance": name}


def test_default_credentials_work(cloud: GcpCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key file is found and exchanged for a token as any other."""
    for name, value in cloud.environment().items():
        monkeypatch.setenv(name, value)
    credentials, project = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    client = compute_v1.ZonesClient(credentials=credentials, client_options={"api_endpoint": cloud.url})
    zones = [zone.name for zone in client.list(project=project)]
    assert ZONE in zones and project == cloud.owned


def test_pages_add_up(cloud: GcpCloud, instances: compute_v1.InstancesClient) -> None:
    """Small pages give the same instances as one large one."""
    request = {"project": cloud.viewed, "zone": ZONE}
    small = [found.name for found in instances.list(request=request | {"max_results": 3})]
    assert small == [found.name for found in instances.list(request=request)] and len(small) > 6


def test_aggregated_list_has_every_zone(cloud: GcpCloud, instances: compute_v1.InstancesClient) -> None:
    """Zones with instances list them; those without carry the warning of the real one."""
    scopes = dict(instances.aggregated_list(project=cloud.viewed))
    empty = {scope for scope, found in scopes.items() if not found.instances}
    assert {found.warning.code for scope, found in scopes.items() if scope in empty} == {"NO_RESULTS_ON_PAGE"}
    assert "zones/us-west1-c" in empty and len(scopes) == 9


def test_filters_are_understood(cloud: GcpCloud, instances: compute_v1.InstancesClient) -> None:
    """Labels and states select instances."""
    request = {"project": cloud.viewed, "filter": '(status = "SUSPENDED") AND (labels.app = "forecast")'}
    found = [item for _, scope in instances.aggregated_list(request=request) for item in scope.instances]
    assert {(item.status, item.labels["app"]) for item in found} == {("SUSPENDED", "forecast")}


def test_stop_and_start(cloud: GcpCloud, instances: compute_v1.InstancesClient, done: Any, made: str) -> None:
    """An operation is PENDING at first and DONE at last, and the instance follows."""
    begun = instances.stop_unary(**of(cloud, made))
    assert (begun.status.name, done(begun).status.name) == ("PENDING", "DONE")
    assert instances.get(**of(cloud, made)).status == "TERMINATED"
    done(instances.start_unary(**of(cloud, made)))
    assert instances.get(**of(cloud, made)).status == "RUNNING"


def test_operations_run_before_they_are_done(
    cloud: GcpCloud, instances: compute_v1.InstancesClient, client_of: Any, made: str
) -> None:
    """Asked in between, an operation is RUNNING and the instance on its way."""
    cloud.delay(operation_ms=600_000)
    begun = instances.stop_unary(**of(cloud, made))
    asked = client_of(compute_v1.ZoneOperationsClient).get(project=cloud.owned, zone=ZONE, operation=begun.name)
    assert asked.status.name == "RUNNING"
    assert instances.get(**of(cloud, made)).status == "STOPPING"


def test_suspend_and_resume(cloud: GcpCloud, instances: compute_v1.InstancesClient, done: Any, made: str) -> None:
    """A suspended instance cannot be started, only resumed."""
    done(instances.suspend_unary(**of(cloud, made)))
    assert instances.get(**of(cloud, made)).status == "SUSPENDED"
    with pytest.raises(exceptions.BadRequest):
        instances.start_unary(**of(cloud, made))
    done(instances.resume_unary(**of(cloud, made)))
    assert instances.get(**of(cloud, made)).status == "RUNNING"


def test_machine_type_changes_only_when_stopped(
    cloud: GcpCloud, instances: compute_v1.InstancesClient, done: Any, made: str
) -> None:
    """A running instance refuses another size, a stopped one takes it."""
    wanted = compute_v1.InstancesSetMachineTypeRequest(machine_type=f"zones/{ZONE}/machineTypes/e2-standard-2")
    change = of(cloud, made) | {"instances_set_machine_type_request_resource": wanted}
    with pytest.raises(exceptions.BadRequest):
        instances.set_machine_type_unary(**change)
    done(instances.stop_unary(**of(cloud, made)))
    done(instances.set_machine_type_unary(**change))
    assert instances.get(**of(cloud, made)).machine_type.endswith("/machineTypes/e2-standard-2")


def test_labels_need_the_fingerprint(
    cloud: GcpCloud, instances: compute_v1.InstancesClient, done: Any, made: str
) -> None:
    """Labels are replaced once; the same fingerprint a second time is stale."""
    before = instances.get(**of(cloud, made))
    wanted = compute_v1.InstancesSetLabelsRequest(labels={"env": "dev"}, label_fingerprint=before.label_fingerprint)
    change = of(cloud, made) | {"instances_set_labels_request_resource": wanted}
    done(instances.set_labels_unary(**change))
    assert dict(instances.get(**of(cloud, made)).labels) == {"env": "dev"}
    with pytest.raises(exceptions.PreconditionFailed):
        instances.set_labels_unary(**change)


def test_protected_instances_stay(cloud: GcpCloud, instances: compute_v1.InstancesClient, done: Any, made: str) -> None:
    """Deletion waits until the protection is off; then the instance and its boot disk are gone."""
    named = {"project": cloud.owned, "zone": ZONE, "resource": made}
    done(instances.set_deletion_protection_unary(request=named | {"deletion_protection": True}))
    with pytest.raises(exceptions.BadRequest, match="protected against deletion"):
        instances.delete_unary(**of(cloud, made))
    done(instances.set_deletion_protection_unary(request=named | {"deletion_protection": False}))
    done(instances.delete_unary(**of(cloud, made)))
    with pytest.raises(exceptions.NotFound):
        instances.get(**of(cloud, made))


def test_a_snapshot_is_of_its_disk(cloud: GcpCloud, client_of: Any, done: Any, made: str) -> None:
    """CreateSnapshot makes a snapshot that tells its disk and its size."""
    disks, snapshots = client_of(compute_v1.DisksClient), client_of(compute_v1.SnapshotsClient)
    wanted = compute_v1.Snapshot(name=f"{made}-snap", labels={"why": "test"})
    done(disks.create_snapshot_unary(project=cloud.owned, zone=ZONE, disk=made, snapshot_resource=wanted))
    found = snapshots.get(project=cloud.owned, snapshot=f"{made}-snap")
    assert (found.status, found.disk_size_gb, found.source_disk.rpartition("/")[2]) == ("READY", 12, made)
    done(snapshots.delete_unary(project=cloud.owned, snapshot=f"{made}-snap"))
    with pytest.raises(exceptions.NotFound):
        snapshots.get(project=cloud.owned, snapshot=f"{made}-snap")


def test_used_disks_stay(cloud: GcpCloud, client_of: Any, made: str) -> None:
    """A disk that an instance has cannot be deleted."""
    with pytest.raises(exceptions.BadRequest, match="already being used by") as refused:
        client_of(compute_v1.DisksClient).delete_unary(project=cloud.owned, zone=ZONE, disk=made)
    assert refused.value.errors[0]["reason"] == "resourceInUseByAnotherResource"


def test_disks_leave_and_come_back(
    cloud: GcpCloud, instances: compute_v1.InstancesClient, client_of: Any, done: Any, made: str
) -> None:
    """A data disk is detached, grows, and is attached again."""
    disks = client_of(compute_v1.DisksClient)
    named = {"project": cloud.owned, "zone": ZONE, "disk": f"{made}-d"}
    done(disks.insert_unary(project=cloud.owned, zone=ZONE, disk_resource=compute_v1.Disk(name=f"{made}-d", size_gb=5)))
    attached = compute_v1.AttachedDisk(source=f"projects/{cloud.owned}/zones/{ZONE}/disks/{made}-d", device_name="d")
    done(instances.attach_disk_unary(**of(cloud, made), attached_disk_resource=attached))
    assert [user.rpartition("/")[2] for user in disks.get(**named).users] == [made]
    done(instances.detach_disk_unary(**of(cloud, made), device_name="d"))
    done(disks.resize_unary(**named, disks_resize_request_resource=compute_v1.DisksResizeRequest(size_gb=9)))
    assert (list(disks.get(**named).users), disks.get(**named).size_gb) == ([], 9)


def test_what_is_used_cannot_go(cloud: GcpCloud, client_of: Any) -> None:
    """A health check of a backend service and a network with subnetworks stay."""
    with pytest.raises(exceptions.BadRequest, match="backendServices/checkout"):
        client_of(compute_v1.HealthChecksClient).delete_unary(project=cloud.owned, health_check="checkout-http")
    with pytest.raises(exceptions.BadRequest):
        client_of(compute_v1.NetworksClient).delete_unary(project=cloud.owned, network="main")


def test_viewers_change_nothing(cloud: GcpCloud, instances: compute_v1.InstancesClient) -> None:
    """In the project where the account is a viewer a stop is denied and the instance runs on."""
    named = {"project": cloud.viewed, "zone": ZONE, "instance": "warehouse-loader-prod-02"}
    with pytest.raises(exceptions.Forbidden, match=r"compute\.instances\.stop"):
        instances.stop_unary(**named)
    assert instances.get(**named).status == "RUNNING"


def test_permissions_of_an_instance(cloud: GcpCloud, instances: compute_v1.InstancesClient) -> None:
    """TestIamPermissions tells the owner all and the viewer only what reads."""
    asked = compute_v1.TestPermissionsRequest(permissions=["compute.instances.get", "compute.instances.stop"])
    held = {
        project: list(
            instances.test_iam_permissions(
                project=project, zone=ZONE, resource=name, test_permissions_request_resource=asked
            ).permissions
        )
        for project, name in ((cloud.owned, "search-node-prod-02"), (cloud.viewed, "warehouse-loader-prod-02"))
    }
    assert held == {
        cloud.owned: ["compute.instances.get", "compute.instances.stop"],
        cloud.viewed: ["compute.instances.get"],
    }


def test_wrong_bodies_are_refused(cloud: GcpCloud, instances: compute_v1.InstancesClient) -> None:
    """An unknown machine type and a name that is taken."""
    wrong = compute_v1.Instance(name="wrong", machine_type=f"zones/{ZONE}/machineTypes/none")
    with pytest.raises(exceptions.BadRequest, match="machineType"):
        instances.insert_unary(project=cloud.owned, zone=ZONE, instance_resource=wrong)
    taken = compute_v1.Instance(name="search-node-prod-02", machine_type=f"zones/{ZONE}/machineTypes/e2-small")
    with pytest.raises(exceptions.Conflict):
        instances.insert_unary(project=cloud.owned, zone=ZONE, instance_resource=taken)
