"""Templates of instances. Their metadata (start scripts, keys) is left behind."""

from escher.providers.declarations import Holds, ListCall, Relation, ResourceType, Text, Texts, Time

TYPE = ResourceType(
    name="gcp_compute_instance_template",
    kind="template",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/InstanceTemplate",
    listing=ListCall(
        "compute/v1/projects/{account_id}/aggregated/instanceTemplates",
        "items.*.instanceTemplates[]",
        permission="compute.instanceTemplates.list",
        parameters={"returnPartialSuccess": "true"},
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    tags="properties.labels",
    fields={
        "instance_type": Text("properties.machineType", last=True),
        "image_id": Text("properties.disks[].initializeParams.sourceImage | [0]", last=True),
        "created_at": Time("creationTimestamp"),
        "vpc_id": Text("properties.networkInterfaces[0].network", last=True),
        "subnet_id": Text("properties.networkInterfaces[0].subnetwork", last=True),
        "network_tags": Texts("properties.tags.items"),
        "role": "properties.serviceAccounts[0].email",
        "lifecycle": "properties.scheduling.provisioningModel",
        "public": Holds("properties.networkInterfaces[].accessConfigs[]"),
        "description": "description",
    },
    relations=(
        Relation("uses", "properties.serviceAccounts[].email", to="gcp_service_account"),
        Relation("uses", "properties.disks[].initializeParams.sourceImage"),
        Relation("uses", "properties.networkInterfaces[].subnetwork"),
    ),
    acts={
        "delete": ("compute.instanceTemplates.delete",),
    },
)
