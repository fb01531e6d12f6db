"""What the things of the library's Azure cases are made of: the calls of the Resource Manager."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from escher_server.library.cases import Thing

_LOCATION = "westeurope"


@dataclass(frozen=True, slots=True)
class Made:
    """One call that makes a thing or, when not `itself`, what it needs or goes with it."""

    path: str
    body: Any = None
    method: str = "PUT"
    itself: bool = False


def _whole(group: str, kind: str, thing: Thing, properties: Mapping[str, Any], /, **more: Any) -> Made:
    """The thing itself; what it has no fact for is left out, as it is in Azure."""
    told = {name: value for name, value in properties.items() if value is not None}
    body = {"location": _LOCATION, "tags": thing.tags, "properties": told, **more}
    return Made(f"{group}/providers/{kind}/{thing.name}", body, itself=True)


def _machine(group: str, thing: Thing) -> list[Made]:
    size = thing.facts.get("instance_type", "Standard_D2s_v5")
    properties = {
        "hardwareProfile": {"vmSize": size},
        "storageProfile": {"osDisk": {"createOption": "FromImage", "osType": "Linux"}},
    }
    machine = _whole(group, "Microsoft.Compute/virtualMachines", thing, properties)
    ways = {"stopped": "deallocate", "powered_off": "powerOff"}
    way = ways.get(thing.facts.get("state", "running"))
    return [machine, Made(f"{machine.path}/{way}", method="POST")] if way else [machine]


def _disk(group: str, thing: Thing) -> list[Made]:
    properties = {"diskSizeGB": thing.facts.get("size_gib", 32), "creationData": {"createOption": "Empty"}}
    disk = _whole(group, "Microsoft.Compute/disks", thing, properties)
    return [disk, _user(group, disk)] if thing.facts.get("attached") else [disk]


def _user(group: str, disk: Made) -> Made:
    """A machine that has the disk."""
    data = {"lun": 0, "createOption": "Attach", "managedDisk": {"id": disk.path}}
    storage = {"osDisk": {"createOption": "FromImage", "osType": "Linux"}, "dataDisks": [data]}
    properties = {"hardwareProfile": {"vmSize": "Standard_B1s"}, "storageProfile": storage}
    body = {"location": _LOCATION, "properties": properties}
    return Made(f"{group}/providers/Microsoft.Compute/virtualMachines/of-{disk.path.rpartition('/')[2]}", body)


def _snapshot(group: str, thing: Thing) -> list[Made]:
    properties = {"diskSizeGB": 32, "creationData": {"createOption": "Empty"}, "incremental": True}
    return [_whole(group, "Microsoft.Compute/snapshots", thing, properties)]


def _address(group: str, thing: Thing) -> list[Made]:
    address = _whole(group, "Microsoft.Network/publicIPAddresses", thing, {"publicIPAllocationMethod": "Static"})
    if not thing.facts.get("attached"):
        return [address]
    config = {"name": "ipconfig", "properties": {"publicIPAddress": {"id": address.path}}}
    card = {"location": _LOCATION, "properties": {"ipConfigurations": [config]}}
    return [address, Made(f"{group}/providers/Microsoft.Network/networkInterfaces/of-{thing.name}", card)]


def _firewall(group: str, thing: Thing) -> list[Made]:
    rules = [_rule(text) for text in thing.facts.get("rules", ())]
    return [_whole(group, "Microsoft.Network/networkSecurityGroups", thing, {"securityRules": rules})]


def _rule(text: str) -> dict[str, Any]:
    """A rule that lets in: `name priority protocol port source description`."""
    name, priority, protocol, port, source, *words = text.split(" ")
    properties: dict[str, Any] = {
        "access": "Allow",
        "direction": "Inbound",
        "priority": int(priority),
        "protocol": protocol,
        "sourcePortRange": "*",
        "sourceAddressPrefix": source,
        "destinationAddressPrefix": "*",
        "destinationPortRange": port,
    }
    return {"name": name, "properties": properties | ({"description": " ".join(words)} if words else {})}


def rules_of(firewall: Mapping[str, Any]) -> list[str]:
    """The rules of a group in the words that `rules` are made of, by their priority; every field is told."""
    rules = sorted(firewall["properties"].get("securityRules") or (), key=lambda rule: rule["properties"]["priority"])
    return [_words(rule) for rule in rules]


def _words(rule: Mapping[str, Any]) -> str:
    facts = {name: value for name, value in rule["properties"].items() if value not in (None, [], "")}
    facts.pop("provisioningState", None)
    told = [facts.pop("priority"), facts.pop("protocol"), facts.pop("destinationPortRange", "-")]
    told += [facts.pop("sourceAddressPrefix", "-"), facts.pop("description", "")]
    usual = {"access": "Allow", "direction": "Inbound", "sourcePortRange": "*", "destinationAddressPrefix": "*"}
    others = sorted(f"{name}={value}" for name, value in facts.items() if usual.get(name) != value)
    return " ".join(str(word) for word in (rule["name"], *told, *others) if word != "")


def _storage(group: str, thing: Thing) -> list[Made]:
    facts = thing.facts
    properties = {
        "allowBlobPublicAccess": facts.get("public"),
        "minimumTlsVersion": facts.get("minimum_tls"),
        "supportsHttpsTrafficOnly": facts.get("https_only"),
        "allowSharedKeyAccess": facts.get("shared_key_auth"),
    }
    sku = {"name": "Standard_LRS", "tier": "Standard"}
    return [_whole(group, "Microsoft.Storage/storageAccounts", thing, properties, kind="StorageV2", sku=sku)]


def _vault(group: str, thing: Thing) -> list[Made]:
    properties = {
        "sku": {"family": "A", "name": "standard"},
        "tenantId": "00000000-0000-4000-8000-000000000000",
        "accessPolicies": [],
        "enableSoftDelete": True,
        "enablePurgeProtection": thing.facts.get("deletion_protection"),
    }
    return [_whole(group, "Microsoft.KeyVault/vaults", thing, properties)]


def _workspace(group: str, thing: Thing) -> list[Made]:
    properties = {"retentionInDays": thing.facts.get("retention_days", 30), "sku": {"name": "PerGB2018"}}
    return [_whole(group, "Microsoft.OperationalInsights/workspaces", thing, properties)]


def _scale_set(group: str, thing: Thing) -> list[Made]:
    sku = {"name": "Standard_D2s_v5", "tier": "Standard", "capacity": thing.facts.get("desired_capacity", 1)}
    properties = {"orchestrationMode": "Uniform", "upgradePolicy": {"mode": "Automatic"}}
    return [_whole(group, "Microsoft.Compute/virtualMachineScaleSets", thing, properties, sku=sku)]


def _cluster(group: str, thing: Thing) -> list[Made]:
    power = {"running": "Running", "stopped": "Stopped"}[thing.facts.get("state", "running")]
    pool = {"name": "system", "count": 1, "vmSize": "Standard_D2s_v5", "mode": "System"}
    properties = {"powerState": {"code": power}, "agentPoolProfiles": [pool], "kubernetesVersion": "1.31"}
    return [_whole(group, "Microsoft.ContainerService/managedClusters", thing, properties)]


def _app(group: str, thing: Thing) -> list[Made]:
    app = _whole(group, "Microsoft.Web/sites", thing, {"httpsOnly": thing.facts.get("https_only")}, kind="app,linux")
    stopped = thing.facts.get("state") == "stopped"
    return [app, Made(f"{app.path}/stop", method="POST")] if stopped else [app]


def _sql_server(group: str, thing: Thing) -> list[Made]:
    public = {True: "Enabled", False: "Disabled", None: None}[thing.facts.get("public")]
    properties = {
        "version": "12.0",
        "state": "Ready",
        "minimalTlsVersion": thing.facts.get("minimum_tls"),
        "publicNetworkAccess": public,
    }
    return [_whole(group, "Microsoft.Sql/servers", thing, properties)]


def _sql_database(group: str, thing: Thing) -> list[Made]:
    server = Made(
        f"{group}/providers/Microsoft.Sql/servers/of-{thing.name}",
        {"location": _LOCATION, "properties": {"state": "Ready"}},
    )
    sku = {"name": "GP_Gen5", "tier": "GeneralPurpose", "family": "Gen5", "capacity": thing.facts.get("capacity", 2)}
    body = {"location": _LOCATION, "tags": thing.tags, "sku": sku, "properties": {"status": "Online"}}
    return [server, Made(f"{server.path}/databases/{thing.name}", body, itself=True)]


MAKE: Mapping[str, Callable[[str, Thing], list[Made]]] = {
    "azure_compute_virtual_machine": _machine,
    "azure_compute_disk": _disk,
    "azure_compute_snapshot": _snapshot,
    "azure_public_ip": _address,
    "azure_network_security_group": _firewall,
    "azure_storage_account": _storage,
    "azure_key_vault": _vault,
    "azure_log_analytics_workspace": _workspace,
    "azure_compute_virtual_machine_scale_set": _scale_set,
    "azure_kubernetes_cluster": _cluster,
    "azure_app_service_web_app": _app,
    "azure_sql_server": _sql_server,
    "azure_sql_database": _sql_database,
}
