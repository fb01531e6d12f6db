"""Requests for spot instances. The launch specification's user data comes with the list and is dropped."""

from escher.providers.declarations import ListCall, Relation, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_ec2_spot_request",
    native_type="AWS::EC2::SpotInstanceRequest",
    kind="reservation",
    service="ec2",
    listing=ListCall(
        "DescribeSpotInstanceRequests",
        "SpotInstanceRequests[]",
        permission="ec2:DescribeSpotInstanceRequests",
        page_size=1_000,
    ),
    identifier="SpotInstanceRequestId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:spot-instances-request/{identifier}",
    zone="LaunchedAvailabilityZone",
    tags="Tags",
    state=StateRule(
        "State",
        {
            "open": "pending",
            "active": "in_use",
            "closed": "deleted",
            "cancelled": "deleted",
            "failed": "error",
            "disabled": "stopped",
        },
    ),
    fields={
        "instance_type": "LaunchSpecification.InstanceType",
        "image_id": "LaunchSpecification.ImageId",
        "subnet_id": "LaunchSpecification.SubnetId",
        "security_groups": Texts("LaunchSpecification.SecurityGroups[].GroupId"),
        "request_type": "Type",
        "spot_price": "SpotPrice",
        "platform": "ProductDescription",
        "status_code": "Status.Code",
        "on_interruption": "InstanceInterruptionBehavior",
        "created_at": Time("CreateTime"),
        "expires_at": Time("ValidUntil"),
    },
    relations=(
        Relation("attached_to", "InstanceId", "aws_ec2_instance"),
        Relation("uses", "LaunchSpecification.ImageId", "aws_ec2_ami"),
        Relation("uses", "LaunchSpecification.SecurityGroups[].GroupId", "aws_vpc_security_group"),
        Relation("member_of", "LaunchSpecification.SubnetId", "aws_vpc_subnet"),
    ),
    acts={"delete": ("ec2:CancelSpotInstanceRequests",), "tag": ("ec2:CreateTags",), "untag": ("ec2:DeleteTags",)},
)
