"""Subnet groups of databases."""

from escher.providers.declarations import DetailCall, ListCall, Relation, ResourceType, StateRule, Texts

TYPE = ResourceType(
    name="aws_rds_db_subnet_group",
    native_type="AWS::RDS::DBSubnetGroup",
    kind="template",
    service="rds",
    listing=ListCall(
        "DescribeDBSubnetGroups", "DBSubnetGroups[]", permission="rds:DescribeDBSubnetGroups", page_size=100
    ),
    identifier="DBSubnetGroupName",
    resource_id="DBSubnetGroupArn",
    tags="Tags",
    state=StateRule("SubnetGroupStatus", {"Complete": "available", "Incomplete": "error"}),
    details=(
        DetailCall(
            "ListTagsForResource",
            {"ResourceName": "DBSubnetGroupArn"},
            into="Tags",
            result="TagList",
            permission="rds:ListTagsForResource",
        ),
    ),
    gone=("DBSubnetGroupNotFoundFault",),
    fields={
        "description": "DBSubnetGroupDescription",
        "vpc_id": "VpcId",
        "subnets": Texts("Subnets[].SubnetIdentifier"),
        "zones": Texts("Subnets[].SubnetAvailabilityZone.Name"),
        "network_types": Texts("SupportedNetworkTypes"),
    },
    relations=(
        Relation("uses", "Subnets[].SubnetIdentifier", "aws_vpc_subnet"),
        Relation("member_of", "VpcId", "aws_vpc"),
    ),
    acts={
        "delete": ("rds:DeleteDBSubnetGroup",),
        "update": ("rds:ModifyDBSubnetGroup",),
        "tag": ("rds:AddTagsToResource",),
        "untag": ("rds:RemoveTagsFromResource",),
    },
)
