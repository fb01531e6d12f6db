"""Compute environments of AWS Batch."""

from escher.providers.declarations import Int, ListCall, Relation, ResourceType, StateRule, Texts

TYPE = ResourceType(
    name="aws_batch_compute_environment",
    native_type="AWS::Batch::ComputeEnvironment",
    kind="scaling_group",
    service="batch",
    listing=ListCall(
        "DescribeComputeEnvironments",
        "computeEnvironments[]",
        permission="batch:DescribeComputeEnvironments",
        page_size=100,
    ),
    identifier="computeEnvironmentName",
    resource_id="computeEnvironmentArn",
    tags="tags",
    state=StateRule(
        "(status == 'VALID' && state == 'DISABLED' && 'DISABLED') || status",
        {
            "CREATING": "pending",
            "UPDATING": "available",
            "DELETING": "deleting",
            "DELETED": "deleted",
            "VALID": "available",
            "INVALID": "error",
            "DISABLED": "stopped",
        },
    ),
    fields={
        "management": "type",
        "compute_type": "computeResources.type",
        "allocation": "computeResources.allocationStrategy",
        "instance_types": Texts("computeResources.instanceTypes"),
        "min_vcpus": Int("computeResources.minvCpus"),
        "max_vcpus": Int("computeResources.maxvCpus"),
        "desired_vcpus": Int("computeResources.desiredvCpus"),
        "spot_percent": Int("computeResources.bidPercentage"),
        "subnets": Texts("computeResources.subnets"),
        "security_groups": Texts("computeResources.securityGroupIds"),
        "status_reason": "statusReason",
        "role": "serviceRole",
    },
    relations=(
        Relation("member_of", "computeResources.subnets", to="aws_vpc_subnet"),
        Relation("uses", "computeResources.securityGroupIds", to="aws_vpc_security_group"),
        Relation("uses", "ecsClusterArn"),
        Relation("uses", "serviceRole"),
    ),
    acts={
        "enable": ("batch:UpdateComputeEnvironment",),
        "disable": ("batch:UpdateComputeEnvironment",),
        "scale": ("batch:UpdateComputeEnvironment",),
        "delete": ("batch:DeleteComputeEnvironment",),
        "update": ("batch:UpdateComputeEnvironment",),
        "tag": ("batch:TagResource",),
        "untag": ("batch:UntagResource",),
    },
)
