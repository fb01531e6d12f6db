"""Event Hubs namespaces. No keys are read."""

from escher.providers.azure.declaring import PUBLIC, UNIQUE, arm_type
from escher.providers.declarations import Bool, Int, Time

TYPE = arm_type(
    "azure_eventhub_namespace",
    "stream",
    "Microsoft.EventHub/namespaces",
    "2024-01-01",
    {
        "sku": "sku.name",
        "capacity": Int("sku.capacity"),
        "max_size": Int("properties.maximumThroughputUnits"),
        "created_at": Time("properties.createdAt"),
        "last_modified": Time("properties.updatedAt"),
        "endpoint": "properties.serviceBusEndpoint",
        "kafka": Bool("properties.kafkaEnabled"),
        "autoscaled": Bool("properties.isAutoInflateEnabled"),
        "multi_az": Bool("properties.zoneRedundant"),
        "minimum_tls": "properties.minimumTlsVersion",
        "public": PUBLIC,
        "local_auth_off": Bool("properties.disableLocalAuth"),
    },
    identifier=UNIQUE,
    acts={"scale": "write"},
)
