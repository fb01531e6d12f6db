"""Managers that keep a group of like instances at a number."""

from escher.providers.declarations import (
    Bool,
    Holds,
    Int,
    ListCall,
    Relation,
    ResourceType,
    StateRule,
    Text,
    Texts,
    Time,
)

TYPE = ResourceType(
    name="gcp_compute_instance_group_manager",
    kind="scaling_group",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/InstanceGroupManager",
    listing=ListCall(
        "compute/v1/projects/{account_id}/aggregated/instanceGroupManagers",
        "items.*.instanceGroupManagers[]",
        permission="compute.instanceGroupManagers.list",
        parameters={"returnPartialSuccess": "true"},
        page_size=500,
    ),
    # Two zones of a region may each have one of this name; gcloud takes the relative name as it is.
    identifier="_path",
    resource_id="_name || selfLink",
    home="_place",
    zone="_zone",
    label="name",
    tags="allInstancesConfig.properties.labels",
    state=StateRule(
        "status.isStable && 'STABLE' || status && 'CHANGING'", {"STABLE": "available", "CHANGING": "pending"}
    ),
    fields={
        "desired_capacity": Int("targetSize"),
        "launch_template": Text("instanceTemplate || versions[0].instanceTemplate", last=True),
        "instance_prefix": "baseInstanceName",
        "stable": Bool("status.isStable"),
        "autoscaled": Holds("status.autoscaler"),
        "update_policy": "updatePolicy.type",
        "regional": Holds("region"),
        "zones": Texts("distributionPolicy.zones[].zone", last=True),
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    relations=(
        Relation("uses", "instanceTemplate || versions[].instanceTemplate"),
        Relation("uses", "instanceGroup"),
        Relation("uses", "autoHealingPolicies[].healthCheck"),
        Relation("routes_to", "targetPools"),
    ),
    acts={
        "scale": ("compute.instanceGroupManagers.update",),
        "update": ("compute.instanceGroupManagers.update",),
        "delete": ("compute.instanceGroupManagers.delete",),
    },
    extras=("autoscaled",),
)
