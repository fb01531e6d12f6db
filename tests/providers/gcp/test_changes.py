"""What entries of the audit log say was changed."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from escher.providers.source import Changes
from tests.fixtures.gcp_answers import ACCOUNT, PROJECT, Recorded, reader_of

ENTRIES = "logging.googleapis.com/v2/entries:list"
ASSETS = f"cloudasset.googleapis.com/v1/projects/{PROJECT}/assets"
SINCE = 1_770_000_000
THEN = "2026-02-02T02:40:00Z"


def entry(service: str, resource: str, **more: Any) -> dict[str, Any]:
    """One entry of the log."""
    return {"protoPayload": {"serviceName": f"{service}.googleapis.com", "resourceName": resource, **more}}


async def told(*entries: dict[str, Any]) -> Changes:
    """What a log of these entries tells."""
    return await reader_of({ENTRIES: {"entries": list(entries)}}).changes(ACCOUNT, ["global"], SINCE)


@pytest.mark.parametrize(
    ("service", "resource", "type_", "name"),
    [
        ("compute", "projects/p/zones/z/instances/web", "gcp_compute_instance", "web"),
        ("compute", "projects/p/zones/z/disks/d", "gcp_compute_disk", "projects/p/zones/z/disks/d"),
        ("compute", "projects/p/regions/r/addresses/a", "gcp_compute_address", "a"),
        ("compute", "projects/p/global/forwardingRules/f", "gcp_compute_forwarding_rule", "f"),
        ("storage", "projects/_/buckets/shop", "gcp_storage_bucket", "shop"),
        ("cloudsql", "projects/p/instances/orders", "gcp_sql_database_instance", "orders"),
        ("redis", "projects/p/locations/l/instances/carts", "gcp_redis_instance", "carts"),
        ("bigquery", "projects/p/datasets/sales", "gcp_bigquery_dataset", "sales"),
        ("bigquery", "projects/p/datasets/sales/tables/t", "gcp_bigquery_dataset", "sales"),
        ("cloudkms", "projects/p/locations/l/keyRings/r/cryptoKeys/k", "gcp_kms_key", "k"),
        ("container", "projects/p/zones/z/clusters/c/nodePools/n", "gcp_kubernetes_node_pool", "n"),
        ("pubsub", "projects/p/topics/orders", "gcp_pubsub_topic", "orders"),
    ],
)
async def test_an_entry_touches_its_resource(service: str, resource: str, type_: str, name: str) -> None:
    """By the API and the path of the resource that it is about."""
    changes = await told(entry(service, resource))
    assert name in changes.touched["global", type_]
    assert changes.blind == frozenset()


async def test_a_service_account_is_touched_by_its_unique_id_or_address() -> None:
    """Either may stand in the log; both are names that a resource of ours has."""
    changes = await told(
        entry("iam", "projects/-/serviceAccounts/100000000000000000001"),
        entry("iam", "projects/p/serviceAccounts/web@p.iam.gserviceaccount.com"),
    )
    names = changes.touched["global", "gcp_service_account"]
    assert {"100000000000000000001", "web@p.iam.gserviceaccount.com"} <= names


async def test_what_comes_with_a_change_is_doubtful() -> None:
    """A new instance brings disks that have no entry of their own: something of them may have changed."""
    changes = await told(entry("compute", "projects/p/zones/z/instances/web"))
    assert changes.touched["global", "gcp_compute_disk"] == frozenset()


async def test_what_is_changed_both_by_name_and_with_others_is_doubtful() -> None:
    """A disk's own entry does not hide that others may have come with an instance."""
    changes = await told(
        entry("compute", "projects/p/zones/z/disks/d"), entry("compute", "projects/p/zones/z/instances/web")
    )
    assert changes.touched["global", "gcp_compute_disk"] == frozenset()


async def test_a_change_that_failed_touches_nothing() -> None:
    """What was refused is in the log, too."""
    changes = await told(entry("pubsub", "projects/p/topics/orders", status={"code": 7, "message": "denied"}))
    assert changes.touched == {}


async def test_what_nobody_declares_is_told_as_such() -> None:
    """A change of an undeclared type makes those doubtful."""
    assert (await told(entry("dialogflow", "projects/p/agent"))).touched == {("global", "gcp_other"): frozenset()}


async def test_the_question_names_the_moment_and_both_logs() -> None:
    """What people did and what Google did by itself; nothing older."""
    network = Recorded({ENTRIES: {}})
    reader = reader_of(network)
    await reader.changes(ACCOUNT, ["global"], SINCE)
    asked = json.loads(network.asked[0].content)
    assert asked["resourceNames"] == [f"projects/{PROJECT}"]
    assert f'timestamp>="{THEN}"' in asked["filter"]
    assert "activity" in asked["filter"]
    assert "system_event" in asked["filter"]


def assets(moment: str, *found: tuple[str, str, str]) -> dict[str, Any]:
    """What the inventory holds at a moment."""
    return {"readTime": moment, "assets": [{"assetType": t, "name": n, "updateTime": u} for t, n, u in found]}


async def compared(before: dict[str, Any], now: dict[str, Any]) -> Changes:
    """What two inventories tell."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=before if "readTime" in request.url.params else now)

    return await reader_of({ASSETS: answer}).changes(ACCOUNT, ["global"], SINCE)


async def test_inventories_are_compared_where_there_is_no_log() -> None:
    """What is new, gone or of another time was changed; what is the same was not."""
    topic, disk = "pubsub.googleapis.com/Topic", "compute.googleapis.com/RegionDisk"
    before = assets(THEN, (topic, "//p/gone", "1"), (topic, "//p/same", "1"), (disk, "//c/disks/d", "1"))
    now = assets("2026-02-02T03:00:00Z", (topic, "//p/same", "1"), (topic, "//p/new", "2"), (disk, "//c/disks/d", "2"))
    changes = await compared(before, now)
    assert {"gone", "new"} <= changes.touched["global", "gcp_pubsub_topic"]
    assert "same" not in changes.touched["global", "gcp_pubsub_topic"]
    assert "//c/disks/d" in changes.touched["global", "gcp_compute_disk"]


async def test_an_inventory_of_another_moment_tells_nothing() -> None:
    """Who does not heed the moment would show that nothing was changed."""
    changes = await compared(assets("2026-02-02T03:00:00Z"), assets("2026-02-02T03:00:00Z"))
    assert changes.blind == frozenset({"global"})


async def test_with_neither_nothing_is_known() -> None:
    """Log and inventory are both out of reach: all is blind."""
    assert await reader_of({}).changes(ACCOUNT, ["global"], SINCE) == Changes(blind=frozenset({"global"}))
