"""Vaults of AWS Backup."""

from escher.providers.declarations import (
    Bool,
    DetailCall,
    Holds,
    Int,
    ListCall,
    Relation,
    ResourceType,
    StateRule,
    Time,
)

TYPE = ResourceType(
    name="aws_backup_vault",
    native_type="AWS::Backup::BackupVault",
    kind="backup_vault",
    service="backup",
    listing=ListCall("ListBackupVaults", "BackupVaultList[]", permission="backup:ListBackupVaults", page_size=1_000),
    identifier="BackupVaultName",
    resource_id="BackupVaultArn",
    tags="Tags",
    state=StateRule("VaultState", {"CREATING": "pending", "AVAILABLE": "available", "FAILED": "error"}),
    details=(
        DetailCall(
            "ListTags",
            {"ResourceArn": "BackupVaultArn"},
            into="Tags",
            result="Tags",
            parameters={"MaxResults": 1_000},
            permission="backup:ListTags",
        ),
    ),
    gone=("ResourceNotFoundException",),
    fields={
        "vault_type": "VaultType",
        "recovery_points": Int("NumberOfRecoveryPoints"),
        "encrypted": Holds("EncryptionKeyArn"),
        "kms_key": "EncryptionKeyArn",
        "locked": Bool("Locked"),
        "min_retention_days": Int("MinRetentionDays"),
        "max_retention_days": Int("MaxRetentionDays"),
        "created_at": Time("CreationDate"),
    },
    relations=(Relation("uses", "EncryptionKeyArn"),),
    acts={
        "delete": ("backup:DeleteBackupVault",),
        "update": ("backup:PutBackupVaultLockConfiguration",),
        "tag": ("backup:TagResource",),
        "untag": ("backup:UntagResource",),
    },
    extras=("locked",),
)
