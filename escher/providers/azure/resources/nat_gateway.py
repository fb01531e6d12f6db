"""NAT gateways."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import Holds, Int, Relation, Texts

TYPE = arm_type(
    "azure_nat_gateway",
    "gateway",
    "Microsoft.Network/natGateways",
    "2024-05-01",
    {
        "sku": "sku.name",
        "timeout_minutes": Int("properties.idleTimeoutInMinutes"),
        "public_ips": Texts("properties.publicIpAddresses[].id", last=True),
        "subnets": Texts("properties.subnets[].id", last=True),
        "attached": Holds("properties.subnets"),
    },
    zone="zones[0]",
    relations=(
        Relation("attached_to", "properties.subnets[].id"),
        Relation("uses", "[properties.publicIpAddresses[].id, properties.publicIpPrefixes[].id][]"),
    ),
)
