"""Virtual networks."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import Bool, Relation, Texts

TYPE = arm_type(
    "azure_virtual_network",
    "network",
    "Microsoft.Network/virtualNetworks",
    "2024-05-01",
    {
        "cidr": "properties.addressSpace.addressPrefixes[0]",
        "cidrs": Texts("properties.addressSpace.addressPrefixes"),
        "subnets": Texts("properties.subnets[].name"),
        "dns_servers": Texts("properties.dhcpOptions.dnsServers"),
        "peerings": Texts("properties.virtualNetworkPeerings[].properties.remoteVirtualNetwork.id", last=True),
        "ddos_protected": Bool("properties.enableDdosProtection"),
    },
    relations=(Relation("routes_to", "properties.virtualNetworkPeerings[].properties.remoteVirtualNetwork.id"),),
)
