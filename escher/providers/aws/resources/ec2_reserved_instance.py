"""Reserved instances: a price that was agreed on, also those that have ended."""

from escher.providers.declarations import Int, ListCall, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="aws_ec2_reserved_instance",
    native_type="AWS::EC2::ReservedInstances",
    kind="reservation",
    service="ec2",
    listing=ListCall("DescribeReservedInstances", "ReservedInstances[]", permission="ec2:DescribeReservedInstances"),
    identifier="ReservedInstancesId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:reserved-instances/{identifier}",
    zone="AvailabilityZone",
    tags="Tags",
    state=StateRule(
        "State",
        {
            "payment-pending": "pending",
            "active": "available",
            "payment-failed": "error",
            "retired": "deleted",
            "queued": "pending",
            "queued-deleted": "deleted",
        },
    ),
    fields={
        "instance_type": "InstanceType",
        "instance_count": Int("InstanceCount"),
        "platform": "ProductDescription",
        "offering_class": "OfferingClass",
        "offering_type": "OfferingType",
        "reservation_scope": "Scope",
        "tenancy": "InstanceTenancy",
        "duration_s": Int("Duration"),
        "created_at": Time("Start"),
        "expires_at": Time("End"),
    },
    acts={"update": ("ec2:ModifyReservedInstances",), "tag": ("ec2:CreateTags",), "untag": ("ec2:DeleteTags",)},
)
