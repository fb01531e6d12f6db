"""The real azure-mgmt clients against the demo's Azure: what they list, and what their pollers do."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.mgmt.storage import StorageManagementClient

from tests.fixtures.azure_cloud import AzureCloud


@dataclass
class Clients:
    """The clients of one subscription."""

    cloud: AzureCloud
    account: str

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """This is the credential, too."""
        return AccessToken(self.cloud.token, int(time.time()) + 3600)

    def _made(self, kind: Any, *args: str) -> Any:
        return kind(self, *args, base_url=self.cloud.url, connection_verify=self.cloud.certificate, credential_scopes=[f"{self.cloud.url}/.default"])  # fmt: skip

    @property
    def compute(self) -> Any:
        return self._made(ComputeManagementClient, self.cloud.subscriptions[self.account])

    @property
    def network(self) -> Any:
        return self._made(NetworkManagementClient, self.cloud.subscriptions[self.account])

    @property
    def resource(self) -> Any:
        return self._made(ResourceManagementClient, self.cloud.subscriptions[self.account])

    @property
    def storage(self) -> Any:
        return self._made(StorageManagementClient, self.cloud.subscriptions[self.account])

    @property
    def graph(self) -> Any:
        return self._made(ResourceGraphClient)


@pytest.fixture
def shop(cloud: AzureCloud) -> Clients:
    """The subscription that the caller owns."""
    return Clients(cloud, "web-shop")


@pytest.fixture
def analytics(cloud: AzureCloud) -> Clients:
    """The subscription where the caller may not do all."""
    return Clients(cloud, "analytics")


def power(shop: Clients, group: str, name: str) -> str:
    return shop.compute.virtual_machines.instance_view(group, name).statuses[-1].code


def in_graph(shop: Clients, name: str) -> dict[str, Any]:
    """The one row of Resource Graph for a name."""
    (row,) = shop.graph.resources({"query": f"resources | where name == '{name}'"}).data
    return row


@pytest.mark.parametrize(
    ("client", "group", "call", "kind"),
    [
        ("compute", "virtual_machines", "list_all", "virtualMachines"),
        ("compute", "disks", "list", "disks"),
        ("compute", "snapshots", "list", "snapshots"),
        ("compute", "images", "list", "images"),
        ("compute", "virtual_machine_scale_sets", "list_all", "virtualMachineScaleSets"),
        ("compute", "availability_sets", "list_by_subscription", "availabilitySets"),
        ("network", "virtual_networks", "list_all", "virtualNetworks"),
        ("network", "network_security_groups", "list_all", "networkSecurityGroups"),
        ("network", "network_interfaces", "list_all", "networkInterfaces"),
        ("network", "public_ip_addresses", "list_all", "publicIPAddresses"),
        ("network", "load_balancers", "list_all", "loadBalancers"),
        ("network", "application_gateways", "list_all", "applicationGateways"),
        ("network", "nat_gateways", "list_all", "natGateways"),
        ("network", "route_tables", "list_all", "routeTables"),
        ("network", "private_endpoints", "list_by_subscription", "privateEndpoints"),
        ("network", "bastion_hosts", "list", "bastionHosts"),
        ("storage", "storage_accounts", "list", "storageAccounts"),
    ],
)
def test_a_typed_list_is_what_the_graph_has(shop: Clients, client: str, group: str, call: str, kind: str) -> None:
    """The SDK's models read every body, and the ids are those of Resource Graph."""
    listed = [one.as_dict() for one in getattr(getattr(getattr(shop, client), group), call)()]
    query = f"resources | where type =~ 'Microsoft.{client}/{kind}' | project id | order by id asc"
    options = {"subscriptions": [shop.cloud.subscriptions["web-shop"]], "query": query}
    assert sorted(one["id"] for one in listed) == [row["id"] for row in shop.graph.resources(options).data]
    assert listed


def test_all_resources_are_listed_over_pages(shop: Clients) -> None:
    """The list's pages put together are Resource Graph's rows."""
    shop.cloud.reset_calls()
    listed = {one.id.lower() for one in shop.resource.resources.list()}
    pages = sum(path.endswith("/resources") for _, path in shop.cloud.calls())
    rows = shop.cloud.graph("resources | project id", subscriptions=[])
    mine = {row["id"].lower() for row in rows if shop.cloud.subscriptions["web-shop"] in row["id"]}
    assert listed == mine
    assert pages > 1


