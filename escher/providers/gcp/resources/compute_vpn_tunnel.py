"""VPN tunnels. Their shared secrets are left behind."""

from escher.providers.declarations import Int, ListCall, Relation, ResourceType, StateRule, Text, Time

TYPE = ResourceType(
    name="gcp_compute_vpn_tunnel",
    kind="vpn",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/VpnTunnel",
    listing=ListCall(
        "compute/v1/projects/{account_id}/aggregated/vpnTunnels",
        "items.*.vpnTunnels[]",
        permission="compute.vpnTunnels.list",
        parameters={"returnPartialSuccess": "true"},
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    tags="labels",
    state=StateRule(
        "status",
        {
            "PROVISIONING": "pending",
            "WAITING_FOR_FULL_CONFIG": "pending",
            "FIRST_HANDSHAKE": "pending",
            "ALLOCATING_RESOURCES": "pending",
            "ESTABLISHED": "available",
            "NETWORK_ERROR": "error",
            "AUTHORIZATION_ERROR": "error",
            "NEGOTIATION_FAILURE": "error",
            "NO_INCOMING_PACKETS": "error",
            "REJECTED": "error",
            "FAILED": "error",
            "DEPROVISIONING": "deleting",
            "STOPPED": "stopped",
            "PEER_IDENTITY_MISMATCH": "error",
            "TS_NARROWING_NOT_ALLOWED": "error",
        },
    ),
    fields={
        "remote_ip": "peerIp",
        "gateway": Text("vpnGateway || targetVpnGateway", last=True),
        "router": Text("router", last=True),
        "ike_version": Int("ikeVersion"),
        "status_reason": "detailedStatus",
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    relations=(
        Relation("member_of", "vpnGateway || targetVpnGateway"),
        Relation("uses", "router"),
    ),
    acts={
        "delete": ("compute.vpnTunnels.delete",),
        "tag": ("compute.vpnTunnels.setLabels",),
        "untag": ("compute.vpnTunnels.setLabels",),
    },
)
