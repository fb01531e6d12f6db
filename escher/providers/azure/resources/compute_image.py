"""Images that were made of machines or disks."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import Bool, Int, Relation

TYPE = arm_type(
    "azure_compute_image",
    "image",
    "Microsoft.Compute/images",
    "2024-07-01",
    {
        "platform": "properties.storageProfile.osDisk.osType",
        "generation": "properties.hyperVGeneration",
        "size_gib": Int("properties.storageProfile.osDisk.diskSizeGB"),
        "source_id": "properties.sourceVirtualMachine.id || properties.storageProfile.osDisk.managedDisk.id",
        "multi_az": Bool("properties.storageProfile.zoneResilient"),
        "volume_type": "properties.storageProfile.osDisk.storageAccountType",
    },
    relations=(
        Relation("copy_of", "properties.sourceVirtualMachine.id || properties.storageProfile.osDisk.managedDisk.id"),
    ),
)
