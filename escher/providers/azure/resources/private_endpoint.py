"""Private endpoints: a service's address within a network."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import Relation, Text, Texts

_LINKS = "[properties.privateLinkServiceConnections, properties.manualPrivateLinkServiceConnections][]"

TYPE = arm_type(
    "azure_private_endpoint",
    "endpoint",
    "Microsoft.Network/privateEndpoints",
    "2024-05-01",
    {
        "target": Text(f"({_LINKS}.properties.privateLinkServiceId) | [0]", last=True),
        "groups": Texts(f"{_LINKS}.properties.groupIds[]"),
        "connection_state": f"({_LINKS}.properties.privateLinkServiceConnectionState.status) | [0]",
        "subnet_id": Text("properties.subnet.id", last=True),
        "network_interfaces": Texts("properties.networkInterfaces[].id", last=True),
        "private_ip": "properties.customDnsConfigs[0].ipAddresses[0]",
        "domain_name": "properties.customDnsConfigs[0].fqdn",
    },
    relations=(
        Relation("routes_to", f"{_LINKS}.properties.privateLinkServiceId"),
        Relation("member_of", "properties.subnet.id"),
        Relation("uses", "properties.networkInterfaces[].id"),
    ),
)
