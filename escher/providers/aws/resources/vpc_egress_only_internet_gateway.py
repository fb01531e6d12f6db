"""Egress-only internet gateways: the way out of a VPC for IPv6, without a way in."""

from escher.providers.declarations import Holds, ListCall, Relation, ResourceType, StateRule

TYPE = ResourceType(
    name="aws_vpc_egress_only_internet_gateway",
    native_type="AWS::EC2::EgressOnlyInternetGateway",
    kind="gateway",
    service="ec2",
    listing=ListCall(
        "DescribeEgressOnlyInternetGateways",
        "EgressOnlyInternetGateways[]",
        permission="ec2:DescribeEgressOnlyInternetGateways",
        page_size=255,
    ),
    identifier="EgressOnlyInternetGatewayId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:egress-only-internet-gateway/{identifier}",
    tags="Tags",
    state=StateRule(
        "Attachments[0].State",
        {
            "available": "in_use",
            "attached": "in_use",
            "attaching": "pending",
            "detaching": "pending",
            "detached": "available",
        },
    ),
    fields={"attached": Holds("Attachments[?State != 'detached']"), "vpc_id": "Attachments[0].VpcId"},
    relations=(Relation("attached_to", "Attachments[?State != 'detached'].VpcId", "aws_vpc"),),
    acts={
        "delete": ("ec2:DeleteEgressOnlyInternetGateway",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
)
