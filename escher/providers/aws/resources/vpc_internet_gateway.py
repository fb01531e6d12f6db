"""Internet gateways. EC2 calls an attachment `available`; a gateway without one serves nobody."""

from escher.providers.declarations import Holds, ListCall, Relation, ResourceType, StateRule

TYPE = ResourceType(
    name="aws_vpc_internet_gateway",
    native_type="AWS::EC2::InternetGateway",
    kind="gateway",
    service="ec2",
    listing=ListCall(
        "DescribeInternetGateways", "InternetGateways[]", permission="ec2:DescribeInternetGateways", page_size=1_000
    ),
    identifier="InternetGatewayId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:internet-gateway/{identifier}",
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
    fields={
        "attached": Holds("Attachments[?State != 'detached']"),
        "vpc_id": "Attachments[0].VpcId",
        "owner_id": "OwnerId",
    },
    relations=(Relation("attached_to", "Attachments[?State != 'detached'].VpcId", "aws_vpc"),),
    acts={
        "delete": ("ec2:DeleteInternetGateway",),
        "attach": ("ec2:AttachInternetGateway",),
        "detach": ("ec2:DetachInternetGateway",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
    extras=("attached",),
)
