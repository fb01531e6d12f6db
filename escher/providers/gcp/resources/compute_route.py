"""Routes of VPC networks."""

from escher.providers.declarations import Int, ListCall, Relation, ResourceType, StateRule, Text, Texts, Time

TYPE = ResourceType(
    name="gcp_compute_route",
    kind="route_table",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/Route",
    listing=ListCall(
        "compute/v1/projects/{account_id}/global/routes",
        "items[]",
        permission="compute.routes.list",
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    state=StateRule(
        "routeStatus", {"ACTIVE": "available", "INACTIVE": "stopped", "DROPPED": "error", "PENDING": "pending"}
    ),
    fields={
        "cidr": "destRange",
        "priority": Int("priority"),
        "vpc_id": Text("network", last=True),
        "next_hop": Text(
            "nextHopInstance || nextHopGateway || nextHopNetwork || nextHopVpnTunnel || nextHopIlb || nextHopIp"
            " || nextHopPeering || nextHopHub",
            last=True,
        ),
        "network_tags": Texts("tags"),
        "route_type": "routeType",
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    relations=(
        Relation("member_of", "network"),
        Relation("routes_to", "nextHopInstance || nextHopVpnTunnel || nextHopIlb"),
    ),
    acts={
        "delete": ("compute.routes.delete",),
    },
)
