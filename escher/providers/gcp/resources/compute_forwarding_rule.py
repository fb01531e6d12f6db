"""Forwarding rules, the front of load balancers: of a region or global."""

from escher.providers.declarations import Holds, ListCall, Relation, ResourceType, Text, Texts, Time

TYPE = ResourceType(
    name="gcp_compute_forwarding_rule",
    kind="load_balancer",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/ForwardingRule",
    native_aliases=("compute.googleapis.com/GlobalForwardingRule",),
    listing=ListCall(
        "compute/v1/projects/{account_id}/aggregated/forwardingRules",
        "items.*.forwardingRules[]",
        permission="compute.forwardingRules.list",
        parameters={"returnPartialSuccess": "true"},
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    tags="labels",
    fields={
        "endpoint": "IPAddress",
        "protocol": "IPProtocol",
        "ports": Texts("ports || (portRange && [portRange])"),
        "scheme": "loadBalancingScheme",
        "public": Holds("loadBalancingScheme && starts_with(loadBalancingScheme, 'EXTERNAL')"),
        "target": Text("target || backendService", last=True),
        "vpc_id": Text("network", last=True),
        "subnet_id": Text("subnetwork", last=True),
        "tier": "networkTier",
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    relations=(
        Relation("routes_to", "target || backendService"),
        Relation("member_of", "subnetwork"),
    ),
    acts={
        "update": ("compute.forwardingRules.update",),
        "delete": ("compute.forwardingRules.delete",),
        "tag": ("compute.forwardingRules.setLabels",),
        "untag": ("compute.forwardingRules.setLabels",),
    },
)
