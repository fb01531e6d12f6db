"""VPCs, also those that other accounts share with this one (`owner_id` tells)."""

from escher.providers.declarations import Bool, ListCall, Relation, ResourceType, StateRule, Texts

TYPE = ResourceType(
    name="aws_vpc",
    native_type="AWS::EC2::VPC",
    kind="network",
    service="ec2",
    listing=ListCall("DescribeVpcs", "Vpcs[]", permission="ec2:DescribeVpcs", page_size=1_000),
    identifier="VpcId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:vpc/{identifier}",
    tags="Tags",
    state=StateRule("State", {"pending": "pending", "available": "available", "deleting": "deleting"}),
    fields={
        "cidr": "CidrBlock",
        "cidrs": Texts("CidrBlockAssociationSet[?CidrBlockState.State == 'associated'].CidrBlock"),
        "ipv6_cidrs": Texts("Ipv6CidrBlockAssociationSet[?Ipv6CidrBlockState.State == 'associated'].Ipv6CidrBlock"),
        "is_default": Bool("IsDefault"),
        "tenancy": "InstanceTenancy",
        "dhcp_options_id": "DhcpOptionsId",
        "owner_id": "OwnerId",
    },
    relations=(Relation("uses", "[DhcpOptionsId][?@ != 'default']", "aws_vpc_dhcp_options"),),
    acts={
        "delete": ("ec2:DeleteVpc",),
        "update": ("ec2:ModifyVpcAttribute",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
    extras=("is_default",),
)
