"""Active ECS task definitions, each revision. Environment variables and secrets come with them and are dropped."""

from escher.providers.declarations import DetailCall, Int, ListCall, Relation, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_ecs_task_definition",
    native_type="AWS::ECS::TaskDefinition",
    kind="template",
    service="ecs",
    listing=ListCall(
        "ListTaskDefinitions",
        "taskDefinitionArns[].{arn: @}",
        permission="ecs:ListTaskDefinitions",
        parameters={"status": "ACTIVE"},
        page_size=100,
    ),
    identifier="tail(arn, '/')",
    resource_id="arn",
    tags="Described.tags",
    state=StateRule(
        "Described.taskDefinition.status",
        {"ACTIVE": "available", "INACTIVE": "deleted", "DELETE_IN_PROGRESS": "deleting"},
    ),
    details=(
        DetailCall(
            "DescribeTaskDefinition",
            {"taskDefinition": "arn"},
            into="Described",
            parameters={"include": ["TAGS"]},
            permission="ecs:DescribeTaskDefinition",
        ),
    ),
    fields={
        "family": "Described.taskDefinition.family",
        "revision": Int("Described.taskDefinition.revision"),
        "cpu_units": Int("Described.taskDefinition.cpu"),
        "memory_mib": Int("Described.taskDefinition.memory"),
        "network_mode": "Described.taskDefinition.networkMode",
        "launch_types": Texts("Described.taskDefinition.requiresCompatibilities"),
        "architecture": "Described.taskDefinition.runtimePlatform.cpuArchitecture",
        "images": Texts("Described.taskDefinition.containerDefinitions[].image"),
        "role": "Described.taskDefinition.taskRoleArn",
        "execution_role": "Described.taskDefinition.executionRoleArn",
        "created_at": Time("Described.taskDefinition.registeredAt"),
    },
    relations=(
        Relation("uses", "Described.taskDefinition.[taskRoleArn, executionRoleArn][]"),
        Relation(
            "uses",
            "Described.taskDefinition.volumes[].efsVolumeConfiguration.fileSystemId",
            to="aws_efs_file_system",
        ),
    ),
    acts={
        "delete": ("ecs:DeregisterTaskDefinition",),
        "tag": ("ecs:TagResource",),
        "untag": ("ecs:UntagResource",),
    },
)
