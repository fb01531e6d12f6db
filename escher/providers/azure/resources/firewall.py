"""Azure Firewalls."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import Holds, Relation, Text, Texts

_IP = "properties.ipConfigurations[].properties"

TYPE = arm_type(
    "azure_firewall",
    "firewall",
    "Microsoft.Network/azureFirewalls",
    "2024-05-01",
    {
        "sku": "properties.sku.name",
        "tier": "properties.sku.tier",
        "private_ip": f"{_IP}.privateIPAddress | [0]",
        "public": Holds(f"{_IP}.publicIPAddress.id"),
        "subnet_id": Text(f"{_IP}.subnet.id | [0]", last=True),
        "policy": Text("properties.firewallPolicy.id", last=True),
        "threat_intelligence": "properties.threatIntelMode",
        "zones": Texts("zones"),
    },
    relations=(
        Relation("member_of", f"{_IP}.subnet.id"),
        Relation("uses", f"{_IP}.publicIPAddress.id"),
        Relation("uses", "properties.firewallPolicy.id"),
    ),
)
