"""Availability sets: machines that are not to fail together."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import Int, StateRule, Text

TYPE = arm_type(
    "azure_compute_availability_set",
    "scaling_group",
    "Microsoft.Compute/availabilitySets",
    "2024-07-01",
    {
        "instances": Int("length(properties.virtualMachines || `[]`)"),
        "fault_domains": Int("properties.platformFaultDomainCount"),
        "update_domains": Int("properties.platformUpdateDomainCount"),
        "sku": "sku.name",
        "placement_group": Text("properties.proximityPlacementGroup.id", last=True),
    },
    state=StateRule(),
)
