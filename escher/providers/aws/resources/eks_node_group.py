"""EKS managed node groups, cluster by cluster. Each is described when it is listed: its ARN is known only then."""

from escher.providers.declarations import BatchCall, Int, ListCall, Relation, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_eks_node_group",
    native_type="AWS::EKS::Nodegroup",
    kind="scaling_group",
    service="eks",
    listing=ListCall(
        "ListNodegroups",
        "nodegroups[]",
        permission="eks:ListNodegroups",
        page_size=100,
        per=ListCall("ListClusters", "clusters[]", permission="eks:ListClusters", page_size=100),
        arguments={"clusterName": "@"},
        batch=BatchCall(
            "DescribeNodegroup",
            ids="nodegroupName",
            result="[nodegroup]",
            permission="eks:DescribeNodegroup",
            size=1,
        ),
    ),
    # Names are unique only within a cluster.
    identifier="tail(nodegroupArn, ':nodegroup/')",
    resource_id="nodegroupArn",
    label="nodegroupName",
    tags="tags",
    gone=("ResourceNotFoundException",),
    state=StateRule(
        "status",
        {
            "CREATING": "pending",
            "ACTIVE": "running",
            "UPDATING": "running",
            "DELETING": "deleting",
            "CREATE_FAILED": "error",
            "DELETE_FAILED": "error",
            "DEGRADED": "error",
        },
    ),
    fields={
        "cluster": "clusterName",
        "engine_version": "version",
        "release_version": "releaseVersion",
        "instance_type": "instanceTypes[0]",
        "capacity_type": "capacityType",
        "image_type": "amiType",
        "size_gib": Int("diskSize"),
        "min_size": Int("scalingConfig.minSize"),
        "max_size": Int("scalingConfig.maxSize"),
        "desired_capacity": Int("scalingConfig.desiredSize"),
        "subnets": Texts("subnets"),
        "role": "nodeRole",
        "created_at": Time("createdAt"),
    },
    relations=(
        Relation("member_of", "clusterName", to="aws_eks_cluster"),
        Relation("member_of", "subnets", to="aws_vpc_subnet"),
        Relation("uses", "nodeRole"),
        Relation("uses", "launchTemplate.id", to="aws_ec2_launch_template"),
        Relation("uses", "resources.autoScalingGroups[].name", to="aws_ec2_autoscaling_group"),
    ),
    acts={
        "delete": ("eks:DeleteNodegroup",),
        "scale": ("eks:UpdateNodegroupConfig",),
        "update": ("eks:UpdateNodegroupConfig", "eks:UpdateNodegroupVersion"),
        "tag": ("eks:TagResource",),
        "untag": ("eks:UntagResource",),
    },
)
