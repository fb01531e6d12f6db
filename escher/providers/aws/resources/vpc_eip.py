"""Elastic addresses."""

from escher.providers.declarations import Holds, ListCall, ResourceType, StateRule, Texts

TYPE = ResourceType(
    name="aws_vpc_eip",
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
)
