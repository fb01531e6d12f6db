"""Virtual machines. The power state is in the graph; a list of the Resource Manager lacks it, and it is asked for then.

`stopped` machines that are not deallocated still cost; `native_state` tells. User data is in neither answer.
"""

from escher.providers.azure.declaring import IDENTITIES, arm_type, detail
from escher.providers.azure.states import provisioning
from escher.providers.declarations import Bool, Relation, Text, Texts, Time

_VERSION = "2024-07-01"
_KNOWN = "properties.extended.instanceView.powerState.code"
_ASKED = "InstanceView.statuses[?starts_with(code, 'PowerState/')].code | [0]"
_IMAGE = "properties.storageProfile.imageReference"

TYPE = arm_type(
    "azure_compute_virtual_machine",
    "compute_instance",
    "Microsoft.Compute/virtualMachines",
    _VERSION,
    {
        "instance_type": "properties.hardwareProfile.vmSize",
        "created_at": Time("properties.timeCreated"),
        "platform": "properties.storageProfile.osDisk.osType",
        "image": f"{_IMAGE}.publisher && join(':', [{_IMAGE}.publisher, {_IMAGE}.offer || '', {_IMAGE}.sku || ''])",
        "image_id": f"{_IMAGE}.id",
        "volumes": Texts("[properties.storageProfile.osDisk.name, properties.storageProfile.dataDisks[].name][]"),
        "network_interfaces": Texts("properties.networkProfile.networkInterfaces[].id", last=True),
        "availability_set": Text("properties.availabilitySet.id", last=True),
        "lifecycle": "properties.priority",
        "license_type": "properties.licenseType",
        "encrypted_at_host": Bool("properties.securityProfile.encryptionAtHost"),
        "security_type": "properties.securityProfile.securityType",
    },
    zone="zones[0]",
    details=(
        detail(
            "instanceView",
            "Microsoft.Compute/virtualMachines/instanceView/read",
            _VERSION,
            "InstanceView",
            when=f"!({_KNOWN})",
        ),
    ),
    state=provisioning(
        f"(properties.provisioningState == 'Deleting' && 'Deleting') || {_KNOWN} || ({_ASKED})",
        {
            "PowerState/starting": "pending",
            "PowerState/running": "running",
            "PowerState/stopping": "pending",
            "PowerState/stopped": "stopped",
            "PowerState/deallocating": "pending",
            "PowerState/deallocated": "stopped",
            "PowerState/unknown": "unknown",
            # Provisioned, but nobody said whether it runs.
            "Succeeded": "unknown",
        },
    ),
    relations=(
        Relation("uses", "properties.networkProfile.networkInterfaces[].id"),
        Relation(
            "uses",
            "[properties.storageProfile.osDisk.managedDisk.id, properties.storageProfile.dataDisks[].managedDisk.id][]",
        ),
        Relation("uses", f"{_IMAGE}.id"),
        Relation("member_of", "[properties.availabilitySet.id, properties.virtualMachineScaleSet.id]"),
        IDENTITIES,
    ),
    acts={
        "start": "start/action",
        "stop": "deallocate/action",
        "reboot": "restart/action",
        "resize": "write",
        "attach": "write",
        "detach": "write",
        "snapshot": "Microsoft.Compute/snapshots/write",
    },
    extras=("lifecycle",),
)