@pytest.mark.parametrize(
    ("call", "state"),
    [("begin_power_off", "stopped"), ("begin_deallocate", "deallocated"), ("begin_restart", "running"), ("begin_start", "running")],
)  # fmt: skip
def test_a_machine_does_as_it_is_told(shop: Clients, call: str, state: str) -> None:
    """When the poller is done, the instance view and Resource Graph tell the new state."""
    group, name = "rg-checkout-dev", "vm-checkout-dev-web-01"
    getattr(shop.compute.virtual_machines, call)(group, name).result()
    assert power(shop, group, name) == f"PowerState/{state}"
    row = in_graph(shop, name)
    assert row["properties"]["extended"]["instanceView"]["powerState"]["code"] == f"PowerState/{state}"


def test_a_machine_is_on_its_way_until_the_operation_ends(shop: Clients) -> None:
    """Right after the call it is neither running nor deallocated."""
    shop.cloud.steer(ends_ms=600_000)
    shop.compute.virtual_machines.begin_deallocate("rg-checkout-dev", "vm-checkout-dev-web-02", polling=False)
    shop.cloud.steer(ends_ms=2000)
    assert power(shop, "rg-checkout-dev", "vm-checkout-dev-web-02") == "PowerState/deallocating"


def test_a_machine_is_resized(shop: Clients) -> None:
    """By an update, and by a PUT of the whole."""
    machines, group, name = shop.compute.virtual_machines, "rg-search-dev", "vm-search-dev-node-01"
    machines.begin_update(group, name, {"properties": {"hardwareProfile": {"vmSize": "Standard_D2s_v5"}}}).result()
    assert in_graph(shop, name)["properties"]["hardwareProfile"]["vmSize"] == "Standard_D2s_v5"
    whole = machines.get(group, name)
    whole.hardware_profile.vm_size = "Standard_D4s_v5"
    machines.begin_create_or_update(group, name, whole).result()
    assert machines.get(group, name).hardware_profile.vm_size == "Standard_D4s_v5"


def test_an_unknown_size_is_refused(shop: Clients) -> None:
    """With the code that Azure has for it; the machine stays as it is."""
    body = {"properties": {"hardwareProfile": {"vmSize": "Standard_Z9"}}}
    with pytest.raises(HttpResponseError) as caught:
        shop.compute.virtual_machines.begin_update("rg-api-dev", "vm-api-dev-gateway-01", body)
    assert (caught.value.status_code, caught.value.error.code) == (400, "InvalidParameter")


def test_tags_change_in_both_ways(shop: Clients) -> None:
    """The tags API merges, a resource's own PATCH replaces."""
    disk = shop.compute.disks.get("rg-checkout-staging", "disk-checkout-staging-scratch-01")
    patch = {"operation": "Merge", "properties": {"tags": {"keep": "yes"}}}
    shop.resource.tags.begin_update_at_scope(disk.id, patch).result()
    assert in_graph(shop, disk.name)["tags"] == {**disk.tags, "keep": "yes"}
    shop.compute.disks.begin_update("rg-checkout-staging", disk.name, {"tags": {"only": "this"}}).result()
    assert shop.compute.disks.get("rg-checkout-staging", disk.name).tags == {"only": "this"}


def test_a_disk_is_copied_and_the_copy_deleted(shop: Clients) -> None:
    """A snapshot has its source's size; deleted, it is gone from list, get and graph."""
    disk = shop.compute.disks.get("rg-orders-prod", "vm-orders-prod-worker-01-data")
    source = {"createOption": "Copy", "sourceResourceId": disk.id}
    body = {"location": disk.location, "properties": {"creationData": source, "incremental": True}}
    made = shop.compute.snapshots.begin_create_or_update("rg-orders-prod", "snap-by-hand", body).result()
    assert (made.disk_size_gb, made.provisioning_state) == (disk.disk_size_gb, "Succeeded")
    assert in_graph(shop, "snap-by-hand")["properties"]["creationData"]["sourceResourceId"] == disk.id
    shop.compute.snapshots.begin_delete("rg-orders-prod", "snap-by-hand").result()
    with pytest.raises(ResourceNotFoundError) as caught:
        shop.compute.snapshots.get("rg-orders-prod", "snap-by-hand")
    assert caught.value.error.code == "ResourceNotFound"
    assert shop.cloud.graph("resources | where name == 'snap-by-hand'") == []


