"""Route tables."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import Bool, Holds, Int, Relation, Texts

TYPE = arm_type(
    "azure_route_table",
    "route_table",
    "Microsoft.Network/routeTables",
    "2024-05-01",
    {
        "routes": Int("length(properties.routes || `[]`)"),
        "blackhole_routes": Int("length(properties.routes[?properties.nextHopType == 'None'] || `[]`)"),
        "subnets": Texts("properties.subnets[].id", last=True),
        "attached": Holds("properties.subnets"),
        "gateway_routes_off": Bool("properties.disableBgpRoutePropagation"),
    },
    relations=(Relation("attached_to", "properties.subnets[].id"),),
)
