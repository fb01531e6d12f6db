"""VPC endpoints. EC2 writes their states with a small first letter, its model with a capital one: both are known."""

from escher.contract.vocabulary import State
from escher.providers.declarations import Bool, ListCall, Relation, ResourceType, StateRule, Texts, Time

_STATES: dict[str, State] = {
    "pendingAcceptance": "pending",
    "pending": "pending",
    "available": "available",
    "partial": "available",
    "deleting": "deleting",
    "deleted": "deleted",
    "rejected": "error",
    "failed": "error",
    "expired": "error",
}
_CAPITAL: dict[str, State] = {native[0].upper() + native[1:]: state for native, state in _STATES.items()}

TYPE = ResourceType(
    name="aws_vpc_endpoint",
    native_type="AWS::EC2::VPCEndpoint",
    kind="endpoint",
    service="ec2",
    listing=ListCall("DescribeVpcEndpoints", "VpcEndpoints[]", permission="ec2:DescribeVpcEndpoints", page_size=1_000),
    identifier="VpcEndpointId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:vpc-endpoint/{identifier}",
    tags="Tags",
    state=StateRule("State", _STATES | _CAPITAL),
    fields={
        "endpoint_type": "VpcEndpointType",
        "service_name": "ServiceName",
        "vpc_id": "VpcId",
        "subnets": Texts("SubnetIds"),
        "security_groups": Texts("Groups[].GroupId"),
        "private_dns_enabled": Bool("PrivateDnsEnabled"),
        "requester_managed": Bool("RequesterManaged"),
        "endpoint": "DnsEntries[0].DnsName",
        "created_at": Time("CreationTimestamp"),
    },
    relations=(
        Relation("member_of", "VpcId", "aws_vpc"),
        Relation("member_of", "SubnetIds", "aws_vpc_subnet"),
        Relation("attached_to", "RouteTableIds", "aws_vpc_route_table"),
        Relation("uses", "Groups[].GroupId", "aws_vpc_security_group"),
        Relation("uses", "NetworkInterfaceIds", "aws_ec2_network_interface"),
    ),
    acts={
        "delete": ("ec2:DeleteVpcEndpoints",),
        "update": ("ec2:ModifyVpcEndpoint",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
)