def test_a_machine_is_made_and_deleted(shop: Clients) -> None:
    """It brings its disk, takes its card, and gives both back."""
    group, root = "rg-api-staging", f"/subscriptions/{shop.cloud.subscriptions['web-shop']}"
    subnet = f"{root}/resourceGroups/rg-network-westeurope/providers/Microsoft.Network/virtualNetworks/vnet-westeurope/subnets/snet-app"
    card = {"location": "westeurope", "properties": {"ipConfigurations": [{"name": "one", "properties": {"subnet": {"id": subnet}}}]}}  # fmt: skip
    made = shop.network.network_interfaces.begin_create_or_update(group, "nic-new", card).result()
    body = {
        "location": "westeurope",
        "properties": {
            "hardwareProfile": {"vmSize": "Standard_B1s"},
            "storageProfile": {"osDisk": {"createOption": "FromImage", "name": "disk-new"}},
            "networkProfile": {"networkInterfaces": [{"id": made.id}]},
        },
    }
    machine = shop.compute.virtual_machines.begin_create_or_update(group, "vm-new", body).result()
    assert power(shop, group, "vm-new") == "PowerState/running"
    assert shop.compute.disks.get(group, "disk-new").managed_by == machine.id
    assert shop.network.network_interfaces.get(group, "nic-new").virtual_machine.id == machine.id
    shop.compute.virtual_machines.begin_delete(group, "vm-new").result()
    assert shop.compute.disks.get(group, "disk-new").disk_state == "Unattached"
    shop.network.network_interfaces.begin_delete(group, "nic-new").result()


@pytest.mark.parametrize(
    ("client", "calls", "group", "name", "code"),
    [
        ("compute", "disks", "rg-search-prod", "vm-search-prod-node-01-os", "OperationNotAllowed"),
        ("network", "network_security_groups", "rg-network-eastus", "nsg-web-eastus", "InUseNetworkSecurityGroupCannotBeDeleted"),
        ("network", "network_interfaces", "rg-search-prod", "vm-search-prod-node-01-nic", "NicInUse"),
        ("network", "public_ip_addresses", "rg-network-eastus", "pip-ng-eastus", "PublicIPAddressCannotBeDeleted"),
        ("network", "virtual_networks", "rg-network-eastus", "vnet-eastus", "InUseSubnetCannotBeDeleted"),
    ],
)  # fmt: skip
def test_what_is_in_use_stays(shop: Clients, client: str, calls: str, group: str, name: str, code: str) -> None:
    """409, and the thing is still there."""
    operations = getattr(getattr(shop, client), calls)
    with pytest.raises(ResourceExistsError) as caught:
        operations.begin_delete(group, name).result()
    assert (caught.value.status_code, caught.value.error.code) == (409, code)
    assert operations.get(group, name).name == name


def test_an_unattached_disk_goes(shop: Clients) -> None:
    """Deleting it is a long-running operation; deleting it again is no error."""
    delete = shop.compute.disks.begin_delete
    delete("rg-checkout-staging", "disk-checkout-staging-scratch-03").result()
    delete("rg-checkout-staging", "disk-checkout-staging-scratch-03").result()
    names = [one.name for one in shop.compute.disks.list_by_resource_group("rg-checkout-staging")]
    assert "disk-checkout-staging-scratch-03" not in names
    assert "disk-checkout-staging-scratch-02" in names


