"""Firestore databases, also those in Datastore mode."""

from escher.providers.declarations import Holds, ListCall, Relation, ResourceType, Text, Time

TYPE = ResourceType(
    name="gcp_firestore_database",
    kind="nosql_table",
    service="firestore",
    provider="gcp",
    reach="global",
    native_type="firestore.googleapis.com/Database",
    listing=ListCall(
        "v1/projects/{account_id}/databases",
        "databases[]",
        permission="datastore.databases.list",
    ),
    identifier="_short",
    resource_id="_name || join('', ['//firestore.googleapis.com/', name])",
    home="_place",
    label="_short",
    tags="tags",
    fields={
        "engine": "type",
        "edition": "databaseEdition",
        "deletion_protection": Holds("deleteProtectionState == 'DELETE_PROTECTION_ENABLED'"),
        "point_in_time_recovery": Holds("pointInTimeRecoveryEnablement == 'POINT_IN_TIME_RECOVERY_ENABLED'"),
        "retention": "versionRetentionPeriod",
        "concurrency_mode": "concurrencyMode",
        "kms_key": Text("cmekConfig.kmsKeyName", last=True),
        "created_at": Time("createTime"),
        "last_modified": Time("updateTime"),
    },
    relations=(Relation("uses", "cmekConfig.kmsKeyName"),),
    acts={
        "update": ("datastore.databases.update",),
        "delete": ("datastore.databases.delete",),
    },
    backups="pointInTimeRecoveryEnablement == 'POINT_IN_TIME_RECOVERY_ENABLED'",
    extras=("deletion_protection",),
)
