"""The real `az` command against the demo's Azure."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.fixtures.azure_cloud import AzureCloud, az_path, azure_cloud

pytestmark = pytest.mark.az


@pytest.fixture(scope="module")
def cloud() -> Iterator[AzureCloud]:
    """A cloud that `az` is logged in to. Without `az` the test is skipped, and fails when `CI=true`."""
    if az_path() is None:
        message = "az is missing: python3 -m venv .venv-az && .venv-az/bin/pip install azure-cli"
        if os.environ.get("CI") == "true":
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    with azure_cloud() as running:
        running.login()
        yield running


def test_az_sees_both_subscriptions(cloud: AzureCloud) -> None:
    """By the names that they have in the demo."""
    listed = cloud.az("account", "list")
    assert {one["name"]: one["id"] for one in listed} == cloud.subscriptions


@pytest.mark.parametrize("account", ["web-shop", "analytics"])
def test_az_resource_list_is_the_estate(cloud: AzureCloud, account: str) -> None:
    """Id by id what Resource Graph has."""
    listed = {one["id"].lower() for one in cloud.az("resource", "list", "--subscription", account)}
    rows = cloud.graph("resources | project id", subscriptions=[])
    assert listed == {row["id"].lower() for row in rows if cloud.subscriptions[account] in row["id"]}


def test_az_group_list_is_the_containers(cloud: AzureCloud) -> None:
    """Resource groups are in a table of their own."""
    listed = {one["name"] for one in cloud.az("group", "list", "--subscription", "web-shop")}
    query = f"resourcecontainers | where type =~ 'microsoft.resources/subscriptions/resourcegroups' and subscriptionId == '{cloud.subscriptions['web-shop']}' | project name"  # fmt: skip
    assert listed == {row["name"] for row in cloud.graph(query)}


def test_az_vm_list_tells_power_and_addresses(cloud: AzureCloud) -> None:
    """What it puts together from machines, cards, addresses and instance views."""
    machines = {one["name"]: one for one in cloud.az("vm", "list", "-d", "--subscription", "web-shop")}
    assert machines["vm-orders-dev-worker-01"]["powerState"] == "VM deallocated"
    assert machines["vm-checkout-prod-web-02"]["powerState"] == "VM running"
    assert machines["vm-checkout-prod-web-02"]["privateIps"].startswith("10.10.")
    assert machines["vm-jump-01"]["publicIps"]


def test_az_deallocates_and_starts(cloud: AzureCloud) -> None:
    """It waits for its operations; the next list shows what they did."""
    at = ("-g", "rg-checkout-prod", "-n", "vm-checkout-prod-web-01", "--subscription", "web-shop")
    cloud.az("vm", "deallocate", *at)
    assert cloud.az("vm", "show", "-d", *at)["powerState"] == "VM deallocated"
    cloud.az("vm", "start", *at)
    assert cloud.az("vm", "show", "-d", *at)["powerState"] == "VM running"


def test_az_resizes_and_tags(cloud: AzureCloud) -> None:
    """A resize is a PUT of the whole machine; a tag goes on with `az resource tag`."""
    at = ("-g", "rg-api-dev", "-n", "vm-api-dev-gateway-01", "--subscription", "web-shop")
    assert cloud.az("vm", "resize", *at, "--size", "Standard_B2ms")["hardwareProfile"]["vmSize"] == "Standard_B2ms"
    machine = cloud.az("vm", "show", *at)["id"]
    cloud.az("resource", "tag", "--ids", machine, "--tags", "team=red", "-i")
    assert cloud.az("vm", "show", *at)["tags"]["team"] == "red"


def test_az_disks_and_snapshots(cloud: AzureCloud) -> None:
    """A copy is made of a disk and both are listed."""
    at = ("-g", "rg-search-prod", "--subscription", "web-shop")
    disk = next(one for one in cloud.az("disk", "list", *at) if one["name"] == "vm-search-prod-node-01-data")
    made = cloud.az("snapshot", "create", *at, "-n", "snap-az", "--source", disk["id"])
    assert made["diskSizeGB"] == disk["diskSizeGB"]
    assert "snap-az" in [one["name"] for one in cloud.az("snapshot", "list", *at)]
    cloud.az("snapshot", "delete", *at, "-n", "snap-az")
    assert "snap-az" not in [one["name"] for one in cloud.az("snapshot", "list", *at)]


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (("storage", "account", "list"), "halshopreceiptsprod"),
        (("keyvault", "list"), "kv-halshopcheckout-prod"),
        (("webapp", "list"), "app-halden-checkout-prod"),
        (("functionapp", "list"), "func-halden-orders-prod"),
        (("aks", "list"), "aks-api-prod"),
        (("acr", "list"), "halshopimagesprod"),
        (("sql", "server", "list"), "sql-web-shop-orders-prod"),
        (("postgres", "flexible-server", "list"), "psql-web-shop-catalog-prod"),
        (("cosmosdb", "list"), "cosmos-web-shop-checkout-prod"),
        (("network", "vnet", "list"), "vnet-westeurope"),
        (("network", "nsg", "list"), "nsg-web-westeurope"),
        (("network", "public-ip", "list"), "pip-old-1"),
        (("servicebus", "namespace", "list"), "sb-web-shop-orders-prod"),
        (("identity", "list"), "id-checkout-prod"),
        (("vmss", "list"), "vmss-checkout-prod"),
    ],
)
def test_az_reads_the_other_services(cloud: AzureCloud, command: tuple[str, ...], name: str) -> None:
    """Each module's models take the demo's bodies."""
    assert name in [one["name"] for one in cloud.az(*command, "--subscription", "web-shop")]


def test_az_reports_a_refusal(cloud: AzureCloud) -> None:
    """What a reader may not do fails with the code."""
    done = cloud.az("vm", "deallocate", "-g", "rg-warehouse-prod", "-n", "vm-warehouse-prod-node-01", "--subscription", "analytics", check=False)  # fmt: skip
    assert done.returncode != 0
    assert "AuthorizationFailed" in done.stderr


def test_az_reads_the_activity_log(cloud: AzureCloud) -> None:
    """It has what `az` itself has just done."""
    cloud.az("group", "create", "-n", "rg-az", "-l", "westeurope", "--subscription", "web-shop")
    events = cloud.az("monitor", "activity-log", "list", "--offset", "1h", "-g", "rg-az", "--subscription", "web-shop")
    assert "Microsoft.Resources/subscriptions/resourceGroups/write" in [one["operationName"]["value"] for one in events]
