"""Load balancers."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import Holds, Int, Relation, Texts

_FRONT = "properties.frontendIPConfigurations[].properties"
_BACK = "properties.backendAddressPools[].properties.backendIPConfigurations[].id"

TYPE = arm_type(
    "azure_lb",
    "load_balancer",
    "Microsoft.Network/loadBalancers",
    "2024-05-01",
    {
        "sku": "sku.name",
        "tier": "sku.tier",
        "public": Holds(f"{_FRONT}.publicIPAddress.id"),
        "private_ip": f"{_FRONT}.privateIPAddress | [0]",
        "subnets": Texts(f"{_FRONT}.subnet.id", last=True),
        "listeners": Int("length(properties.loadBalancingRules || `[]`)"),
        "probes": Int("length(properties.probes || `[]`)"),
        "targets": Int(f"length({_BACK} || `[]`)"),
    },
    relations=(
        Relation("routes_to", _BACK),
        Relation("uses", f"{_FRONT}.publicIPAddress.id"),
        Relation("member_of", f"{_FRONT}.subnet.id"),
    ),
)
