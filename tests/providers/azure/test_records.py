"""Ids and records of Azure in one form."""

from __future__ import annotations

import pytest

from escher.contract.estate import GLOBAL
from escher.providers.azure.changes import touched
from escher.providers.azure.records import arm_id, normalised, undeclared
from escher.providers.registry import resource_types
from tests.fixtures.azure_answers import answers_for, resources_of

GROUP = "/subscriptions/S/resourceGroups/Shop-RG"
COMPUTE = f"{GROUP}/providers/Microsoft.Compute"


@pytest.mark.parametrize(
    ("text", "native_type", "names"),
    [
        (GROUP, "microsoft.resources/subscriptions/resourcegroups", ("shop-rg",)),
        (f"{COMPUTE}/virtualMachines/Web", "microsoft.compute/virtualmachines", ("web",)),
        (f"{COMPUTE}/virtualMachines/Web/extensions/A", "microsoft.compute/virtualmachines/extensions", ("web", "a")),
        (f"{COMPUTE}/disks/d/providers/Microsoft.Authorization/locks/l", "microsoft.authorization/locks", ("d", "l")),
        ("/providers/Microsoft.Management/managementGroups/m", "microsoft.management/managementgroups", ("m",)),
        (
            f"{GROUP}/providers/Microsoft.Storage/storageAccounts/a/blobServices/default/containers/default",
            "microsoft.storage/storageaccounts/blobservices/containers",
            ("a", "default"),
        ),
        ("", "", ()),
    ],
)
def test_an_id_tells_type_and_names(text: str, native_type: str, names: tuple[str, ...]) -> None:
    """Also of children, of extensions of other things, and of groups."""
    found = arm_id(text)
    assert (found.native_type, found.names) == (native_type, names)


def test_a_record_is_the_same_however_azure_writes_it() -> None:
    """Two answers that differ in case and blanks are one record."""
    graph = {"id": f"{COMPUTE}/disks/D", "name": "D", "type": "microsoft.compute/disks", "location": "westeurope", "managedBy": "", "kind": ""}  # fmt: skip
    arm = {"id": f"{COMPUTE}/disks/D".replace("Shop-RG", "SHOP-RG"), "name": "D", "type": "Microsoft.Compute/disks", "location": "West Europe", "kind": None}  # fmt: skip
    assert normalised(graph) == normalised(arm)
    assert (normalised(arm)["qualifiedName"], normalised(arm)["name"]) == ("shop-rg/d", "D")


def test_names_of_undeclared_types() -> None:
    """They are made of the provider's own."""
    found = {
        one.resource_type for one in resources_of(resource_types()["azure_other"], answers_for("azure_other")).values()
    }
    assert found == {
        "azure_compute_virtualmachines_extensions",
        "azure_dynatrace_observability_monitors",
        "azure_search_searchservices",
    }


def test_a_moment_that_cannot_be_read_costs_only_itself() -> None:
    """Nobody has read what services that nobody declares write."""
    row = {"id": f"{GROUP}/providers/A.B/c/d", "name": "d", "type": "a.b/c", "location": "x"}
    assert undeclared(row | {"createdTime": "once"}) == undeclared(row | {"createdTime": ""}) == normalised(row)


def test_changes_belong_to_scopes() -> None:
    """A child's change is its parent's, too; of what no record tells, anything may have changed."""
    types = list(resource_types().values())
    ids = [f"{COMPUTE}/virtualMachines/Web/extensions/A", f"{COMPUTE}/disks/D", f"{GROUP}/providers/A.B/c/d"]
    found = touched(ids, [one for one in types if one.provider == "azure"])
    assert found[GLOBAL, "azure_compute_virtual_machine"] == {f"{COMPUTE}/virtualMachines/Web".lower()}
    assert found[GLOBAL, "azure_compute_disk"] == {f"{COMPUTE}/disks/D".lower()}
    assert found[GLOBAL, "azure_other"] == {ids[0].lower(), ids[2].lower()}
    assert {name for (_, name), named in found.items() if not named} == {
        "azure_resource_group",
        "azure_role_assignment",
        "azure_storage_container",
        "azure_subnet",
    }
