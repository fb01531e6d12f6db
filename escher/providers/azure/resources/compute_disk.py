"""Managed disks. A disk that nothing is attached to costs as much as one in use."""

from escher.providers.azure.declaring import arm_type
from escher.providers.azure.states import provisioning
from escher.providers.declarations import Bool, Holds, Int, Relation, Texts, Time

TYPE = arm_type(
    "azure_compute_disk",
    "disk",
    "Microsoft.Compute/disks",
    "2024-03-02",
    {
        "size_gib": Int("properties.diskSizeGB"),
        "volume_type": "sku.name",
        "tier": "properties.tier",
        "iops": Int("properties.diskIOPSReadWrite"),
        "throughput_mibps": Int("properties.diskMBpsReadWrite"),
        "platform": "properties.osType",
        "attached": Holds("managedBy || managedByExtended"),
        "attached_to": Texts("[managedBy, managedByExtended][]", last=True),
        "created_at": Time("properties.timeCreated"),
        "encrypted": Holds("properties.encryption.type"),
        "encryption": "properties.encryption.type",
        "source_id": "properties.creationData.sourceResourceId",
        "multi_attach": Bool("properties.maxShares > `1`"),
        "network_access": "properties.networkAccessPolicy",
    },
    zone="zones[0]",
    state=provisioning(
        "properties.diskState",
        {
            "Unattached": "available",
            "Attached": "in_use",
            "Reserved": "in_use",
            "Frozen": "in_use",
            "ActiveSAS": "in_use",
            "ActiveSASFrozen": "in_use",
            "ReadyToUpload": "pending",
            "ActiveUpload": "pending",
        },
    ),
    relations=(
        Relation("attached_to", "[managedBy, managedByExtended][]"),
        Relation("copy_of", "properties.creationData.sourceResourceId"),
        Relation("uses", "properties.encryption.diskEncryptionSetId"),
    ),
    acts={
        "resize": "write",
        "snapshot": "Microsoft.Compute/snapshots/write",
        "attach": "Microsoft.Compute/virtualMachines/write",
        "detach": "Microsoft.Compute/virtualMachines/write",
        "encrypt": "write",
    },
)
