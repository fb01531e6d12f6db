"""Recovery Services vaults, which hold backups."""

from escher.providers.azure.declaring import PUBLIC, arm_type
from escher.providers.declarations import Holds

_SAFETY = "properties.securitySettings"

TYPE = arm_type(
    "azure_recovery_services_vault",
    "backup_vault",
    "Microsoft.RecoveryServices/vaults",
    "2024-04-01",
    {
        "sku": "sku.name",
        "public": PUBLIC,
        "backup_redundancy": "properties.redundancySettings.standardTierStorageRedundancy",
        "cross_region_restore": "properties.redundancySettings.crossRegionRestore",
        "immutability": f"{_SAFETY}.immutabilitySettings.state",
        "immutable": Holds(
            f"{_SAFETY}.immutabilitySettings.state && {_SAFETY}.immutabilitySettings.state != 'Disabled'"
        ),
        "private_endpoints": Holds("properties.privateEndpointConnections"),
    },
    extras=("immutable",),
)
