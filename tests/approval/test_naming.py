"""Which resources an operation names, also where an SDK takes an id in parts; a part alone names nothing."""

from __future__ import annotations

from typing import Any

import pytest

from escher.approval.naming import naming
from escher.contract.estate import Resource
from escher.contract.plan import Operation
from escher.contract.vocabulary import Kind, Provider

AZURE = "/subscriptions/00000000-1111-2222-3333-444444444444/resourceGroups/web/providers"
GOOGLE = "//compute.googleapis.com/projects/shop/zones/europe-west1-b/instances/web-1"


def thing(provider: Provider, kind: Kind, resource_id: str, identifier: str) -> Resource:
    """A resource as a scan names it."""
    return Resource(
        provider=provider, account_id="a", region="r", resource_type=f"{provider}_thing", kind=kind,
        resource_id=resource_id, identifier=identifier, name=identifier.rpartition("/")[2], state="running",
    )  # fmt: skip


VM = thing("azure", "compute_instance", f"{AZURE}/Microsoft.Compute/virtualMachines/vm-1", "web/vm-1")
SUBNET = thing("azure", "subnet", f"{AZURE}/Microsoft.Network/virtualNetworks/net/subnets/a", "web/net/a")
DATABASE = thing("azure", "database_instance", f"{AZURE}/Microsoft.Sql/servers/sql/databases/orders", "sql/orders")
ADDRESS = thing(
    "gcp", "ip_address", "//compute.googleapis.com/projects/shop/regions/europe-west1/addresses/front", "front"
)
ROBOT = thing(
    "gcp",
    "identity",
    "//iam.googleapis.com/projects/shop/serviceAccounts/1000000001",
    "robot@shop.iam.gserviceaccount.com",
)
BUCKET = thing("gcp", "object_storage", "//storage.googleapis.com/shop-files", "shop-files")
MACHINE = thing("gcp", "compute_instance", GOOGLE, "projects/shop/zones/europe-west1-b/instances/web-1")
PLACE = {"project": "shop", "zone": "europe-west1-b"}


def call(provider: Provider, name: str, /, **parameters: Any) -> Operation:
    """A write by a method of an SDK."""
    return Operation(provider=provider, service="any", operation=name, parameters=parameters, effect="write")


@pytest.mark.parametrize(
    ("operation", "target"),
    [
        (call("azure", "virtual_machines.begin_start", resource_group_name="web", vm_name="vm-1"), VM),
        (call("azure", "subnets.begin_delete", resource_group_name="web", virtual_network_name="net", subnet_name="a"), SUBNET),
        (call("azure", "databases.begin_pause", resource_group_name="web", server_name="sql", database_name="orders"), DATABASE),
        (call("gcp", "instances.stop", **PLACE, instance="web-1"), MACHINE),
        (call("gcp", "instances.setLabels", **PLACE, resource="web-1", body={"labels": {"owner": "web-2"}}), MACHINE),
        (call("gcp", "addresses.delete", project="shop", region="europe-west1", address="front"), ADDRESS),
        (call("gcp", "compute addresses delete", NAME=["projects/shop/regions/europe-west1/addresses/front"]), ADDRESS),
        (call("gcp", "projects.serviceAccounts.disable", name=f"projects/shop/serviceAccounts/{ROBOT.identifier}"), ROBOT),
        (call("gcp", "storage buckets update", url=["gs://shop-files"]), BUCKET),
        (call("azure", "deallocate", ids=[VM.resource_id]), VM),
    ],
)  # fmt: skip
def test_an_id_in_parts_names_its_target(operation: Operation, target: Resource) -> None:
    """All of them, and nothing besides."""
    found = naming(operation, [target])
    assert found.is_targeted and not found.others


@pytest.mark.parametrize(
    ("operation", "target", "reached"),
    [
        (call("azure", "virtual_machines.begin_delete", resource_group_name="web", vm_name="vm-2", if_match="vm-1"), VM, "web/vm-2"),
        (call("azure", "virtual_machines.begin_delete", resource_group_name="other", vm_name="vm-1"), VM, "other/vm-1"),
        (call("azure", "virtual_networks.begin_delete", resource_group_name="web", virtual_network_name="net"), SUBNET, ""),
        (call("azure", "resource_groups.begin_delete", resource_group_name="web"), VM, "web"),
        (call("gcp", "instances.delete", **PLACE, instance="web-2", requestId="web-1"), MACHINE, "web-2"),
        (call("gcp", "instances.delete", project="other", zone="europe-west1-b", instance="web-1"), MACHINE, "other"),
    ],
)  # fmt: skip
def test_parts_of_something_else_name_no_target(operation: Operation, target: Resource, reached: str) -> None:
    """The target's name in another group, under another project, or in a parameter that names nothing."""
    found = naming(operation, [target])
    assert not found.is_targeted
    assert not reached or reached in found.others
