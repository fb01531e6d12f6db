"""Snapshots of managed disks."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import Bool, Holds, Int, Relation, Time

TYPE = arm_type(
    "azure_compute_snapshot",
    "snapshot",
    "Microsoft.Compute/snapshots",
    "2024-03-02",
    {
        "size_gib": Int("properties.diskSizeGB"),
        "created_at": Time("properties.timeCreated"),
        "source_id": "properties.creationData.sourceResourceId",
        "incremental": Bool("properties.incremental"),
        "volume_type": "sku.name",
        "platform": "properties.osType",
        "encrypted": Holds("properties.encryption.type"),
        "encryption": "properties.encryption.type",
        "network_access": "properties.networkAccessPolicy",
    },
    relations=(Relation("copy_of", "properties.creationData.sourceResourceId"),),
    acts={"restore": "Microsoft.Compute/disks/write"},
)
