"""Secrets of Secret Manager: that they are there, never what they hold."""

from escher.providers.declarations import Holds, ListCall, Relation, ResourceType, Text, Texts, Time

TYPE = ResourceType(
    name="gcp_secret_manager_secret",
    kind="secret_store",
    service="secretmanager",
    provider="gcp",
    reach="global",
    native_type="secretmanager.googleapis.com/Secret",
    listing=ListCall(
        "v1/projects/{account_id}/secrets",
        "secrets[]",
        permission="secretmanager.secrets.list",
        page_size=1000,
    ),
    identifier="_short",
    resource_id="_name || join('', ['//secretmanager.googleapis.com/projects/', _number, '/secrets/', _short])",
    home="_place",
    label="_short",
    tags="labels",
    fields={
        "replication": "replication.automatic && 'automatic' || replication.userManaged && 'user-managed' || null",
        "locations": Texts("replication.userManaged.replicas[].location"),
        "kms_key": Text(
            "replication.automatic.customerManagedEncryption.kmsKeyName || customerManagedEncryption.kmsKeyName"
            " || replication.userManaged.replicas[0].customerManagedEncryption.kmsKeyName",
            last=True,
        ),
        "rotates_at": Time("rotation.nextRotationTime"),
        "rotation": Holds("rotation"),
        "expires_at": Time("expireTime"),
        "topics": Texts("topics[].name", last=True),
        "created_at": Time("createTime"),
    },
    relations=(Relation("routes_to", "topics[].join('', ['//pubsub.googleapis.com/', name])"),),
    acts={
        "update": ("secretmanager.secrets.update",),
        "delete": ("secretmanager.secrets.delete",),
        "tag": ("secretmanager.secrets.update",),
        "untag": ("secretmanager.secrets.update",),
        "rotate": ("secretmanager.versions.add",),
    },
)