def test_subnets_and_rules_live_in_their_parents(shop: Clients) -> None:
    """A child that is made and deleted by itself is seen in the parent."""
    group, root = "rg-network-eastus", shop.network
    root.subnets.begin_create_or_update(group, "vnet-eastus", "snet-new", {"properties": {"addressPrefix": "10.20.99.0/24"}}).result()  # fmt: skip
    assert "snet-new" in [one.name for one in root.virtual_networks.get(group, "vnet-eastus").subnets]
    root.subnets.begin_delete(group, "vnet-eastus", "snet-new").result()
    assert "snet-new" not in [one.name for one in root.subnets.list(group, "vnet-eastus")]
    rule = {"protocol": "Tcp", "access": "Deny", "direction": "Inbound", "priority": 200, "sourcePortRange": "*", "destinationPortRange": "22", "sourceAddressPrefix": "*", "destinationAddressPrefix": "*"}  # fmt: skip
    root.security_rules.begin_create_or_update(group, "nsg-app-eastus", "no-ssh", {"properties": rule}).result()
    assert root.security_rules.get(group, "nsg-app-eastus", "no-ssh").access == "Deny"


def test_a_storage_account_with_a_container(shop: Clients) -> None:
    """Made, listed, and gone at once."""
    accounts, group = shop.storage.storage_accounts, "rg-orders-dev"
    body = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    made = accounts.begin_create(group, "halshopnewaccount", body).result()
    assert made.primary_endpoints.blob == "https://halshopnewaccount.blob.core.windows.net/"
    shop.storage.blob_containers.create(group, "halshopnewaccount", "box", {})
    assert [one.name for one in shop.storage.blob_containers.list(group, "halshopnewaccount")] == ["box"]
    accounts.delete(group, "halshopnewaccount")
    assert "halshopnewaccount" not in [one.name for one in accounts.list_by_resource_group(group)]


def test_a_group_goes_with_all_that_is_in_it(shop: Clients) -> None:
    """Its poller follows a Location."""
    groups = shop.resource.resource_groups
    groups.create_or_update("rg-short-lived", {"location": "eastus", "tags": {"env": "dev"}})
    disk = {"location": "eastus", "properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 8}}
    shop.compute.disks.begin_create_or_update("rg-short-lived", "disk-short-lived", disk).result()
    assert groups.check_existence("rg-short-lived")
    groups.begin_delete("rg-short-lived").result()
    assert not groups.check_existence("rg-short-lived")
    assert shop.cloud.graph("resources | where name == 'disk-short-lived'") == []


def test_a_reader_may_not_write(analytics: Clients) -> None:
    """In one group only; next door the same call is allowed."""
    machines = analytics.compute.virtual_machines
    with pytest.raises(HttpResponseError) as caught:
        machines.begin_deallocate("rg-warehouse-prod", "vm-warehouse-prod-node-01")
    assert (caught.value.status_code, caught.value.error.code) == (403, "AuthorizationFailed")
    machines.begin_deallocate("rg-ingest-dev", "vm-ingest-dev-worker-01").result()
    assert power(analytics, "rg-ingest-dev", "vm-ingest-dev-worker-01") == "PowerState/deallocated"


@pytest.mark.parametrize(
    ("group", "code"), [("rg-nowhere", "ResourceGroupNotFound"), ("rg-api-prod", "ResourceNotFound")]
)
def test_what_is_not_there_is_not_found(shop: Clients, group: str, code: str) -> None:
    """The code tells whether the group or the thing is missing."""
    with pytest.raises(ResourceNotFoundError) as caught:
        shop.compute.virtual_machines.get(group, "vm-nobody")
    assert caught.value.error.code == code


def test_a_throttled_call_is_tried_again(shop: Clients) -> None:
    """The SDK waits as long as Retry-After says."""
    shop.cloud.faults({"match": "providers/Microsoft.Compute/images", "status": 429, "times": 1, "retry_after": 0})
    shop.cloud.reset_calls()
    assert list(shop.compute.images.list())
    assert sum(path.endswith("/images") for _, path in shop.cloud.calls()) == 2


def test_the_graph_refuses_a_query_it_does_not_understand(shop: Clients) -> None:
    """With the reason in the details."""
    with pytest.raises(HttpResponseError) as caught:
        shop.graph.resources({"query": "resources | wher name == 'x'"})
    assert caught.value.status_code == 400
    assert caught.value.error.details[0].code == "InvalidQuery"
