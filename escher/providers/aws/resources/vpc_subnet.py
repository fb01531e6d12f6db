"""Subnets, also those that other accounts share with this one (`owner_id` tells)."""

from escher.providers.declarations import Bool, Int, ListCall, Relation, ResourceType, StateRule, Texts

TYPE = ResourceType(
    name="aws_vpc_subnet",
    native_type="AWS::EC2::Subnet",
    kind="subnet",
    service="ec2",
    listing=ListCall("DescribeSubnets", "Subnets[]", permission="ec2:DescribeSubnets", page_size=1_000),
    identifier="SubnetId",
    resource_id="SubnetArn",
    zone="AvailabilityZone",
    tags="Tags",
    state=StateRule(
        "State",
        {
            "pending": "pending",
            "available": "available",
            "unavailable": "error",
            "failed": "error",
            "failed-insufficient-capacity": "error",
        },
    ),
    fields={
        "vpc_id": "VpcId",
        "cidr": "CidrBlock",
        "ipv6_cidrs": Texts("Ipv6CidrBlockAssociationSet[?Ipv6CidrBlockState.State == 'associated'].Ipv6CidrBlock"),
        "available_ips": Int("AvailableIpAddressCount", volatile=True),
        "public_ip_on_launch": Bool("MapPublicIpOnLaunch"),
        "is_default": Bool("DefaultForAz"),
        "owner_id": "OwnerId",
    },
    relations=(Relation("member_of", "VpcId", "aws_vpc"),),
    acts={
        "delete": ("ec2:DeleteSubnet",),
        "update": ("ec2:ModifySubnetAttribute",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
)
