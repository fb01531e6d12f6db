"""Target groups of load balancers, with the health of their targets as it was at the scan."""

from escher.providers.declarations import DetailCall, Int, ListCall, Relation, ResourceType

_STATES = "length(not_null(Targets[?TargetHealth.State == '{}'], `[]`))"
_IDS = "TargetType == '{}' && Targets[].Target.Id"

TYPE = ResourceType(
    name="aws_ec2_target_group",
    native_type="AWS::ElasticLoadBalancingV2::TargetGroup",
    kind="target_group",
    service="elbv2",
    listing=ListCall(
        "DescribeTargetGroups",
        "TargetGroups[]",
        permission="elasticloadbalancing:DescribeTargetGroups",
        page_size=400,
    ),
    identifier="TargetGroupName",
    resource_id="TargetGroupArn",
    tags="Tags",
    details=(
        DetailCall(
            "DescribeTags",
            {"ResourceArns": "[TargetGroupArn]"},
            into="Tags",
            result="TagDescriptions[0].Tags",
            permission="elasticloadbalancing:DescribeTags",
        ),
        DetailCall(
            "DescribeTargetHealth",
            {"TargetGroupArn": "TargetGroupArn"},
            into="Targets",
            result="TargetHealthDescriptions",
            permission="elasticloadbalancing:DescribeTargetHealth",
        ),
    ),
    gone=("TargetGroupNotFound",),
    fields={
        "protocol": "Protocol",
        "port": Int("Port"),
        "vpc_id": "VpcId",
        "target_type": "TargetType",
        "targets": Int("Targets != `null` && length(Targets)"),
        "healthy_targets": Int(f"Targets != `null` && {_STATES.format('healthy')}"),
        "unhealthy_targets": Int(f"Targets != `null` && {_STATES.format('unhealthy')}"),
        "health_check_protocol": "HealthCheckProtocol",
        "health_check_path": "HealthCheckPath",
    },
    relations=(
        Relation("attached_to", "LoadBalancerArns"),
        Relation("member_of", "VpcId", "aws_vpc"),
        Relation("routes_to", _IDS.format("instance"), "aws_ec2_instance"),
        Relation("routes_to", _IDS.format("lambda")),
        Relation("routes_to", _IDS.format("alb")),
    ),
    acts={
        "delete": ("elasticloadbalancing:DeleteTargetGroup",),
        "update": ("elasticloadbalancing:ModifyTargetGroup",),
        "attach": ("elasticloadbalancing:RegisterTargets",),
        "detach": ("elasticloadbalancing:DeregisterTargets",),
        "tag": ("elasticloadbalancing:AddTags",),
        "untag": ("elasticloadbalancing:RemoveTags",),
    },
    extras=("targets",),
)
