"""NAT gateways. A deleted one is listed for about an hour more."""

from escher.providers.declarations import ListCall, Relation, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="aws_vpc_nat_gateway",
    native_type="AWS::EC2::NatGateway",
    kind="gateway",
    service="ec2",
    listing=ListCall("DescribeNatGateways", "NatGateways[]", permission="ec2:DescribeNatGateways", page_size=1_000),
    identifier="NatGatewayId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:natgateway/{identifier}",
    zone="NatGatewayAddresses[0].AvailabilityZone",
    tags="Tags",
    state=StateRule(
        "State",
        {
            "pending": "pending",
            "failed": "error",
            "available": "available",
            "deleting": "deleting",
            "deleted": "deleted",
        },
    ),
    fields={
        "vpc_id": "VpcId",
        "subnet_id": "SubnetId",
        "connectivity": "ConnectivityType",
        "public_ip": "NatGatewayAddresses[0].PublicIp",
        "private_ip": "NatGatewayAddresses[0].PrivateIp",
        "created_at": Time("CreateTime"),
        "failure": "FailureCode",
    },
    relations=(
        Relation("member_of", "SubnetId", "aws_vpc_subnet"),
        Relation("member_of", "VpcId", "aws_vpc"),
        Relation("uses", "NatGatewayAddresses[].AllocationId", "aws_vpc_eip"),
        Relation("uses", "NatGatewayAddresses[].NetworkInterfaceId", "aws_ec2_network_interface"),
    ),
    acts={"delete": ("ec2:DeleteNatGateway",), "tag": ("ec2:CreateTags",), "untag": ("ec2:DeleteTags",)},
)
