"""Buckets of Cloud Storage. `public`: the policy opens the bucket to everybody, and public access is not prevented."""

from escher.providers.declarations import Bool, DetailCall, Holds, Int, ListCall, Relation, ResourceType, Text, Time

TYPE = ResourceType(
    name="gcp_storage_bucket",
    kind="object_storage",
    service="storage",
    provider="gcp",
    reach="global",
    native_type="storage.googleapis.com/Bucket",
    listing=ListCall(
        "storage/v1/b",
        "items[]",
        permission="storage.buckets.list",
        parameters={"project": "{account_id}", "projection": "noAcl"},
        page_size=1000,
    ),
    identifier="name",
    resource_id="_name || join('', ['//storage.googleapis.com/', name])",
    home="_place",
    label="name",
    tags="labels",
    details=(
        DetailCall(
            "storage/v1/b/{bucket}/iam", {"bucket": "name"}, into="Iam", permission="storage.buckets.getIamPolicy"
        ),
    ),
    gone=("notFound",),
    fields={
        "storage_class": "storageClass",
        "location_type": "locationType",
        "public": Holds(
            "iamConfiguration.publicAccessPrevention != 'enforced' && Iam.bindings[?contains(members, 'allUsers') || contains(members, 'allAuthenticatedUsers')]",
            needs=("Iam",),
        ),
        "public_access_prevention": "iamConfiguration.publicAccessPrevention",
        "uniform_access": Bool("iamConfiguration.uniformBucketLevelAccess.enabled"),
        "versioned": Holds("versioning.enabled"),
        "lifecycle_rules": Int("length(lifecycle.rule || `[]`)"),
        "retention_s": Int("retentionPolicy.retentionPeriod"),
        "locked": Bool("retentionPolicy.isLocked"),
        "soft_delete_s": Int("softDeletePolicy.retentionDurationSeconds"),
        "requester_pays": Bool("billing.requesterPays"),
        "website": Holds("website"),
        "kms_key": Text("encryption.defaultKmsKeyName", last=True),
        "created_at": Time("timeCreated"),
        "last_modified": Time("updated"),
    },
    relations=(Relation("uses", "encryption.defaultKmsKeyName"),),
    acts={
        "update": ("storage.buckets.update",),
        "delete": ("storage.buckets.delete",),
        "tag": ("storage.buckets.update",),
        "untag": ("storage.buckets.update",),
        "encrypt": ("storage.buckets.update",),
        "block_public_access": ("storage.buckets.update",),
    },
    backups="versioning.enabled",
    extras=("locked",),
    timeout_s=60,
)
