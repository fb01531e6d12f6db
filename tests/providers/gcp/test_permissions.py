"""What may be done: asked of the project, then of single things; unknown is not allowed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from escher.contract.estate import Resource
from escher.providers.source import Verdicts
from tests.fixtures.gcp_answers import ACCOUNT, PROJECT, Recorded, reader_of

PROJECT_PATH = f"cloudresourcemanager.googleapis.com/v1/projects/{PROJECT}:testIamPermissions"
ZONE = f"projects/{PROJECT}/zones/us-central1-a"


def thing(type_: str, resource_id: str) -> Resource:
    """A resource as the estate knows it."""
    name = resource_id.rpartition("/")[2]
    return Resource("gcp", PROJECT, "us-central1", type_, "other", resource_id, name, name, "available")


def instance(name: str) -> Resource:
    """An instance."""
    return thing("gcp_compute_instance", f"//compute.googleapis.com/{ZONE}/instances/{name}")


def granting(*granted: str) -> Callable[[httpx.Request], httpx.Response]:
    """An API that grants some of what it is asked for."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked = (
            json.loads(request.content)["permissions"]
            if request.content
            else request.url.params.get_list("permissions")
        )
        found = [one for one in asked if one in granted]
        return httpx.Response(200, json={"permissions": found} if found else {})

    return answer


async def asked(answers: dict[str, Any], *resources: Resource) -> tuple[Verdicts, Recorded]:
    """The verdicts, and the network that gave them."""
    network = Recorded(answers)
    return await reader_of(network).allowed(ACCOUNT, resources), network


async def test_what_the_project_allows_holds_for_all_in_it() -> None:
    """One question; no instance is asked about what the project allows."""
    permissions = ("compute.instances.start", "compute.instances.stop")
    verdicts, network = await asked({PROJECT_PATH: granting(*permissions)}, instance("a"), instance("b"))
    assert [verdicts[one.resource_id][p] for one in (instance("a"), instance("b")) for p in permissions] == [True] * 4
    assert sum("cloudresourcemanager" in request.url.host for request in network.asked) == 1


async def test_a_thing_may_allow_what_its_project_does_not() -> None:
    """The one instance whose own policy grants it may be started; the other may not."""
    path = f"compute.googleapis.com/compute/v1/{ZONE}/instances"
    answers = {
        PROJECT_PATH: granting(),
        f"{path}/a/testIamPermissions": granting("compute.instances.start"),
        f"{path}/b/testIamPermissions": granting(),
    }
    verdicts, _ = await asked(answers, instance("a"), instance("b"))
    assert verdicts[instance("a").resource_id]["compute.instances.start"] is True
    assert verdicts[instance("b").resource_id]["compute.instances.start"] is False


async def test_a_thing_that_does_not_tell_is_unknown() -> None:
    """A refused question is no verdict."""
    verdicts, _ = await asked({PROJECT_PATH: granting()}, instance("a"))
    assert verdicts[instance("a").resource_id] == {}


async def test_the_project_s_no_is_final_where_things_have_no_policy() -> None:
    """A firewall rule has no policy of its own."""
    rule = thing("gcp_compute_firewall", f"//compute.googleapis.com/projects/{PROJECT}/global/firewalls/web")
    verdicts, _ = await asked({PROJECT_PATH: granting()}, rule)
    assert set(verdicts[rule.resource_id].values()) == {False}


async def test_a_dataset_may_have_a_policy_that_is_not_asked() -> None:
    """What only its own policy could allow is unknown."""
    dataset = thing("gcp_bigquery_dataset", f"//bigquery.googleapis.com/projects/{PROJECT}/datasets/sales")
    verdicts, _ = await asked({PROJECT_PATH: granting()}, dataset)
    assert verdicts[dataset.resource_id] == {}


async def test_many_things_are_not_asked_one_by_one() -> None:
    """More than sixty of a type stay unknown."""
    many = [instance(f"i{number}") for number in range(61)]
    verdicts, network = await asked({PROJECT_PATH: granting()}, *many)
    assert len(network.asked) == 1
    assert set(map(len, verdicts.values())) == {0}


async def test_a_permission_that_a_project_does_not_know_spoils_no_other() -> None:
    """Google refuses the whole question; it is asked again without that one, of which nothing is known."""
    bad = "compute.firewalls.delete"

    def answer(request: httpx.Request) -> httpx.Response:
        wanted = json.loads(request.content)["permissions"]
        if bad in wanted:
            return httpx.Response(400, json={"error": {"code": 400, "message": f"Permission {bad} is not valid."}})
        return httpx.Response(200, json={"permissions": wanted})

    rule = thing("gcp_compute_firewall", f"//compute.googleapis.com/projects/{PROJECT}/global/firewalls/web")
    verdicts, _ = await asked({PROJECT_PATH: answer}, rule)
    assert verdicts[rule.resource_id] == {"compute.firewalls.update": True, "compute.networks.updatePolicy": True}


async def test_a_bucket_is_asked_in_its_own_manner() -> None:
    """Cloud Storage takes the question as a query."""
    bucket = thing("gcp_storage_bucket", "//storage.googleapis.com/shop")
    path = "storage.googleapis.com/storage/v1/b/shop/iam/testPermissions"
    answers = {PROJECT_PATH: granting(), path: granting("storage.buckets.delete")}
    verdicts, _ = await asked(answers, bucket)
    assert verdicts[bucket.resource_id] == {"storage.buckets.update": False, "storage.buckets.delete": True}
