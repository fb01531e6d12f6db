"""ECS clusters."""

from escher.providers.declarations import BatchCall, Int, ListCall, ResourceType, StateRule, Texts

TYPE = ResourceType(
    name="aws_ecs_cluster",
    native_type="AWS::ECS::Cluster",
    kind="container_cluster",
    service="ecs",
    listing=ListCall(
        "ListClusters",
        "clusterArns[]",
        permission="ecs:ListClusters",
        page_size=100,
        batch=BatchCall(
            "DescribeClusters",
            ids="clusters",
            result="clusters[]",
            permission="ecs:DescribeClusters",
            size=100,
            parameters={"include": ["TAGS", "SETTINGS", "CONFIGURATIONS"]},
        ),
    ),
    identifier="clusterName",
    resource_id="clusterArn",
    tags="tags",
    state=StateRule(
        "status",
        {
            "ACTIVE": "available",
            "PROVISIONING": "pending",
            "DEPROVISIONING": "deleting",
            "FAILED": "error",
            "INACTIVE": "deleted",
        },
    ),
    fields={
        "services": Int("activeServicesCount"),
        "running_tasks": Int("runningTasksCount"),
        "pending_tasks": Int("pendingTasksCount"),
        "instances": Int("registeredContainerInstancesCount"),
        "capacity_providers": Texts("capacityProviders"),
        "container_insights": "settings[?name == 'containerInsights'] | [0].value",
        "kms_key": "configuration.executeCommandConfiguration.kmsKeyId",
    },
    acts={
        "delete": ("ecs:DeleteCluster",),
        "update": ("ecs:UpdateCluster",),
        "tag": ("ecs:TagResource",),
        "untag": ("ecs:UntagResource",),
    },
)
