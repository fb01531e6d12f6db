"""Accounts of AI services. No keys are read."""

from escher.providers.azure.declaring import IDENTITIES, PUBLIC, arm_type
from escher.providers.declarations import Bool, Time

TYPE = arm_type(
    "azure_cognitive_account",
    "machine_learning",
    "Microsoft.CognitiveServices/accounts",
    "2024-10-01",
    {
        "variant": "kind",
        "sku": "sku.name",
        "endpoint": "properties.endpoint",
        "created_at": Time("properties.dateCreated"),
        "public": PUBLIC,
        "network_access": "properties.networkAcls.defaultAction",
        "local_auth_off": Bool("properties.disableLocalAuth"),
        "domain_name": "properties.customSubDomainName",
    },
    relations=(IDENTITIES,),
    acts={"rotate": "regenerateKey/action"},
)
