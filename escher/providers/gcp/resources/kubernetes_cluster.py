"""Clusters of Kubernetes Engine. Their certificates and passwords are left behind."""

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
    name="gcp_kubernetes_cluster",
    kind="container_cluster",
    service="container",
    provider="gcp",
    reach="global",
    native_type="container.googleapis.com/Cluster",
    listing=ListCall(
        "v1/projects/{account_id}/locations/-/clusters",
        "clusters[]",
        permission="container.clusters.list",
    ),
    # A zone and its region may each have one of this name.
    identifier="_path",
    resource_id="_name || selfLink",
    home="_place",
    zone="_zone",
    label="name",
    tags="resourceLabels",
    state=StateRule(
        "status",
        {
            "PROVISIONING": "pending",
            "RUNNING": "running",
            "RECONCILING": "running",
            "STOPPING": "deleting",
            "ERROR": "error",
            "DEGRADED": "error",
        },
    ),
    fields={
        "engine_version": "currentMasterVersion",
        "node_version": "currentNodeVersion",
        "nodes": Int("currentNodeCount"),
        "endpoint": "endpoint",
        "public": Holds("!(privateClusterConfig.enablePrivateEndpoint)"),
        "private_nodes": Bool("privateClusterConfig.enablePrivateNodes"),
        "release_channel": "releaseChannel.channel",
        "autopilot": Bool("autopilot.enabled"),
        "vpc_id": Text("network", last=True),
        "subnet_id": Text("subnetwork", last=True),
        "cidr": "clusterIpv4Cidr",
        "zones": Texts("locations"),
        "kms_key": Text("databaseEncryption.keyName", last=True),
        "expires_at": Time("expireTime"),
        "created_at": Time("createTime"),
        "description": "description",
    },
    relations=(
        Relation(
            "member_of", "networkConfig.subnetwork && join('', ['//compute.googleapis.com/', networkConfig.subnetwork])"
        ),
        Relation("uses", "databaseEncryption.keyName"),
    ),
    acts={
        "update": ("container.clusters.update",),
        "resize": ("container.clusters.update",),
        "delete": ("container.clusters.delete",),
        "tag": ("container.clusters.update",),
        "untag": ("container.clusters.update",),
    },
)
