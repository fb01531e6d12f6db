"""Service Bus namespaces, which hold queues and topics. No keys are read."""

from escher.providers.azure.declaring import PUBLIC, UNIQUE, arm_type
from escher.providers.declarations import Bool, Int, Time

TYPE = arm_type(
    "azure_servicebus_namespace",
    "queue",
    "Microsoft.ServiceBus/namespaces",
    "2022-10-01-preview",
    {
        "sku": "sku.name",
        "capacity": Int("sku.capacity"),
        "created_at": Time("properties.createdAt"),
        "last_modified": Time("properties.updatedAt"),
        "endpoint": "properties.serviceBusEndpoint",
        "multi_az": Bool("properties.zoneRedundant"),
        "minimum_tls": "properties.minimumTlsVersion",
        "public": PUBLIC,
        "local_auth_off": Bool("properties.disableLocalAuth"),
    },
    identifier=UNIQUE,
    acts={"scale": "write"},
)
