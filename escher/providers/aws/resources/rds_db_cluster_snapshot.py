"""Snapshots of database clusters, those made by hand and by RDS itself."""

from escher.providers.declarations import Bool, Int, ListCall, Relation, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_rds_db_cluster_snapshot",
    native_type="AWS::RDS::DBClusterSnapshot",
    kind="snapshot",
    service="rds",
    listing=ListCall(
        "DescribeDBClusterSnapshots", "DBClusterSnapshots[]", permission="rds:DescribeDBClusterSnapshots", page_size=100
    ),
    identifier="DBClusterSnapshotIdentifier",
    resource_id="DBClusterSnapshotArn",
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
        "source_id": "DBClusterIdentifier",
        "snapshot_type": "SnapshotType",
        "engine": "Engine",
        "engine_version": "EngineVersion",
        "size_gib": Int("AllocatedStorage"),
        "storage_type": "StorageType",
        "encrypted": Bool("StorageEncrypted"),
        "kms_key": "KmsKeyId",
        "vpc_id": "VpcId",
        "zones": Texts("AvailabilityZones"),
        "created_at": Time("SnapshotCreateTime"),
    },
    relations=(
        Relation("copy_of", "DBClusterIdentifier", "aws_rds_db_cluster"),
        Relation("copy_of", "SourceDBClusterSnapshotArn"),
        Relation("uses", "KmsKeyId"),
    ),
    acts={
        "delete": ("rds:DeleteDBClusterSnapshot",),
        "update": ("rds:ModifyDBClusterSnapshotAttribute",),
        "restore": ("rds:RestoreDBClusterFromSnapshot",),
        "tag": ("rds:AddTagsToResource",),
        "untag": ("rds:RemoveTagsFromResource",),
    },
    extras=("snapshot_type",),
)
