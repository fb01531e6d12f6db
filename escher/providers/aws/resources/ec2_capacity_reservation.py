"""Capacity reservations: what is paid for whether it is used or not."""

from escher.providers.declarations import Bool, Int, ListCall, Relation, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="aws_ec2_capacity_reservation",
    native_type="AWS::EC2::CapacityReservation",
    kind="reservation",
    service="ec2",
    listing=ListCall(
        "DescribeCapacityReservations",
        "CapacityReservations[]",
        permission="ec2:DescribeCapacityReservations",
        page_size=1_000,
    ),
    identifier="CapacityReservationId",
    resource_id="CapacityReservationArn",
    zone="AvailabilityZone",
    tags="Tags",
    state=StateRule(
        "State",
        {
            "active": "available",
            "expired": "deleted",
            "cancelled": "deleted",
            "pending": "pending",
            "failed": "error",
            "scheduled": "pending",
            "payment-pending": "pending",
            "payment-failed": "error",
            "assessing": "pending",
            "delayed": "pending",
            "unsupported": "error",
            "cancelling": "deleting",
            "unavailable": "error",
        },
    ),
    fields={
        "instance_type": "InstanceType",
        "platform": "InstancePlatform",
        "tenancy": "Tenancy",
        "instance_count": Int("TotalInstanceCount"),
        "available_instances": Int("AvailableInstanceCount"),
        "ebs_optimized": Bool("EbsOptimized"),
        "matching": "InstanceMatchCriteria",
        "reservation_type": "ReservationType",
        "owner_id": "OwnerId",
        "created_at": Time("CreateDate"),
        "expires_at": Time("EndDate"),
    },
    relations=(Relation("member_of", "PlacementGroupArn", "aws_ec2_placement_group"),),
    acts={
        "delete": ("ec2:CancelCapacityReservation",),
        "update": ("ec2:ModifyCapacityReservation",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
)
