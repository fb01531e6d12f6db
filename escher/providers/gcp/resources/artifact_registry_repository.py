"""Repositories of Artifact Registry."""

from escher.providers.declarations import Holds, Int, ListCall, Relation, ResourceType, Text, Time

TYPE = ResourceType(
    name="gcp_artifact_registry_repository",
    kind="container_registry",
    service="artifactregistry",
    provider="gcp",
    reach="global",
    native_type="artifactregistry.googleapis.com/Repository",
    listing=ListCall(
        "v1/projects/{account_id}/locations/{location}/repositories",
        "repositories[]",
        permission="artifactregistry.repositories.list",
        page_size=500,
    ),
    identifier="_short",
    resource_id="_name || join('', ['//artifactregistry.googleapis.com/', name])",
    home="_place",
    label="_short",
    tags="labels",
    fields={
        "format": "format",
        "mode": "mode",
        "size_bytes": Int("sizeBytes", volatile=True),
        "immutable": Holds("dockerConfig.immutableTags"),
        "cleanup_rules": Int("length(keys(cleanupPolicies || `{}`))"),
        "scanning": "vulnerabilityScanningConfig.enablementState",
        "kms_key": Text("kmsKeyName", last=True),
        "created_at": Time("createTime"),
        "last_modified": Time("updateTime"),
        "description": "description",
    },
    relations=(Relation("uses", "kmsKeyName"),),
    acts={
        "update": ("artifactregistry.repositories.update",),
        "delete": ("artifactregistry.repositories.delete",),
        "tag": ("artifactregistry.repositories.update",),
        "untag": ("artifactregistry.repositories.update",),
    },
)
