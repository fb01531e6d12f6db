"""EBS snapshots that the account owns; the public ones of others are left out."""

from escher.providers.declarations import Bool, Int, ListCall, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="aws_ebs_snapshot",
    kind="snapshot",
    service="ec2",
    listing=ListCall(
        "DescribeSnapshots",
        "Snapshots[]",
        permission="ec2:DescribeSnapshots",
        parameters={"OwnerIds": ["self"]},
        page_size=1_000,
    ),
    identifier="SnapshotId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:snapshot/{identifier}",
    tags="Tags",
    state=StateRule(
        "State",
        {
            "pending": "pending",
            "completed": "available",
            "error": "error",
            "recoverable": "deleted",
            "recovering": "pending",
        },
    ),
    fields={
        "size_gib": Int("VolumeSize"),
        "encrypted": Bool("Encrypted"),
        "volume_id": "VolumeId",
        "created_at": Time("StartTime"),
        "description": "Description",
        "storage_tier": "StorageTier",
    },
)
