"""Virtual private gateways: the AWS side of VPN connections to a VPC."""

from escher.providers.declarations import Holds, Int, ListCall, Relation, ResourceType, StateRule

_ATTACHED = "VpcAttachments[?State != 'detached']"

TYPE = ResourceType(
    name="aws_vpc_vpn_gateway",
    native_type="AWS::EC2::VPNGateway",
    kind="gateway",
    service="ec2",
    listing=ListCall("DescribeVpnGateways", "VpnGateways[]", permission="ec2:DescribeVpnGateways"),
    identifier="VpnGatewayId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:vpn-gateway/{identifier}",
    zone="AvailabilityZone",
    tags="Tags",
    state=StateRule(
        "State", {"pending": "pending", "available": "available", "deleting": "deleting", "deleted": "deleted"}
    ),
    fields={
        "asn": Int("AmazonSideAsn"),
        "attached": Holds(_ATTACHED),
        "vpc_id": f"{_ATTACHED} | [0].VpcId",
        "gateway_type": "Type",
    },
    relations=(Relation("attached_to", f"{_ATTACHED}.VpcId", "aws_vpc"),),
    acts={
        "delete": ("ec2:DeleteVpnGateway",),
        "attach": ("ec2:AttachVpnGateway",),
        "detach": ("ec2:DetachVpnGateway",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
    extras=("attached",),
)
