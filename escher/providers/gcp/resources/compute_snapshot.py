"""Snapshots of disks."""

from escher.providers.declarations import Bool, Int, ListCall, Relation, ResourceType, StateRule, Text, Texts, Time

TYPE = ResourceType(
    name="gcp_compute_snapshot",
    kind="snapshot",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/Snapshot",
    listing=ListCall(
        "compute/v1/projects/{account_id}/global/snapshots",
        "items[]",
        permission="compute.snapshots.list",
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    tags="labels",
    state=StateRule(
        "status",
        {
            "CREATING": "pending",
            "UPLOADING": "pending",
            "READY": "available",
            "DELETING": "deleting",
            "FAILED": "error",
        },
    ),
    fields={
        "size_gib": Int("diskSizeGb"),
        "size_bytes": Int("storageBytes"),
        "volume_id": Text("sourceDisk", last=True),
        "created_at": Time("creationTimestamp"),
        "snapshot_type": "snapshotType",
        "automatic": Bool("autoCreated"),
        "kms_key": Text("snapshotEncryptionKey.kmsKeyName", last=True),
        "locations": Texts("storageLocations"),
        "description": "description",
    },
    relations=(
        Relation("copy_of", "sourceDisk"),
        Relation("uses", "snapshotEncryptionKey.kmsKeyName"),
    ),
    acts={
        "delete": ("compute.snapshots.delete",),
        "tag": ("compute.snapshots.setLabels",),
        "untag": ("compute.snapshots.setLabels",),
        "restore": ("compute.snapshots.useReadOnly", "compute.disks.create"),
    },
)
