"""VPN gateways of the highly available kind."""

from escher.providers.declarations import ListCall, Relation, ResourceType, Text, Texts, Time

TYPE = ResourceType(
    name="gcp_compute_ha_vpn_gateway",
    kind="vpn",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/VpnGateway",
    listing=ListCall(
        "compute/v1/projects/{account_id}/aggregated/vpnGateways",
        "items.*.vpnGateways[]",
        permission="compute.vpnGateways.list",
        parameters={"returnPartialSuccess": "true"},
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    tags="labels",
    fields={
        "vpc_id": Text("network", last=True),
        "public_ips": Texts("vpnInterfaces[].ipAddress"),
        "stack_type": "stackType",
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    relations=(Relation("member_of", "network"),),
    acts={
        "delete": ("compute.vpnGateways.delete",),
        "tag": ("compute.vpnGateways.setLabels",),
        "untag": ("compute.vpnGateways.setLabels",),
    },
)
