"""google-cloud-asset, unchanged, against the demo's Cloud Asset Inventory; and the services beside it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import asset_v1

from escher.demo.clouds.gcp.seed import seeded
from tests.fixtures.gcp_cloud import GcpCloud

PREFIX = {"compute": "compute/v1/", "storage": "storage/v1/", "dns": "dns/v1/", "bigquery": "bigquery/v2/"}


@pytest.fixture
def inventory(client_of: Any) -> asset_v1.AssetServiceClient:
    """Google's client of Cloud Asset."""
    return client_of(asset_v1.AssetServiceClient, "/cloudasset", transport="rest")


def listed(inventory: asset_v1.AssetServiceClient, project: str, **more: Any) -> list[asset_v1.Asset]:
    """All assets of a project with their data."""
    request = {"parent": f"projects/{project}", "content_type": asset_v1.ContentType.RESOURCE} | more
    return list(inventory.list_assets(request=request))


def stop(cloud: GcpCloud, path: str) -> None:
    """Stop an instance and wait until it is."""
    begun = cloud.post(f"compute/v1/{path}/stop").raise_for_status().json()
    zone = "/".join(path.split("/")[:4])
    cloud.post(f"compute/v1/{zone}/operations/{begun['name']}/wait").raise_for_status()


@pytest.mark.parametrize("project", [0, 1])
def test_assets_are_what_the_services_say(cloud: GcpCloud, project: int) -> None:
    """The data of every asset is, field by field, the answer of its own API."""
    account, state = cloud.projects[project], seeded()
    assets: dict[str, Any] = {}
    token = ""
    while token or not assets:
        page = cloud.get(
            f"cloudasset/v1/projects/{account}/assets", contentType="RESOURCE", pageSize=200, pageToken=token
        ).json()
        assets |= {asset["name"]: asset["resource"]["data"] for asset in page["assets"]}
        token = page.get("nextPageToken", "")
    different: dict[str, Any] = {}
    for found in state.all(account):
        if found.asset_type is None:
            continue
        path = PREFIX.get(found.api, f"{found.asset_type.version}/") + found.path
        said = cloud.get(f"{found.api}/{path}").json()
        if said != assets.pop(state.named(found, found.data or {})):
            different[path] = said
    assert (different, assets) == ({}, {})


def test_types_and_pages(cloud: GcpCloud, inventory: asset_v1.AssetServiceClient) -> None:
    """Types may be named or be regular expressions; pages add up."""
    everything = listed(inventory, cloud.viewed, page_size=37)
    compute = listed(inventory, cloud.viewed, asset_types=["compute.googleapis.com.*"])
    disks = listed(inventory, cloud.viewed, asset_types=["compute.googleapis.com/Disk"])
    assert len({asset.name for asset in everything}) == len(everything) > 260
    assert {asset.asset_type.split("/")[0] for asset in compute} == {"compute.googleapis.com"}
    assert 0 < len(disks) < len(compute) < len(everything)


def test_without_content_type_there_is_no_data(cloud: GcpCloud, inventory: asset_v1.AssetServiceClient) -> None:
    """Names and ancestors only."""
    asset = next(iter(inventory.list_assets(request={"parent": f"projects/{cloud.owned}"})))
    assert asset.ancestors[0] == "projects/583920174655" and "data" not in asset.resource


def test_changes_show_and_the_past_stays(cloud: GcpCloud, inventory: asset_v1.AssetServiceClient) -> None:
    """After a stop the asset says TERMINATED; read as of before, it still runs."""
    path = f"projects/{cloud.owned}/zones/us-central1-a/instances/search-node-prod-04"
    before = datetime.now(UTC)
    stop(cloud, path)
    kinds = ["compute.googleapis.com/Instance"]
    now = {asset.name: asset.resource.data["status"] for asset in listed(inventory, cloud.owned, asset_types=kinds)}
    then = {
        asset.name: asset.resource.data["status"]
        for asset in listed(inventory, cloud.owned, asset_types=kinds, read_time=before)
    }
    name = f"//compute.googleapis.com/{path}"
    assert (then[name], now[name]) == ("RUNNING", "TERMINATED")


def test_history_has_every_edition(cloud: GcpCloud, inventory: asset_v1.AssetServiceClient) -> None:
    """A deleted topic has an edition in which it lived and one that says deleted."""
    topic = f"projects/{cloud.owned}/topics/history-{time.time_ns()}"
    start = datetime.now(UTC) - timedelta(seconds=1)
    cloud.put(f"pubsub/v1/{topic}", {"labels": {"a": "b"}}).raise_for_status()
    cloud.delete(f"pubsub/v1/{topic}").raise_for_status()
    answer = inventory.batch_get_assets_history(
        request={
            "parent": f"projects/{cloud.owned}",
            "asset_names": [f"//pubsub.googleapis.com/{topic}"],
            "content_type": asset_v1.ContentType.RESOURCE,
            "read_time_window": {"start_time": start},
        }
    )
    assert [temporal.deleted for temporal in answer.assets] == [False, True]
    assert dict(answer.assets[0].asset.resource.data["labels"]) == {"a": "b"}


def test_search_finds_by_label_and_name(cloud: GcpCloud, inventory: asset_v1.AssetServiceClient) -> None:
    """The query selects; the answer is the short form."""
    scope = f"projects/{cloud.owned}"
    found = list(
        inventory.search_all_resources(request={"scope": scope, "query": "labels.app:orders AND name:orders-db"})
    )
    assert {item.asset_type.partition("/")[2] for item in found} == {"Instance", "Disk", "Secret"}
    assert {item.labels["owner"] for item in found} == {"payments"}


def test_it_can_be_off_in_one_project(cloud: GcpCloud, inventory: asset_v1.AssetServiceClient) -> None:
    """Switched off, it says SERVICE_DISABLED there and answers elsewhere."""
    cloud.switch(cloud.viewed, "cloudasset.googleapis.com", False)
    with pytest.raises(exceptions.Forbidden) as refused:
        listed(inventory, cloud.viewed)
    elsewhere = listed(inventory, cloud.owned, page_size=5)
    cloud.switch(cloud.viewed, "cloudasset.googleapis.com", True)
    assert (refused.value.reason, refused.value.metadata["consumer"]) == ("SERVICE_DISABLED", "projects/694031285766")
    assert elsewhere and listed(inventory, cloud.viewed, page_size=5)


def test_times_out_of_reach_are_refused(cloud: GcpCloud, inventory: asset_v1.AssetServiceClient) -> None:
    """Nothing is kept longer than 35 days."""
    with pytest.raises(exceptions.BadRequest):
        listed(inventory, cloud.owned, read_time=datetime.now(UTC) - timedelta(days=40))
