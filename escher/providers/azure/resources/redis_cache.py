"""Azure Cache for Redis. No keys are read."""

from escher.providers.azure.declaring import PUBLIC, UNIQUE, arm_type
from escher.providers.declarations import Bool, Int, Relation, Text, Texts

TYPE = arm_type(
    "azure_redis_cache",
    "cache",
    "Microsoft.Cache/Redis",
    "2024-11-01",
    {
        "sku": "properties.sku.name",
        "family": "properties.sku.family",
        "capacity": Int("properties.sku.capacity"),
        "engine_version": "properties.redisVersion",
        "endpoint": "properties.hostName",
        "port": Int("properties.sslPort"),
        "plain_port": Bool("properties.enableNonSslPort"),
        "minimum_tls": "properties.minimumTlsVersion",
        "public": PUBLIC,
        "shards": Int("properties.shardCount"),
        "replicas": Int("properties.replicasPerPrimary || properties.replicasPerMaster"),
        "subnet_id": Text("properties.subnetId", last=True),
        "zones": Texts("zones"),
    },
    identifier=UNIQUE,
    relations=(Relation("member_of", "properties.subnetId"),),
    acts={"reboot": "forceReboot/action", "resize": "write", "scale": "write", "rotate": "regenerateKey/action"},
)
