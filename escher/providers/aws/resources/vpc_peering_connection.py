"""Peerings of VPCs, whichever side asked; ended ones are listed for some days more."""

from escher.providers.declarations import ListCall, Relation, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="aws_vpc_peering_connection",
    native_type="AWS::EC2::VPCPeeringConnection",
    kind="peering",
    service="ec2",
    listing=ListCall(
        "DescribeVpcPeeringConnections",
        "VpcPeeringConnections[]",
        permission="ec2:DescribeVpcPeeringConnections",
        page_size=1_000,
    ),
    identifier="VpcPeeringConnectionId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:vpc-peering-connection/{identifier}",
    tags="Tags",
    state=StateRule(
        "Status.Code",
        {
            "initiating-request": "pending",
            "pending-acceptance": "pending",
            "provisioning": "pending",
            "active": "available",
            "deleting": "deleting",
            "deleted": "deleted",
            "rejected": "deleted",
            "expired": "deleted",
            "failed": "error",
        },
    ),
    fields={
        "requester_vpc_id": "RequesterVpcInfo.VpcId",
        "requester_cidr": "RequesterVpcInfo.CidrBlock",
        "requester_account_id": "RequesterVpcInfo.OwnerId",
        "requester_region": "RequesterVpcInfo.Region",
        "accepter_vpc_id": "AccepterVpcInfo.VpcId",
        "accepter_cidr": "AccepterVpcInfo.CidrBlock",
        "accepter_account_id": "AccepterVpcInfo.OwnerId",
        "accepter_region": "AccepterVpcInfo.Region",
        "expires_at": Time("ExpirationTime"),
    },
    # A VPC of another account is not found under its short id here, and is then no tie to anything known.
    relations=(Relation("attached_to", "[RequesterVpcInfo.VpcId, AccepterVpcInfo.VpcId]", "aws_vpc"),),
    acts={
        "delete": ("ec2:DeleteVpcPeeringConnection",),
        "update": ("ec2:ModifyVpcPeeringConnectionOptions",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
)
