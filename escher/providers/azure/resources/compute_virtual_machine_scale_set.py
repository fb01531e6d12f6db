"""Virtual machine scale sets: how many machines of which size, and how they are kept up to date."""

from escher.providers.azure.declaring import IDENTITIES, arm_type
from escher.providers.declarations import Bool, Int, Relation, Texts, Time

_PROFILE = "properties.virtualMachineProfile"
_IP = f"{_PROFILE}.networkProfile.networkInterfaceConfigurations[].properties.ipConfigurations[].properties"

TYPE = arm_type(
    "azure_compute_virtual_machine_scale_set",
    "scaling_group",
    "Microsoft.Compute/virtualMachineScaleSets",
    "2024-07-01",
    {
        "instance_type": "sku.name",
        "desired_capacity": Int("sku.capacity"),
        "created_at": Time("properties.timeCreated"),
        "platform": f"{_PROFILE}.storageProfile.osDisk.osType",
        "orchestration": "properties.orchestrationMode",
        "upgrade_mode": "properties.upgradePolicy.mode",
        "lifecycle": f"{_PROFILE}.priority",
        "overprovisioned": Bool("properties.overprovision"),
        "zones": Texts("zones"),
        "subnets": Texts(f"{_IP}.subnet.id", last=True),
    },
    relations=(
        Relation("member_of", f"{_IP}.subnet.id"),
        Relation("member_of", f"{_IP}.loadBalancerBackendAddressPools[].id"),
        IDENTITIES,
    ),
    acts={
        "start": "start/action",
        "stop": "deallocate/action",
        "reboot": "restart/action",
        "scale": "write",
        "resize": "write",
    },
)
