"""The reader against the demo's Google Cloud, both ways and with faults."""

from __future__ import annotations

from datetime import datetime

import pytest

from escher.errors import CredentialError
from escher.providers.gcp.access import GcpAccess
from escher.providers.gcp.reader import GcpReader, other_type
from escher.providers.registry import resource_types
from escher.providers.source import ReadFailed
from tests.fixtures.gcp_cloud import GcpCloud
from tests.providers.gcp.scans import KNOWN, TYPES, account_in, reader_in, scanned


def without_inventory(cloud: GcpCloud) -> None:
    """Turn Cloud Asset Inventory off."""
    cloud.switch(cloud.owned, "cloudasset.googleapis.com", enabled=False)


async def test_both_ways_see_the_same(cloud: GcpCloud) -> None:
    """With Cloud Asset Inventory and without it, every declared type has exactly the same resources."""
    by_inventory = await scanned(account_in(cloud))
    without_inventory(cloud)
    by_services = await scanned(account_in(cloud))
    assert by_inventory.declared() == by_services.declared()
    assert len(by_inventory.declared()) > 100
    assert by_inventory.failures == {}
    assert set(by_services.failures) == {"gcp_other"}


async def test_the_inventory_takes_few_calls(cloud: GcpCloud) -> None:
    """A whole project is one list, beside the details of buckets and services and what the inventory knows late."""
    seen = await scanned(account_in(cloud))
    listed = [call for call in cloud.calls() if "/cloudasset/" in call.path and "pageSize=1000" in call.path]
    details = [call for call in cloud.calls() if "getIamPolicy" in call.path or call.path.endswith("/iam")]
    detailed = ("gcp_storage_bucket", "gcp_cloud_run_service")
    assert len(listed) == 1
    assert len(details) == sum(one.resource_type in detailed for one in seen.resources.values())
    assert len(cloud.calls()) == len(details) + 4


async def test_what_nobody_declares_is_seen_too(cloud: GcpCloud) -> None:
    """Every asset is a resource: `gcloud asset list` and the scan hold the same names, and no data is kept."""
    seen = await scanned(account_in(cloud))
    assets = cloud.get(f"cloudasset/v1/projects/{cloud.owned}/assets", pageSize=1000).json()["assets"]
    others = [one for one in seen.resources.values() if one.resource_type not in KNOWN]
    assert {one.resource_id for one in seen.resources.values()} == {asset["name"] for asset in assets}
    assert {one.kind for one in others} == {"other"}
    assert {name for one in others for name in one.attributes} <= {"native_type", "description", "created_at"}


def test_an_undeclared_type_has_a_name_of_its_own() -> None:
    """It is made of Google's words, and is never that of a declared type."""
    assert other_type("cloudkms.googleapis.com/ImportJob") == "gcp_cloudkms_import_job"
    assert other_type("compute.googleapis.com/TargetHTTPProxy") == "gcp_compute_target_http_proxy"
    assert other_type("compute.googleapis.com/Instance") == "gcp_compute_instance_asset"


async def test_a_few_types_are_read_where_changes_show_at_once(cloud: GcpCloud) -> None:
    """A scan of two types does not ask the inventory, which may lag behind."""
    wanted = [resource_types()[name] for name in ("gcp_compute_instance", "gcp_compute_disk")]
    seen = await scanned(account_in(cloud), wanted)
    assert {one.resource_type for one in seen.resources.values()} == {declared.name for declared in wanted}
    assert not [call for call in cloud.calls() if "/cloudasset/" in call.path and "pageSize=1000" in call.path]


async def test_a_filtered_inventory_sees_the_same(cloud: GcpCloud) -> None:
    """Without the catch-all, many types are one list that is filtered, and no resource is missed."""
    whole = await scanned(account_in(cloud))
    seen = await scanned(account_in(cloud), [declared for declared in TYPES if declared.kind != "other"])
    assert seen.resources == whole.declared()


