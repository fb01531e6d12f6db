"""EBS snapshots that the account owns; the public ones of others are left out."""

from escher.providers.declarations import Bool, Int, ListCall, Relation, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="aws_ebs_snapshot",
    native_type="AWS::EC2::Snapshot",
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
        "kms_key": "KmsKeyId",
        "storage_tier": "StorageTier",
    },
    relations=(
        # A copied snapshot names a volume that does not exist.
        Relation("copy_of", "[VolumeId][?@ != 'vol-ffffffff']", "aws_ebs_volume"),
        Relation("uses", "KmsKeyId"),
    ),
    acts={
        "delete": ("ec2:DeleteSnapshot",),
        "update": ("ec2:ModifySnapshotAttribute",),
        "restore": ("ec2:CreateVolume",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
)
