"""Snapshots of database instances, those made by hand and by RDS itself."""

from escher.providers.declarations import Bool, Int, ListCall, Relation, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="aws_rds_db_snapshot",
    native_type="AWS::RDS::DBSnapshot",
    kind="snapshot",
    service="rds",
    listing=ListCall("DescribeDBSnapshots", "DBSnapshots[]", permission="rds:DescribeDBSnapshots", page_size=100),
    identifier="DBSnapshotIdentifier",
    resource_id="DBSnapshotArn",
    zone="AvailabilityZone",
    tags="TagList",
    state=StateRule(
        "Status",
        {
            "available": "available",
            "copying": "pending",
            "creating": "pending",
            "deleting": "deleting",
            "failed": "error",
            "modifying": "pending",
        },
    ),
    fields={
        "source_id": "DBInstanceIdentifier",
        "snapshot_type": "SnapshotType",
        "engine": "Engine",
        "engine_version": "EngineVersion",
        "size_gib": Int("AllocatedStorage"),
        "storage_type": "StorageType",
        "encrypted": Bool("Encrypted"),
        "kms_key": "KmsKeyId",
        "vpc_id": "VpcId",
        "created_at": Time("SnapshotCreateTime"),
    },
    relations=(
        Relation("copy_of", "DBInstanceIdentifier", "aws_rds_db_instance"),
        Relation("copy_of", "SourceDBSnapshotIdentifier"),
        Relation("uses", "KmsKeyId"),
    ),
    acts={
        "delete": ("rds:DeleteDBSnapshot",),
        "update": ("rds:ModifyDBSnapshot",),
        "restore": ("rds:RestoreDBInstanceFromDBSnapshot",),
        "tag": ("rds:AddTagsToResource",),
        "untag": ("rds:RemoveTagsFromResource",),
    },
    # RDS deletes its own with their instance; only those made by hand can be deleted.
    extras=("snapshot_type",),
)