async def test_one_refused_api_leaves_the_others_exact(cloud: GcpCloud) -> None:
    """A 403 of one API makes one type partial, names the permission, and touches nothing else."""
    without_inventory(cloud)
    whole = await scanned(account_in(cloud))
    cloud.faults([{"match": "/pubsub/v1/projects/.*/topics", "status": 403}])
    seen = await scanned(account_in(cloud))
    (failure,) = seen.failures["gcp_pubsub_topic"]
    assert isinstance(failure, ReadFailed)
    assert failure.permission == "pubsub.topics.list"
    assert set(seen.failures) == {"gcp_pubsub_topic", "gcp_other"}
    assert seen.declared() == whole.without("gcp_pubsub_topic")


async def test_an_inventory_that_is_refused_is_replaced(cloud: GcpCloud) -> None:
    """Without the right to the inventory every type is read by its own API; only what nobody declares is not seen."""
    whole = await scanned(account_in(cloud))
    cloud.faults([{"match": "/cloudasset/", "status": 403}])
    seen = await scanned(account_in(cloud))
    (failure,) = seen.failures["gcp_other"]
    assert isinstance(failure, ReadFailed)
    assert failure.permission == "cloudasset.assets.listResource"
    assert seen.declared() == whole.declared()


async def test_an_api_that_is_off_has_nothing(cloud: GcpCloud) -> None:
    """Without the inventory, the type of an API that is off is read whole, and empty."""
    without_inventory(cloud)
    cloud.switch(cloud.owned, "cloudtasks.googleapis.com", enabled=False)
    seen = await scanned(account_in(cloud))
    assert set(seen.failures) == {"gcp_other"}
    assert not [one for one in seen.resources.values() if one.resource_type == "gcp_cloud_tasks_queue"]


@pytest.mark.parametrize("inventory", [True, False])
async def test_throttling_and_server_faults_lose_nothing(cloud: GcpCloud, inventory: bool) -> None:
    """A third of the calls throttled and some failing: the same resources, without a failure."""
    if not inventory:
        without_inventory(cloud)
    whole = await scanned(account_in(cloud))
    data = "/(compute|cloudasset|storage|pubsub|run|cloudkms)/"
    cloud.faults(
        [
            {"match": f"{data}.*", "status": 429, "reason": "rateLimitExceeded", "share": 0.3},
            {"match": f"{data}.*", "status": 500, "share": 0.05},
        ]
    )
    seen = await scanned(account_in(cloud))
    assert seen.declared() == whole.declared()
    assert set(seen.failures) == set(whole.failures)


async def test_throttling_that_ends_is_waited_out(cloud: GcpCloud) -> None:
    """Three refusals for too many calls are counted and overcome."""
    cloud.faults([{"match": "pageSize=1000", "status": 429, "reason": "rateLimitExceeded", "times": 3}])
    seen = await scanned(account_in(cloud))
    assert (seen.throttled, seen.failures) == (3, {})


async def test_a_token_that_is_taken_back_is_renewed(cloud: GcpCloud) -> None:
    """A 401 in the middle of a scan costs one call, not the scan."""
    whole = await scanned(account_in(cloud))
    cloud.faults([{"match": "pageSize=1000", "status": 401, "times": 1}])
    seen = await scanned(account_in(cloud))
    assert (seen.resources, seen.failures) == (whole.resources, {})


async def test_a_bucket_whose_policy_is_refused_is_kept(cloud: GcpCloud) -> None:
    """What is not known of it is left out and reported; `public` is not guessed."""
    cloud.faults([{"match": "/storage/.*/iam", "status": 403}])
    seen = await scanned(account_in(cloud), [resource_types()["gcp_storage_bucket"]])
    assert seen.resources
    assert not [one for one in seen.resources.values() if "public" in one.attributes]
    assert len(seen.failures["gcp_storage_bucket"]) == len(seen.resources)


async def test_a_project_that_is_not_there_is_refused(cloud: GcpCloud) -> None:
    """Nothing of it is read."""
    with pytest.raises(CredentialError, match="nowhere-999"):
        await reader_in(GcpAccess()).check(account_in(cloud, "nowhere-999"))


