"""The resource types that the demo knows, how each answers to writes, and which API version each names as its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ArmType:
    """A type. `put` and `delete` say whether a write is done at once or goes on in the background.

    `created` is the status of a new resource's answer. A type that is not `tracked` is a child that only its parent
    lists: neither `/resources` nor Resource Graph has it.
    """

    name: str
    version: str
    put: Literal["later", "now"] = "later"
    delete: Literal["later", "now"] = "later"
    created: int = 201
    tracked: bool = True


def _later(version: str, *names: str, created: int = 201) -> list[ArmType]:
    return [ArmType(name, version, created=created) for name in names]


def _now(version: str, *names: str, created: int = 201, tracked: bool = True) -> list[ArmType]:
    return [ArmType(name, version, "now", "now", created, tracked) for name in names]


_ALL = (
    *_later(
        "2024-07-01",
        "Microsoft.Compute/virtualMachines",
        "Microsoft.Compute/virtualMachines/extensions",
        "Microsoft.Compute/virtualMachineScaleSets",
        "Microsoft.Compute/images",
        "Microsoft.Compute/galleries",
        "Microsoft.Compute/galleries/images",
    ),
    *_later("2024-03-02", "Microsoft.Compute/disks", "Microsoft.Compute/snapshots", created=202),
    *_now(
        "2024-07-01", "Microsoft.Compute/availabilitySets", "Microsoft.Compute/proximityPlacementGroups", created=200
    ),
    *_now("2024-07-01", "Microsoft.Compute/sshPublicKeys"),
    *_later(
        "2024-05-01",
        "Microsoft.Network/virtualNetworks",
        "Microsoft.Network/networkSecurityGroups",
        "Microsoft.Network/networkInterfaces",
        "Microsoft.Network/publicIPAddresses",
        "Microsoft.Network/loadBalancers",
        "Microsoft.Network/applicationGateways",
        "Microsoft.Network/natGateways",
        "Microsoft.Network/routeTables",
        "Microsoft.Network/privateEndpoints",
        "Microsoft.Network/virtualNetworkGateways",
        "Microsoft.Network/localNetworkGateways",
        "Microsoft.Network/connections",
        "Microsoft.Network/bastionHosts",
        "Microsoft.Network/networkWatchers",
        "Microsoft.Network/applicationSecurityGroups",
        "Microsoft.Network/azureFirewalls",
    ),
    *_now("2018-05-01", "Microsoft.Network/dnsZones"),
    *_later("2024-06-01", "Microsoft.Network/privateDnsZones", "Microsoft.Network/privateDnsZones/virtualNetworkLinks"),
    ArmType("Microsoft.Storage/storageAccounts", "2024-01-01", delete="now", created=202),
    ArmType("Microsoft.KeyVault/vaults", "2023-07-01", delete="now"),
    *_later(
        "2023-08-01", "Microsoft.Sql/servers", "Microsoft.Sql/servers/databases", "Microsoft.Sql/servers/elasticPools"
    ),
    *_later("2024-08-01", "Microsoft.DBforPostgreSQL/flexibleServers"),
    *_later("2023-12-30", "Microsoft.DBforMySQL/flexibleServers"),
    *_later("2024-11-15", "Microsoft.DocumentDB/databaseAccounts"),
    *_later("2024-11-01", "Microsoft.Cache/Redis"),
    *_later("2025-01-01", "Microsoft.ContainerService/managedClusters"),
    *_later("2023-07-01", "Microsoft.ContainerRegistry/registries"),
    *_later("2023-05-01", "Microsoft.ContainerInstance/containerGroups"),
    *_later("2024-03-01", "Microsoft.App/containerApps", "Microsoft.App/managedEnvironments"),
    *_now("2024-04-01", "Microsoft.Web/serverFarms", "Microsoft.Web/sites", "Microsoft.Web/sites/slots", created=200),
    *_later("2022-10-01-preview", "Microsoft.ServiceBus/namespaces"),
    *_later("2024-01-01", "Microsoft.EventHub/namespaces"),
    *_later("2025-02-15", "Microsoft.EventGrid/topics", "Microsoft.EventGrid/systemTopics"),
    *_later("2023-09-01", "Microsoft.OperationalInsights/workspaces"),
    *_now("2018-03-01", "Microsoft.Insights/metricAlerts", created=200),
    *_now("2023-01-01", "Microsoft.Insights/actionGroups"),
    *_now("2020-02-02", "Microsoft.Insights/components", created=200),
    *_now("2023-01-31", "Microsoft.ManagedIdentity/userAssignedIdentities"),
    *_later("2024-04-01", "Microsoft.RecoveryServices/vaults"),
    *_now("2018-06-01", "Microsoft.DataFactory/factories", created=200),
    *_later("2022-08-01", "Microsoft.ApiManagement/service"),
    *_later(
        "2024-02-01",
        "Microsoft.Cdn/profiles",
        "Microsoft.Cdn/profiles/afdEndpoints",
        "Microsoft.Cdn/profiles/endpoints",
    ),
    *_now("2019-05-01", "Microsoft.Logic/workflows"),
    *_later("2023-11-01", "Microsoft.Search/searchServices"),
    *_later("2023-11-01", "Microsoft.Automation/automationAccounts"),
    *_later("2023-05-01", "Microsoft.AppConfiguration/configurationStores"),
    *_later("2024-10-01", "Microsoft.CognitiveServices/accounts"),
    *_now(
        "2023-08-01",
        "Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies",
        created=200,
        tracked=False,
    ),
    *_now(
        "2024-01-01",
        "Microsoft.Storage/storageAccounts/blobServices",
        "Microsoft.Storage/storageAccounts/blobServices/containers",
        "Microsoft.Storage/storageAccounts/fileServices",
        "Microsoft.Storage/storageAccounts/fileServices/shares",
        "Microsoft.Sql/servers/firewallRules",
        "Microsoft.DBforPostgreSQL/flexibleServers/databases",
        "Microsoft.DBforPostgreSQL/flexibleServers/firewallRules",
        "Microsoft.DBforMySQL/flexibleServers/databases",
        "Microsoft.ContainerService/managedClusters/agentPools",
        "Microsoft.Network/dnsZones/A",
        "Microsoft.Network/dnsZones/CNAME",
        "Microsoft.Network/privateDnsZones/A",
        "Microsoft.ServiceBus/namespaces/queues",
        "Microsoft.ServiceBus/namespaces/topics",
        "Microsoft.EventHub/namespaces/eventhubs",
        "Microsoft.DocumentDB/databaseAccounts/sqlDatabases",
        "Microsoft.Web/sites/functions",
        "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
        "Microsoft.Authorization/locks",
        tracked=False,
    ),
)
TYPES = {one.name.lower(): one for one in _ALL}
GROUP = "Microsoft.Resources/resourceGroups"
NAMESPACES = {one.name.partition("/")[0].lower(): one.name.partition("/")[0] for one in _ALL} | {
    "microsoft.resources": "Microsoft.Resources",
    "microsoft.authorization": "Microsoft.Authorization",
    "microsoft.resourcegraph": "Microsoft.ResourceGraph",
}
# Children that ARM keeps inside their parent's properties, under the name of their type.
EMBEDDED = {
    "microsoft.network/virtualnetworks": ("subnets", "virtualNetworkPeerings"),
    "microsoft.network/networksecuritygroups": ("securityRules",),
    "microsoft.network/routetables": ("routes",),
    "microsoft.network/networkinterfaces": ("ipConfigurations",),
    "microsoft.network/loadbalancers": (
        "frontendIPConfigurations", "backendAddressPools", "loadBalancingRules", "probes", "inboundNatRules",
    ),
    "microsoft.network/applicationgateways": (
        "gatewayIPConfigurations", "frontendIPConfigurations", "frontendPorts", "backendAddressPools",
        "backendHttpSettingsCollection", "httpListeners", "requestRoutingRules",
    ),
}  # fmt: skip


def canonical(name: str) -> str:
    """A type in its usual spelling; what is not known keeps the caller's, but for its namespace."""
    if known := TYPES.get(name.lower()):
        return known.name
    words = name.split("/")
    for end in range(len(words) - 1, 1, -1):
        if known := TYPES.get("/".join(words[:end]).lower()):
            inside = {one.lower(): one for one in EMBEDDED.get(known.name.lower(), ())}
            return "/".join((known.name, *(inside.get(word.lower(), word) for word in words[end:])))
    return "/".join((NAMESPACES.get(words[0].lower(), words[0]), *words[1:]))


def arm_type(name: str) -> ArmType:
    """What is known of a type; one that is not declared is taken for a tracked one at the top, else for a child."""
    known = TYPES.get(name.lower())
    return known or ArmType(canonical(name), "2024-01-01", "now", "now", tracked=name.count("/") < 2)
