"""Storage accounts. `public`: containers may be opened to anybody; whether one is, the container says. No keys are read."""

from escher.providers.azure.declaring import UNIQUE, arm_type
from escher.providers.declarations import Bool, Time

TYPE = arm_type(
    "azure_storage_account",
    "object_storage",
    "Microsoft.Storage/storageAccounts",
    "2023-05-01",
    {
        "variant": "kind",
        "sku": "sku.name",
        "tier": "properties.accessTier",
        "created_at": Time("properties.creationTime"),
        "public": Bool("properties.allowBlobPublicAccess"),
        "network_access": "properties.networkAcls.defaultAction",
        "https_only": Bool("properties.supportsHttpsTrafficOnly"),
        "minimum_tls": "properties.minimumTlsVersion",
        "encrypted": Bool("properties.encryption.services.blob.enabled"),
        "key_source": "properties.encryption.keySource",
        # Keys are allowed where an account does not say: learn.microsoft.com, StorageAccountPropertiesCreateParameters.
        "shared_key_auth": Bool("properties.allowSharedKeyAccess != `false`"),
        "hierarchical": Bool("properties.isHnsEnabled"),
        "endpoint": "properties.primaryEndpoints.blob",
        "secondary_region": "properties.secondaryLocation",
    },
    identifier=UNIQUE,
    acts={"block_public_access": "write", "rotate": "regenerateKey/action"},
)
