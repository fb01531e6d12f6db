"""Cloud Routers, with the address translation that they do."""

from escher.providers.declarations import Int, ListCall, Relation, ResourceType, Text, Texts, Time

TYPE = ResourceType(
    name="gcp_compute_router",
    kind="gateway",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/Router",
    listing=ListCall(
        "compute/v1/projects/{account_id}/aggregated/routers",
        "items.*.routers[]",
        permission="compute.routers.list",
        parameters={"returnPartialSuccess": "true"},
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    fields={
        "vpc_id": Text("network", last=True),
        "asn": Int("bgp.asn"),
        "peers": Int("length(bgpPeers || `[]`)"),
        "nats": Texts("nats[].name"),
        "interfaces": Int("length(interfaces || `[]`)"),
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    relations=(
        Relation("member_of", "network"),
        Relation("uses", "nats[].natIps[]"),
    ),
    acts={
        "update": ("compute.routers.update",),
        "delete": ("compute.routers.delete",),
    },
)
