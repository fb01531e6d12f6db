"""Auto Scaling groups. A group is deleted together with its instances, for which it needs `ForceDelete`."""

from escher.providers.declarations import Holds, Int, ListCall, Relation, ResourceType, StateRule, Texts, Time

_MIXED = "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification"

TYPE = ResourceType(
    name="aws_ec2_autoscaling_group",
    native_type="AWS::AutoScaling::AutoScalingGroup",
    kind="scaling_group",
    service="autoscaling",
    listing=ListCall(
        "DescribeAutoScalingGroups",
        "AutoScalingGroups[]",
        permission="autoscaling:DescribeAutoScalingGroups",
        page_size=100,
    ),
    identifier="AutoScalingGroupName",
    resource_id="AutoScalingGroupARN",
    tags="Tags",
    # A group has a status only while it is being deleted.
    state=StateRule("Status", {"Delete in progress": "deleting"}),
    fields={
        "min_size": Int("MinSize"),
        "max_size": Int("MaxSize"),
        "desired_capacity": Int("DesiredCapacity"),
        "instances": Int("length(not_null(Instances, `[]`))"),
        "unhealthy_instances": Int("length(not_null(Instances[?HealthStatus != 'Healthy'], `[]`))"),
        "launch_template": f"LaunchTemplate.LaunchTemplateId || {_MIXED}.LaunchTemplateId",
        "launch_configuration": "LaunchConfigurationName",
        "health_check_type": "HealthCheckType",
        "zones": Texts("AvailabilityZones"),
        "suspended_processes": Texts("SuspendedProcesses[].ProcessName"),
        "deletion_protection": Holds("DeletionProtection && DeletionProtection != 'none'"),
        "created_at": Time("CreatedTime"),
    },
    relations=(
        Relation("uses", f"LaunchTemplate.LaunchTemplateId || {_MIXED}.LaunchTemplateId", "aws_ec2_launch_template"),
        Relation("uses", "LaunchConfigurationName", "aws_ec2_launch_configuration"),
        Relation("uses", "PlacementGroup", "aws_ec2_placement_group"),
        Relation("uses", "ServiceLinkedRoleARN"),
        Relation("attached_to", "TargetGroupARNs"),
        Relation("attached_to", "LoadBalancerNames", "aws_ec2_classic_load_balancer"),
    ),
    acts={
        "scale": ("autoscaling:SetDesiredCapacity", "autoscaling:UpdateAutoScalingGroup"),
        "update": ("autoscaling:UpdateAutoScalingGroup",),
        "delete": ("autoscaling:DeleteAutoScalingGroup",),
        "attach": ("autoscaling:AttachInstances",),
        "detach": ("autoscaling:DetachInstances",),
        "enable": ("autoscaling:ResumeProcesses",),
        "disable": ("autoscaling:SuspendProcesses",),
        "schedule": ("autoscaling:PutScheduledUpdateGroupAction",),
        "tag": ("autoscaling:CreateOrUpdateTags",),
        "untag": ("autoscaling:DeleteTags",),
    },
    extras=("instances", "deletion_protection", "suspended_processes"),
)
