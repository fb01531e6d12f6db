"""Groups of instances, whether or not a manager keeps their number."""

from escher.providers.declarations import Int, ListCall, Relation, ResourceType, Text, Texts, Time

TYPE = ResourceType(
    name="gcp_compute_instance_group",
    kind="scaling_group",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/InstanceGroup",
    listing=ListCall(
        "compute/v1/projects/{account_id}/aggregated/instanceGroups",
        "items.*.instanceGroups[]",
        permission="compute.instanceGroups.list",
        parameters={"returnPartialSuccess": "true"},
        page_size=500,
    ),
    # Two zones of a region may each have one of this name; gcloud takes the relative name as it is.
    identifier="_path",
    resource_id="_name || selfLink",
    home="_place",
    zone="_zone",
    label="name",
    fields={
        "instances": Int("size"),
        "vpc_id": Text("network", last=True),
        "subnet_id": Text("subnetwork", last=True),
        "created_at": Time("creationTimestamp"),
        "ports": Texts("namedPorts[].name"),
        "description": "description",
    },
    relations=(Relation("member_of", "subnetwork"),),
    acts={
        "update": ("compute.instanceGroups.update",),
        "delete": ("compute.instanceGroups.delete",),
    },
)
