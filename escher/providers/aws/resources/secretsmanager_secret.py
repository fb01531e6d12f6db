"""Secrets of Secrets Manager: what they are called and how they are kept. Their values are never asked for."""

from escher.providers.declarations import Bool, ListCall, Relation, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="aws_secretsmanager_secret",
    native_type="AWS::SecretsManager::Secret",
    kind="secret_store",
    service="secretsmanager",
    listing=ListCall(
        "ListSecrets",
        "SecretList[]",
        permission="secretsmanager:ListSecrets",
        parameters={"IncludePlannedDeletion": True},
        page_size=100,
    ),
    # The ARN ends with the name and six characters, which tell a secret from an earlier one of that name.
    identifier="tail(ARN, ':secret:')",
    resource_id="ARN",
    label="Name",
    tags="Tags",
    state=StateRule("DeletedDate && 'scheduled for deletion'", {"scheduled for deletion": "deleting"}),
    fields={
        "description": "Description",
        "kms_key": "KmsKeyId",
        "rotation": Bool("RotationEnabled"),
        "rotated_at": Time("LastRotatedDate"),
        "rotates_at": Time("NextRotationDate"),
        "last_modified": Time("LastChangedDate"),
        "last_used_at": Time("LastAccessedDate", volatile=True),
        "deleted_at": Time("DeletedDate"),
        "created_at": Time("CreatedDate"),
        "owning_service": "OwningService",
    },
    relations=(
        Relation("uses", "[KmsKeyId][?@ && starts_with(@, 'arn:')]"),
        Relation("uses", "RotationLambdaARN"),
    ),
    acts={
        "delete": ("secretsmanager:DeleteSecret",),
        "restore": ("secretsmanager:RestoreSecret",),
        "rotate": ("secretsmanager:RotateSecret",),
        "update": ("secretsmanager:UpdateSecret",),
        "tag": ("secretsmanager:TagResource",),
        "untag": ("secretsmanager:UntagResource",),
    },
)
