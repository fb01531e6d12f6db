"""VPC networks."""

from escher.providers.declarations import Bool, Holds, Int, ListCall, Relation, ResourceType, Texts, Time

TYPE = ResourceType(
    name="gcp_compute_network",
    kind="network",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/Network",
    listing=ListCall(
        "compute/v1/projects/{account_id}/global/networks",
        "items[]",
        permission="compute.networks.list",
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    fields={
        "subnets": Texts("subnetworks", last=True),
        "auto_subnets": Bool("autoCreateSubnetworks"),
        "routing_mode": "routingConfig.routingMode",
        "mtu": Int("mtu"),
        "peerings": Texts("peerings[].name"),
        "cidr": "IPv4Range",
        "is_default": Holds("name == 'default'"),
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    relations=(Relation("routes_to", "peerings[].network"),),
    acts={
        "update": ("compute.networks.update",),
        "delete": ("compute.networks.delete",),
    },
)
