"""Backups of DynamoDB tables, made by hand, by the system or by AWS Backup."""

from escher.providers.declarations import Int, ListCall, Relation, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="aws_dynamodb_backup",
    native_type="AWS::DynamoDB::Backup",
    kind="snapshot",
    service="dynamodb",
    listing=ListCall(
        "ListBackups",
        "BackupSummaries[]",
        permission="dynamodb:ListBackups",
        parameters={"BackupType": "ALL"},
        page_size=100,
    ),
    identifier="tail(BackupArn, '/')",
    resource_id="BackupArn",
    label="BackupName",
    state=StateRule("BackupStatus", {"CREATING": "pending", "AVAILABLE": "available", "DELETED": "deleted"}),
    fields={
        "table": "TableName",
        "snapshot_type": "BackupType",
        "size_bytes": Int("BackupSizeBytes"),
        "created_at": Time("BackupCreationDateTime"),
        "expires_at": Time("BackupExpiryDateTime"),
    },
    relations=(Relation("copy_of", "TableName", to="aws_dynamodb_table"),),
    acts={
        "delete": ("dynamodb:DeleteBackup",),
        "restore": ("dynamodb:RestoreTableFromBackup",),
    },
)
