"""Key vaults. What they hold is never read."""

from escher.providers.azure.declaring import PUBLIC, UNIQUE, arm_type
from escher.providers.declarations import Bool, Holds, Int

TYPE = arm_type(
    "azure_key_vault",
    "secret_store",
    "Microsoft.KeyVault/vaults",
    "2023-07-01",
    {
        "sku": "properties.sku.name",
        "endpoint": "properties.vaultUri",
        "soft_delete": Bool("properties.enableSoftDelete"),
        "retention_days": Int("properties.softDeleteRetentionInDays"),
        # Azure never answers false: a vault without purge protection does not mention it.
        "deletion_protection": Holds("properties.enablePurgeProtection"),
        "rbac": Bool("properties.enableRbacAuthorization"),
        "public": PUBLIC,
        "network_access": "properties.networkAcls.defaultAction",
        "tenant_id": "properties.tenantId",
    },
    identifier=UNIQUE,
    extras=("deletion_protection", "soft_delete"),
)
