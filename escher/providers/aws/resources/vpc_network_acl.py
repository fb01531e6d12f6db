"""Network access lists. `open_ingress`: some rule lets the whole internet in, as the default list does everywhere."""

from escher.providers.declarations import Bool, Holds, Int, ListCall, Relation, ResourceType, Texts

TYPE = ResourceType(
    name="aws_vpc_network_acl",
    native_type="AWS::EC2::NetworkAcl",
    kind="firewall",
    service="ec2",
    listing=ListCall("DescribeNetworkAcls", "NetworkAcls[]", permission="ec2:DescribeNetworkAcls", page_size=1_000),
    identifier="NetworkAclId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:network-acl/{identifier}",
    tags="Tags",
    fields={
        "vpc_id": "VpcId",
        "is_default": Bool("IsDefault"),
        "subnets": Texts("Associations[].SubnetId"),
        "ingress_rules": Int("length(not_null(Entries[?!Egress], `[]`))"),
        "egress_rules": Int("length(not_null(Entries[?Egress], `[]`))"),
        "open_ingress": Holds(
            "Entries[?!Egress && RuleAction == 'allow' && (CidrBlock == '0.0.0.0/0' || Ipv6CidrBlock == '::/0')]"
        ),
        "owner_id": "OwnerId",
    },
    relations=(
        Relation("member_of", "VpcId", "aws_vpc"),
        Relation("attached_to", "Associations[].SubnetId", "aws_vpc_subnet"),
    ),
    acts={
        "delete": ("ec2:DeleteNetworkAcl",),
        "update": ("ec2:CreateNetworkAclEntry", "ec2:ReplaceNetworkAclEntry", "ec2:DeleteNetworkAclEntry"),
        "attach": ("ec2:ReplaceNetworkAclAssociation",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
    extras=("is_default",),
)
