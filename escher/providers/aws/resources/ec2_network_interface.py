"""Network interfaces, also those that services of AWS made for themselves (`requester_managed`)."""

from escher.providers.declarations import Bool, Holds, ListCall, Relation, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_ec2_network_interface",
    native_type="AWS::EC2::NetworkInterface",
    kind="network_interface",
    service="ec2",
    listing=ListCall(
        "DescribeNetworkInterfaces", "NetworkInterfaces[]", permission="ec2:DescribeNetworkInterfaces", page_size=1_000
    ),
    identifier="NetworkInterfaceId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:network-interface/{identifier}",
    zone="AvailabilityZone",
    tags="TagSet",
    state=StateRule(
        "Status",
        {
            "available": "available",
            "associated": "in_use",
            "attaching": "pending",
            "in-use": "in_use",
            "detaching": "pending",
        },
    ),
    fields={
        "description": "Description",
        "interface_type": "InterfaceType",
        "private_ip": "PrivateIpAddress",
        "public_ip": "Association.PublicIp",
        "public": Holds("Association.PublicIp"),
        "mac_address": "MacAddress",
        "vpc_id": "VpcId",
        "subnet_id": "SubnetId",
        "security_groups": Texts("Groups[].GroupId"),
        "attached": Holds("Attachment"),
        "attached_to": Texts("[Attachment.InstanceId][?@]"),
        "attached_at": Time("Attachment.AttachTime"),
        "requester_managed": Bool("RequesterManaged"),
    },
    relations=(
        Relation("attached_to", "Attachment.InstanceId", "aws_ec2_instance"),
        Relation("member_of", "SubnetId", "aws_vpc_subnet"),
        Relation("member_of", "VpcId", "aws_vpc"),
        Relation("uses", "Groups[].GroupId", "aws_vpc_security_group"),
        Relation("uses", "Association.AllocationId", "aws_vpc_eip"),
    ),
    acts={
        "delete": ("ec2:DeleteNetworkInterface",),
        "update": ("ec2:ModifyNetworkInterfaceAttribute",),
        "attach": ("ec2:AttachNetworkInterface",),
        "detach": ("ec2:DetachNetworkInterface",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
    extras=("attached", "requester_managed"),
)
