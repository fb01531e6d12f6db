"""VPCs' attachments to transit gateways."""

from escher.providers.declarations import ListCall, Relation, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_ec2_transit_gateway_vpc_attachment",
    native_type="AWS::EC2::TransitGatewayVpcAttachment",
    kind="peering",
    service="ec2",
    listing=ListCall(
        "DescribeTransitGatewayVpcAttachments",
        "TransitGatewayVpcAttachments[]",
        permission="ec2:DescribeTransitGatewayVpcAttachments",
        page_size=1_000,
    ),
    identifier="TransitGatewayAttachmentId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:transit-gateway-attachment/{identifier}",
    tags="Tags",
    state=StateRule(
        "State",
        {
            "initiating": "pending",
            "initiatingRequest": "pending",
            "pendingAcceptance": "pending",
            "rollingBack": "pending",
            "pending": "pending",
            "available": "available",
            "modifying": "pending",
            "deleting": "deleting",
            "deleted": "deleted",
            "rejecting": "deleting",
            "rejected": "deleted",
            "failing": "error",
            "failed": "error",
        },
    ),
    fields={
        "transit_gateway_id": "TransitGatewayId",
        "vpc_id": "VpcId",
        "subnets": Texts("SubnetIds"),
        "owner_id": "VpcOwnerId",
        "created_at": Time("CreationTime"),
    },
    relations=(
        Relation("attached_to", "TransitGatewayId", "aws_ec2_transit_gateway"),
        Relation("attached_to", "VpcId", "aws_vpc"),
        Relation("member_of", "SubnetIds", "aws_vpc_subnet"),
    ),
    acts={
        "delete": ("ec2:DeleteTransitGatewayVpcAttachment",),
        "update": ("ec2:ModifyTransitGatewayVpcAttachment",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
)
