"""Placement groups."""

from escher.providers.declarations import Int, ListCall, ResourceType, StateRule

TYPE = ResourceType(
    name="aws_ec2_placement_group",
    native_type="AWS::EC2::PlacementGroup",
    kind="template",
    service="ec2",
    listing=ListCall("DescribePlacementGroups", "PlacementGroups[]", permission="ec2:DescribePlacementGroups"),
    identifier="GroupName",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:placement-group/{identifier}",
    tags="Tags",
    state=StateRule(
        "State", {"pending": "pending", "available": "available", "deleting": "deleting", "deleted": "deleted"}
    ),
    fields={
        "group_id": "GroupId",
        "strategy": "Strategy",
        "partitions": Int("PartitionCount"),
        "spread_level": "SpreadLevel",
    },
    acts={"delete": ("ec2:DeletePlacementGroup",), "tag": ("ec2:CreateTags",), "untag": ("ec2:DeleteTags",)},
)
