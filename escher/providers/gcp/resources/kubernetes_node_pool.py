"""Node pools of Kubernetes Engine, which come with the list of clusters."""

from escher.providers.declarations import Bool, Int, ListCall, Relation, ResourceType, StateRule, Text, Texts

TYPE = ResourceType(
    name="gcp_kubernetes_node_pool",
    kind="scaling_group",
    service="container",
    provider="gcp",
    reach="global",
    native_type="container.googleapis.com/NodePool",
    listing=ListCall(
        "v1/projects/{account_id}/locations/-/clusters",
        "clusters[].nodePools[]",
        permission="container.clusters.list",
    ),
    # Each cluster may have one of this name.
    identifier="_path",
    resource_id="_name || selfLink",
    home="_place",
    zone="_zone",
    label="name",
    tags="config.resourceLabels",
    state=StateRule(
        "status",
        {
            "PROVISIONING": "pending",
            "RUNNING": "running",
            "RUNNING_WITH_ERROR": "error",
            "RECONCILING": "running",
            "STOPPING": "deleting",
            "ERROR": "error",
        },
    ),
    fields={
        "engine_version": "version",
        "instance_type": "config.machineType",
        "image_type": "config.imageType",
        "desired_capacity": Int("initialNodeCount"),
        "min_size": Int("autoscaling.minNodeCount"),
        "max_size": Int("autoscaling.maxNodeCount"),
        "node_size_gib": Int("config.diskSizeGb"),
        "role": "config.serviceAccount",
        "lifecycle": "config.spot && 'SPOT' || config.preemptible && 'PREEMPTIBLE' || 'STANDARD'",
        "auto_upgrade": Bool("management.autoUpgrade"),
        "auto_repair": Bool("management.autoRepair"),
        "zones": Texts("locations"),
        "cluster": Text("_parent", last=True),
    },
    relations=(
        Relation("member_of", "_parent"),
        Relation("uses", "instanceGroupUrls"),
    ),
    acts={
        "scale": ("container.clusters.update",),
        "update": ("container.clusters.update",),
        "delete": ("container.clusters.update",),
    },
)
