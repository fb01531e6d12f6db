"""Event Grid topics. No keys are read."""

from escher.providers.azure.declaring import IDENTITIES, PUBLIC, arm_type
from escher.providers.declarations import Bool

TYPE = arm_type(
    "azure_eventgrid_topic",
    "topic",
    "Microsoft.EventGrid/topics",
    "2025-02-15",
    {
        "sku": "sku.name",
        "endpoint": "properties.endpoint",
        "input_schema": "properties.inputSchema",
        "public": PUBLIC,
        "minimum_tls": "properties.minimumTlsVersionAllowed",
        "local_auth_off": Bool("properties.disableLocalAuth"),
    },
    relations=(IDENTITIES,),
    acts={"rotate": "regenerateKey/action"},
)
