"""Bastion hosts."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import Bool, Int, Relation, Text

_IP = "properties.ipConfigurations[].properties"

TYPE = arm_type(
    "azure_bastion_host",
    "gateway",
    "Microsoft.Network/bastionHosts",
    "2024-05-01",
    {
        "sku": "sku.name",
        "endpoint": "properties.dnsName",
        "capacity": Int("properties.scaleUnits"),
        "subnet_id": Text(f"{_IP}.subnet.id | [0]", last=True),
        "copy_paste_off": Bool("properties.disableCopyPaste"),
        "tunneling": Bool("properties.enableTunneling"),
    },
    relations=(Relation("member_of", f"{_IP}.subnet.id"), Relation("uses", f"{_IP}.publicIPAddress.id")),
)
