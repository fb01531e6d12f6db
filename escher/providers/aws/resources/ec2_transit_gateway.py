"""Transit gateways, also those that other accounts share with this one (`owner_id` tells)."""

from escher.providers.declarations import Holds, Int, ListCall, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_ec2_transit_gateway",
    native_type="AWS::EC2::TransitGateway",
    kind="gateway",
    service="ec2",
    listing=ListCall(
        "DescribeTransitGateways", "TransitGateways[]", permission="ec2:DescribeTransitGateways", page_size=1_000
    ),
    identifier="TransitGatewayId",
    resource_id="TransitGatewayArn",
    tags="Tags",
    state=StateRule(
        "State",
        {
            "pending": "pending",
            "available": "available",
            "modifying": "pending",
            "deleting": "deleting",
            "deleted": "deleted",
        },
    ),
    fields={
        "description": "Description",
        "asn": Int("Options.AmazonSideAsn"),
        "cidrs": Texts("Options.TransitGatewayCidrBlocks"),
        "auto_accept": Holds("Options.AutoAcceptSharedAttachments == 'enable'"),
        "dns_support": Holds("Options.DnsSupport == 'enable'"),
        "owner_id": "OwnerId",
        "created_at": Time("CreationTime"),
    },
    acts={
        "delete": ("ec2:DeleteTransitGateway",),
        "update": ("ec2:ModifyTransitGateway",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
)