async def test_the_audit_log_tells_what_was_changed(cloud: GcpCloud) -> None:
    """A new topic is told of by name, and nothing that stayed as it was; the disks of an instance are doubtful with it."""
    account = account_in(cloud)
    since = now_of(cloud)
    cloud.post(f"compute/v1/projects/{cloud.owned}/zones/{zone_of(cloud, 'RUNNING')}/reset").raise_for_status()
    changes = await reader_in(GcpAccess()).changes(account, ["global"], since)
    touched = {type_: names for (_, type_), names in changes.touched.items()}
    assert changes.blind == frozenset()
    assert zone_of(cloud, "RUNNING").rpartition("/")[2] in touched["gcp_compute_instance"]
    assert touched["gcp_compute_disk"] == frozenset()
    assert "gcp_pubsub_topic" not in touched


async def test_without_the_log_the_inventory_of_then_tells(cloud: GcpCloud) -> None:
    """What differs between two moments was changed; without both, nothing is known."""
    account = account_in(cloud)
    since = now_of(cloud)
    cloud.switch(cloud.owned, "logging.googleapis.com", enabled=False)
    reader = reader_in(GcpAccess())
    compared = await reader.changes(account, ["global"], since)
    without_inventory(cloud)
    unknown = await reader.changes(account, ["global"], since)
    assert compared.blind == frozenset()
    assert (unknown.touched, unknown.blind) == ({}, frozenset({"global"}))


async def test_an_owner_may_do_everything(cloud: GcpCloud) -> None:
    """What the project allows is asked once for all, and holds for all in it."""
    seen = await scanned(account_in(cloud))
    cloud.reset_calls()
    reader = reader_in(GcpAccess())
    verdicts = await reader.allowed(account_in(cloud), list(seen.declared().values()))
    assert {allowed for one in verdicts.values() for allowed in one.values()} == {True}
    assert {call.path.partition("?")[0].rpartition(":")[2] for call in cloud.calls()} == {"testIamPermissions"}
    assert len(cloud.calls()) <= 3


async def test_a_viewer_may_change_nothing(cloud: GcpCloud) -> None:
    """Nothing that starts, stops or deletes is allowed, and what is not asked is unknown, never allowed."""
    account = account_in(cloud, cloud.viewed)
    seen = await scanned(account)
    instances = [one for one in seen.resources.values() if one.resource_type == "gcp_compute_instance"]
    verdicts = await reader_in(GcpAccess()).allowed(account, instances[:3])
    deletes = [verdicts[one.resource_id]["compute.instances.delete"] for one in instances[:3]]
    many = await reader_in(GcpAccess()).allowed(account, instances * (1 + 60 // len(instances)))
    assert deletes == [False] * 3
    assert [one for one in many.values() if "compute.instances.delete" in one] == []


async def test_permissions_that_cannot_be_asked_are_a_failure(cloud: GcpCloud) -> None:
    """Where even the project does not tell, the missing permission is named."""
    seen = await scanned(account_in(cloud), [resource_types()["gcp_storage_bucket"]])
    cloud.faults([{"match": ":testIamPermissions", "status": 403}])
    with pytest.raises(ReadFailed, match="was refused"):
        await reader_in(GcpAccess()).allowed(account_in(cloud), list(seen.resources.values()))


def test_the_reader_is_a_source() -> None:
    """All types of GCP are listed once, and the reader has every method of a source."""
    assert {declared.reach for declared in TYPES} == {"global"}
    names = ("check", "regions", "home_region", "batches", "pages", "look", "changes", "allowed", "close")
    assert all(callable(getattr(GcpReader, name)) for name in names)


def now_of(cloud: GcpCloud) -> int:
    """The moment now, in the cloud's own time."""
    asked = cloud.get(f"cloudasset/v1/projects/{cloud.owned}/assets", pageSize=1).json()
    return int(datetime.fromisoformat(asked["readTime"]).timestamp())


def zone_of(cloud: GcpCloud, status: str) -> str:
    """The path below `zones/` of the first instance in a state."""
    answer = cloud.get(f"compute/v1/projects/{cloud.owned}/aggregated/instances").json()
    found = [one for scope in answer["items"].values() for one in scope.get("instances", ())]
    link = next(one["selfLink"] for one in found if one["status"] == status)
    return link.partition("/zones/")[2]
