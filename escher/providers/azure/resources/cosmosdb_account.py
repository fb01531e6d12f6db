"""Cosmos DB accounts. No keys or connection strings are read."""

from escher.providers.azure.declaring import IDENTITIES, PUBLIC, UNIQUE, arm_type
from escher.providers.declarations import Bool, Texts

TYPE = arm_type(
    "azure_cosmosdb_account",
    "nosql_table",
    "Microsoft.DocumentDB/databaseAccounts",
    "2024-11-15",
    {
        "variant": "kind",
        "offer": "properties.databaseAccountOfferType",
        "endpoint": "properties.documentEndpoint",
        "public": PUBLIC,
        "consistency": "properties.consistencyPolicy.defaultConsistencyLevel",
        "capabilities": Texts("properties.capabilities[].name"),
        "regions": Texts("properties.locations[].locationName"),
        "automatic_failover": Bool("properties.enableAutomaticFailover"),
        "multi_write": Bool("properties.enableMultipleWriteLocations"),
        "free_tier": Bool("properties.enableFreeTier"),
        "backup_type": "properties.backupPolicy.type",
        "local_auth_off": Bool("properties.disableLocalAuth"),
    },
    identifier=UNIQUE,
    relations=(IDENTITIES,),
    acts={"rotate": "regenerateKey/action"},
    backups="properties.backupPolicy.type",
)
