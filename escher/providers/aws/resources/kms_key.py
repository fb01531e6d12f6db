"""KMS keys that the account manages itself; AWS's own ones are listed with them and left out once they are described."""

from escher.providers.declarations import Bool, DetailCall, ListCall, Relation, ResourceType, StateRule, Texts, Time

_KEY = {"KeyId": "KeyId"}
# Of a key that is not the account's own nothing more is asked.
_OWN = {"KeyId": "Key.KeyManager == 'CUSTOMER' && KeyId || `null`"}

TYPE = ResourceType(
    name="aws_kms_key",
    native_type="AWS::KMS::Key",
    kind="key",
    service="kms",
    listing=ListCall("ListKeys", "Keys[]", permission="kms:ListKeys", page_size=1_000),
    only="!Key || Key.KeyManager == 'CUSTOMER'",
    identifier="KeyId",
    resource_id="KeyArn",
    label="Aliases[0].AliasName",
    tags="Tags[].{Key: TagKey, Value: TagValue}",
    state=StateRule(
        "Key.KeyState",
        {
            "Creating": "pending",
            "Enabled": "available",
            "Disabled": "stopped",
            "PendingDeletion": "deleting",
            "PendingReplicaDeletion": "deleting",
            "PendingImport": "pending",
            "Updating": "available",
            "Unavailable": "error",
        },
        missing="unknown",
    ),
    details=(
        DetailCall("DescribeKey", _KEY, into="Key", result="KeyMetadata", permission="kms:DescribeKey"),
        DetailCall("ListAliases", _OWN, into="Aliases", result="Aliases", permission="kms:ListAliases"),
        DetailCall("ListResourceTags", _OWN, into="Tags", result="Tags", permission="kms:ListResourceTags"),
        DetailCall(
            "GetKeyRotationStatus",
            {
                "KeyId": "Key.KeyManager == 'CUSTOMER' && Key.KeySpec == 'SYMMETRIC_DEFAULT'"
                " && Key.Origin == 'AWS_KMS' && KeyId || `null`"
            },
            into="Rotation",
            permission="kms:GetKeyRotationStatus",
            absent=("KMSInvalidStateException", "UnsupportedOperationException"),
        ),
    ),
    gone=("NotFoundException",),
    fields={
        "aliases": Texts("Aliases[].AliasName"),
        "description": "Key.Description",
        "enabled": Bool("Key.Enabled"),
        "key_usage": "Key.KeyUsage",
        "key_type": "Key.KeySpec",
        "key_origin": "Key.Origin",
        "multi_region": Bool("Key.MultiRegion"),
        "rotation": Bool("Rotation.KeyRotationEnabled"),
        "created_at": Time("Key.CreationDate"),
        "deleted_at": Time("Key.DeletionDate"),
    },
    relations=(Relation("copy_of", "[Key.MultiRegionConfiguration][?MultiRegionKeyType == 'REPLICA'].PrimaryKey.Arn"),),
    acts={
        "delete": ("kms:ScheduleKeyDeletion",),
        "restore": ("kms:CancelKeyDeletion",),
        "enable": ("kms:EnableKey",),
        "disable": ("kms:DisableKey",),
        "rotate": ("kms:EnableKeyRotation",),
        "update": ("kms:UpdateKeyDescription",),
        "tag": ("kms:TagResource",),
        "untag": ("kms:UntagResource",),
    },
)
