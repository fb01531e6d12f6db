"""Images of the project's own."""

from escher.providers.declarations import Int, ListCall, Relation, ResourceType, StateRule, Text, Texts, Time

TYPE = ResourceType(
    name="gcp_compute_image",
    kind="image",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/Image",
    listing=ListCall(
        "compute/v1/projects/{account_id}/global/images",
        "items[]",
        permission="compute.images.list",
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    tags="labels",
    state=StateRule("status", {"PENDING": "pending", "READY": "available", "DELETING": "deleting", "FAILED": "error"}),
    fields={
        "size_gib": Int("diskSizeGb"),
        "size_bytes": Int("archiveSizeBytes"),
        "family": "family",
        "created_at": Time("creationTimestamp"),
        "source_id": Text("sourceDisk || sourceImage || sourceSnapshot", last=True),
        "deprecation": "deprecated.state",
        "architecture": "architecture",
        "locations": Texts("storageLocations"),
        "kms_key": Text("imageEncryptionKey.kmsKeyName", last=True),
        "description": "description",
    },
    relations=(Relation("copy_of", "sourceDisk || sourceImage || sourceSnapshot"),),
    acts={
        "delete": ("compute.images.delete",),
        "update": ("compute.images.update",),
        "tag": ("compute.images.setLabels",),
        "untag": ("compute.images.setLabels",),
    },
)
