"""Keys of Cloud KMS."""

from escher.providers.declarations import Holds, ListCall, Relation, ResourceType, StateRule, Text, Time

TYPE = ResourceType(
    name="gcp_kms_key",
    kind="key",
    service="cloudkms",
    provider="gcp",
    reach="global",
    native_type="cloudkms.googleapis.com/CryptoKey",
    listing=ListCall(
        "v1/{gcp_kms_key_ring}/cryptoKeys",
        "cryptoKeys[]",
        permission="cloudkms.cryptoKeys.list",
        page_size=1000,
    ),
    # Each key ring may have one of this name; gcloud takes the relative name as it is.
    identifier="_path",
    resource_id="_name || join('', ['//cloudkms.googleapis.com/', name])",
    home="_place",
    label="_short",
    tags="labels",
    state=StateRule(
        "primary.state",
        {
            "ENABLED": "available",
            "DISABLED": "stopped",
            "DESTROYED": "deleted",
            "DESTROY_SCHEDULED": "deleting",
            "PENDING_GENERATION": "pending",
            "PENDING_IMPORT": "pending",
            "IMPORT_FAILED": "error",
            "GENERATION_FAILED": "error",
            "PENDING_EXTERNAL_DESTRUCTION": "deleting",
            "EXTERNAL_DESTRUCTION_FAILED": "error",
        },
    ),
    fields={
        "key_usage": "purpose",
        "key_type": "versionTemplate.algorithm",
        "protection": "versionTemplate.protectionLevel",
        "rotation": Holds("rotationPeriod"),
        "rotates_at": Time("nextRotationTime"),
        "destroyed_after": "destroyScheduledDuration",
        "key_ring": Text("_parent", last=True),
        "created_at": Time("createTime"),
    },
    relations=(Relation("member_of", "_parent"),),
    acts={
        "update": ("cloudkms.cryptoKeys.update",),
        "tag": ("cloudkms.cryptoKeys.update",),
        "untag": ("cloudkms.cryptoKeys.update",),
        "rotate": ("cloudkms.cryptoKeyVersions.create", "cloudkms.cryptoKeys.update"),
        "disable": ("cloudkms.cryptoKeyVersions.update",),
        "enable": ("cloudkms.cryptoKeyVersions.update",),
        "delete": ("cloudkms.cryptoKeyVersions.destroy",),
    },
)
