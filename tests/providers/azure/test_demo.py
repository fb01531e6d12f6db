"""The reader against the demo's Azure, over the network, with what goes wrong there."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

import httpx
import pytest

from escher.contract.estate import GLOBAL, Account, Resource
from escher.providers.azure.access import AzureAccess
from escher.providers.azure.reader import AzureReader
from escher.providers.pacing import Pacer
from escher.providers.registry import resource_types
from escher.providers.source import Changes, ReadFailed, Record, Unit, Verdicts
from tests.fixtures.azure_cloud import AzureCloud

TYPES = [declared for declared in resource_types().values() if declared.provider == "azure"]
# What `az resource list` has not: these are no tracked resources of their own.
UNTRACKED = {"azure_resource_group", "azure_role_assignment", "azure_storage_container", "azure_subnet"}
GRAPH = "ResourceGraph/resources"
Found = TypeVar("Found")


@dataclass
class Seen:
    """What a reading of a subscription found: resources by id, and the failures of each scope."""

    resources: dict[str, Resource] = field(default_factory=dict)
    failures: dict[str, ReadFailed] = field(default_factory=dict)


def use(work: Callable[[AzureReader], Awaitable[Found]]) -> Found:
    """Work with a reader that is closed afterwards."""

    async def working() -> Found:
        reader = AzureReader(AzureAccess(), Pacer(first_wait_s=0.01))
        try:
            return await work(reader)
        finally:
            await reader.close()

    return asyncio.run(working())


def read(account: Account, *names: str) -> Seen:
    """Read these scopes of a subscription, or all."""
    seen = Seen()
    units = [Unit(account, GLOBAL, declared) for declared in TYPES if not names or declared.name in names]

    async def look(reader: AzureReader, unit: Unit, record: Record) -> None:
        sighting = await reader.look(unit, record)
        for failure in sighting.failures:
            seen.failures[unit.declared.name] = failure
        if sighting.resource:
            seen.resources[sighting.resource.resource_id] = sighting.resource

    async def reading(reader: AzureReader) -> Seen:
        await reader.check(account)
        for batch in reader.batches(units):
            try:
                async for page in reader.pages(batch):
                    seen.failures.update({unit.declared.name: failure for unit, failure in page.failures.items()})
                    for unit, records in page.records.items():
                        await asyncio.gather(*(look(reader, unit, record) for record in records))
            except ReadFailed as failure:
                seen.failures.update({unit.declared.name: failure for unit in batch})
        return seen

    return use(reading)


def tracked(cloud: AzureCloud, account: Account) -> set[str]:
    """The ids that the Resource Manager lists for a subscription."""
    return {one["id"].lower() for one in cloud.listed(f"/subscriptions/{account.account_id}/resources")}


def own(seen: Seen) -> set[str]:
    """The ids of what is tracked."""
    return {id_ for id_, one in seen.resources.items() if one.resource_type not in UNTRACKED}


@pytest.mark.parametrize("name", ["shop", "analytics"])
def test_the_estate_is_what_azure_lists(cloud: AzureCloud, name: str, request: pytest.FixtureRequest) -> None:
    """Id by id, whichever types; and groups, subnets, containers, assignments besides."""
    account: Account = request.getfixturevalue(name)
    seen = read(account)
    assert seen.failures == {}
    assert own(seen) == tracked(cloud, account)
    groups = cloud.listed(f"/subscriptions/{account.account_id}/resourcegroups")
    found = {id_ for id_, one in seen.resources.items() if one.resource_type == "azure_resource_group"}
    assert found == {one["id"].lower() for one in groups}
    assert {one.resource_type for one in seen.resources.values()} > UNTRACKED
    assert [one for one in seen.resources.values() if one.state == "unknown"] == []


def test_a_subscription_costs_few_calls(cloud: AzureCloud, shop: Account) -> None:
    """One query for all declared types, whatever their number."""
    seen = read(shop, *(declared.name for declared in TYPES if declared.listing.in_inventory))
    assert len(seen.resources) > 200
    assert len([path for _, path in cloud.calls() if path.endswith(GRAPH)]) == 2
    assert len(cloud.calls()) < 8


def test_without_the_graph_the_lists_tell_the_same(cloud: AzureCloud, analytics: Account) -> None:
    """The same resources, with the same fields."""
    expected = read(analytics)
    cloud.faults({"match": GRAPH, "status": 403, "code": "DisallowedProvider"})
    seen = read(analytics)
    assert seen.failures == {}
    assert own(seen) == own(expected)
    differing = [id_ for id_, one in seen.resources.items() if one.attributes != expected.resources[id_].attributes]
    assert {seen.resources[id_].kind for id_ in differing} <= {"other"}


def test_throttling_loses_nothing(cloud: AzureCloud, analytics: Account) -> None:
    """A third of the calls is throttled, and some are broken."""
    cloud.faults({"match": "^/subscriptions/.*/(blobServices|permissions|resourcegroups|virtualNetworks|roleAssignments)", "status": 429, "share": 0.3, "retry_after": 0})  # fmt: skip
    cloud.faults({"match": GRAPH, "status": 503, "times": 2}, {"match": "blobServices", "status": 500, "share": 0.1})
    seen = read(analytics)
    assert seen.failures == {}
    assert own(seen) == tracked(cloud, analytics)


def test_one_refused_type_costs_one_scope(cloud: AzureCloud, analytics: Account) -> None:
    """The others are exact, and the permission is named."""
    cloud.faults(
        {"match": GRAPH, "status": 403, "code": "DisallowedProvider"},
        {"match": "Microsoft.KeyVault/vaults", "status": 403},
    )
    seen = read(analytics)
    assert {name: failure.permission for name, failure in seen.failures.items()} == {
        "azure_key_vault": "Microsoft.KeyVault/vaults/read"
    }
    assert own(seen) == {id_ for id_ in tracked(cloud, analytics) if "microsoft.keyvault/vaults" not in id_}


@pytest.mark.parametrize(
    "body",
    [
        "<html>",
        "[]",
        '{"value": 1}',
        json.dumps({"value": [], "nextLink": "{url}/subscriptions/x/resourcegroups?page=2"}),
    ],
    ids=["html", "list", "no list", "circle"],
)
def test_an_answer_that_makes_no_sense_costs_its_scope(cloud: AzureCloud, analytics: Account, body: str) -> None:
    """To believe it would delete all that is known."""
    cloud.faults({"match": "/resourcegroups", "status": 200, "body": body.replace("{url}", cloud.url)})
    seen = read(analytics, "azure_resource_group", "azure_subnet")
    assert {name: failure.native_code for name, failure in seen.failures.items()} == {
        "azure_resource_group": "MalformedAnswer"
    }
    assert {one.resource_type for one in seen.resources.values()} == {"azure_subnet"}


def test_a_token_that_expires_in_the_middle_is_renewed(cloud: AzureCloud, analytics: Account) -> None:
    """Nothing is lost."""
    expired = {"status": 401, "code": "ExpiredAuthenticationToken", "times": 1}
    cloud.faults({"match": GRAPH, **expired}, {"match": "blobServices", **expired})
    seen = read(analytics)
    assert seen.failures == {}
    assert own(seen) == tracked(cloud, analytics)


def test_changes_are_found_in_azures_own_record(cloud: AzureCloud, shop: Account) -> None:
    """Those that were made, and no others; of what the record does not cover, anything may have changed."""
    machines = read(shop, "azure_compute_virtual_machine").resources
    stopped, tagged = sorted(id_ for id_, one in machines.items() if one.state == "running")[:2]
    before = _changes(shop)
    _finish(cloud, cloud.send("POST", f"{stopped}/deallocate", version="2024-07-01"))
    _finish(cloud, cloud.send("PATCH", tagged, {"tags": {"seen": "yes"}}, "2024-07-01"))
    for ways in ({}, {"match": GRAPH, "status": 403}):
        cloud.faults(*([ways] if ways else []))
        found = _changes(shop)
        assert found.blind == frozenset()
        named = {id_ for ids in found.touched.values() for id_ in ids}
        known = {id_ for ids in before.touched.values() for id_ in ids}
        assert {stopped, tagged} <= named
        assert found.touched[GLOBAL, "azure_compute_virtual_machine"] - known == {stopped, tagged}
        assert {type_ for (_, type_), ids in found.touched.items() if not ids} == UNTRACKED


def test_what_may_be_done_is_what_the_roles_say(cloud: AzureCloud, analytics: Account) -> None:
    """A reader of the subscription may change only what is in the groups that it contributes to."""
    resources = list(read(analytics).resources.values())
    cloud.reset_calls()

    async def asked(reader: AzureReader) -> Verdicts:
        return await reader.allowed(analytics, resources)

    verdicts = use(asked)
    groups = {one.attributes["resource_group"] for one in resources if one.attributes.get("resource_group")}
    assert len(cloud.calls()) <= len(groups) + 4
    for one in resources:
        if one.resource_type == "azure_compute_virtual_machine":
            read_only = one.attributes["resource_group"] == "rg-warehouse-prod"
            assert set(verdicts[one.resource_id].values()) == {not read_only}
    denied = [one for one in resources if False in verdicts.get(one.resource_id, {}).values()]
    assert {one.attributes.get("resource_group") for one in denied} >= {"rg-warehouse-prod"}


def _finish(cloud: AzureCloud, answer: httpx.Response) -> None:
    """Ask how far an operation has got until it is done."""
    link = answer.raise_for_status().headers.get("azure-asyncoperation")
    while link and cloud.http.get(link).raise_for_status().json()["status"] == "InProgress":
        pass


def _changes(account: Account) -> Changes:
    async def asked(reader: AzureReader) -> Changes:
        return await reader.changes(account, (), int(time.time()) - 60)

    return use(asked)
