"""Reserved addresses, of a region or global."""

from escher.providers.declarations import Holds, ListCall, Relation, ResourceType, StateRule, Text, Texts, Time

TYPE = ResourceType(
    name="gcp_compute_address",
    kind="ip_address",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/Address",
    native_aliases=("compute.googleapis.com/GlobalAddress",),
    listing=ListCall(
        "compute/v1/projects/{account_id}/aggregated/addresses",
        "items.*.addresses[]",
        permission="compute.addresses.list",
        parameters={"returnPartialSuccess": "true"},
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    tags="labels",
    state=StateRule("status", {"RESERVING": "pending", "RESERVED": "available", "IN_USE": "in_use"}),
    fields={
        "public_ip": "addressType != 'INTERNAL' && address || null",
        "private_ip": "addressType == 'INTERNAL' && address || null",
        "public": Holds("addressType != 'INTERNAL'"),
        "attached": Holds("users"),
        "regional": Holds("region"),
        "attached_to": Texts("users", last=True),
        "address_family": "ipVersion",
        "purpose": "purpose",
        "tier": "networkTier",
        "subnet_id": Text("subnetwork", last=True),
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    relations=(
        Relation("attached_to", "users"),
        Relation("member_of", "subnetwork"),
    ),
    acts={
        "release": ("compute.addresses.delete",),
        "delete": ("compute.addresses.delete",),
        "tag": ("compute.addresses.setLabels",),
        "untag": ("compute.addresses.setLabels",),
    },
)
