"""Elastic addresses."""

from escher.providers.declarations import Holds, ListCall, Relation, ResourceType, StateRule, Texts

TYPE = ResourceType(
    name="aws_vpc_eip",
    native_type="AWS::EC2::EIP",
    kind="ip_address",
    service="ec2",
    listing=ListCall("DescribeAddresses", "Addresses[]", permission="ec2:DescribeAddresses"),
    identifier="AllocationId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:elastic-ip/{identifier}",
    tags="Tags",
    # EC2 reports no state of an address, only its association.
    state=StateRule("AssociationId && 'associated'", {"associated": "in_use"}),
    fields={
        "public_ip": "PublicIp",
        "private_ip": "PrivateIpAddress",
        "attached": Holds("AssociationId || InstanceId || NetworkInterfaceId"),
        "association_id": "AssociationId",
        "attached_to": Texts("[InstanceId || NetworkInterfaceId][?@]"),
    },
    relations=(
        Relation("attached_to", "[InstanceId][?@]", "aws_ec2_instance"),
        Relation("attached_to", "[NetworkInterfaceId][?@]", "aws_ec2_network_interface"),
    ),
    acts={
        "release": ("ec2:ReleaseAddress",),
        "delete": ("ec2:ReleaseAddress",),
        "attach": ("ec2:AssociateAddress",),
        "detach": ("ec2:DisassociateAddress",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
    extras=("attached",),
)
