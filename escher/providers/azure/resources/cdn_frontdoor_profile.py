"""Profiles of Front Door and the older CDN."""

from escher.providers.azure.declaring import arm_type
from escher.providers.azure.states import provisioning
from escher.providers.declarations import Int

TYPE = arm_type(
    "azure_cdn_frontdoor_profile",
    "cdn",
    "Microsoft.Cdn/profiles",
    "2024-02-01",
    {
        "variant": "kind",
        "sku": "sku.name",
        "front_door_id": "properties.frontDoorId",
        "timeout_s": Int("properties.originResponseTimeoutSeconds"),
    },
    state=provisioning(
        "properties.provisioningState == 'Succeeded' && properties.resourceState",
        {"Active": "available", "Disabled": "stopped", "Migrated": "available", "CommittingMigration": "pending"},
    ),
)
