"""ECS services, cluster by cluster."""

from escher.providers.declarations import (
    BatchCall,
    Bool,
    Int,
    ListCall,
    Relation,
    ResourceType,
    StateRule,
    Texts,
    Time,
)

_NETWORK = "networkConfiguration.awsvpcConfiguration"

TYPE = ResourceType(
    name="aws_ecs_service",
    native_type="AWS::ECS::Service",
    kind="container_service",
    service="ecs",
    listing=ListCall(
        "ListServices",
        "serviceArns[]",
        permission="ecs:ListServices",
        page_size=100,
        per=ListCall("ListClusters", "clusterArns[]", permission="ecs:ListClusters", page_size=100),
        arguments={"cluster": "@"},
        batch=BatchCall(
            "DescribeServices",
            ids="services",
            result="services[]",
            permission="ecs:DescribeServices",
            size=10,
            parameters={"include": ["TAGS"]},
        ),
    ),
    # Names are unique only within a cluster; ARNs of the old form do not hold it.
    identifier="tail(serviceArn, ':service/')",
    resource_id="serviceArn",
    label="serviceName",
    tags="tags",
    gone=("ClusterNotFoundException",),
    state=StateRule("status", {"ACTIVE": "running", "DRAINING": "deleting", "INACTIVE": "deleted"}),
    fields={
        "cluster": "tail(clusterArn, '/')",
        "launch_type": "launchType || capacityProviderStrategy[0].capacityProvider",
        "platform_version": "platformVersion",
        "task_definition": "tail(taskDefinition, '/')",
        "desired_capacity": Int("desiredCount"),
        "running_tasks": Int("runningCount"),
        "pending_tasks": Int("pendingCount"),
        "scheduling": "schedulingStrategy",
        "public_ip_assigned": "networkConfiguration.awsvpcConfiguration.assignPublicIp",
        "subnets": Texts(f"{_NETWORK}.subnets"),
        "security_groups": Texts(f"{_NETWORK}.securityGroups"),
        "exec_enabled": Bool("enableExecuteCommand"),
        "role": "roleArn",
        "created_at": Time("createdAt"),
    },
    relations=(
        Relation("member_of", "clusterArn"),
        Relation("member_of", f"{_NETWORK}.subnets", to="aws_vpc_subnet"),
        Relation("uses", f"{_NETWORK}.securityGroups", to="aws_vpc_security_group"),
        Relation("uses", "taskDefinition"),
        Relation("uses", "roleArn"),
        Relation("attached_to", "loadBalancers[].targetGroupArn"),
    ),
    acts={
        "delete": ("ecs:DeleteService",),
        "scale": ("ecs:UpdateService",),
        "update": ("ecs:UpdateService",),
        "reboot": ("ecs:UpdateService",),
        "tag": ("ecs:TagResource",),
        "untag": ("ecs:UntagResource",),
    },
)
