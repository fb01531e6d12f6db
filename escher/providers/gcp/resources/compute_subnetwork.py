"""Subnets of VPC networks."""

from escher.providers.declarations import Bool, ListCall, Relation, ResourceType, StateRule, Text, Texts, Time

TYPE = ResourceType(
    name="gcp_compute_subnetwork",
    kind="subnet",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/Subnetwork",
    listing=ListCall(
        "compute/v1/projects/{account_id}/aggregated/subnetworks",
        "items.*.subnetworks[]",
        permission="compute.subnetworks.list",
        parameters={"returnPartialSuccess": "true"},
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    state=StateRule("state", {"READY": "available", "DRAINING": "pending"}),
    fields={
        "cidr": "ipCidrRange",
        "cidrs": Texts("[[ipCidrRange], secondaryIpRanges[].ipCidrRange || `[]`][]"),
        "vpc_id": Text("network", last=True),
        "gateway_ip": "gatewayAddress",
        "private_access": Bool("privateIpGoogleAccess"),
        "flow_logs": Bool("enableFlowLogs"),
        "purpose": "purpose",
        "role_of_pair": "role",
        "stack_type": "stackType",
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    relations=(Relation("member_of", "network"),),
    acts={
        "update": ("compute.subnetworks.update",),
        "delete": ("compute.subnetworks.delete",),
    },
)
