"""Redis instances of Memorystore. Their passwords and certificates are left behind."""

from escher.providers.declarations import Bool, Int, ListCall, Relation, ResourceType, StateRule, Text, Time

TYPE = ResourceType(
    name="gcp_redis_instance",
    kind="cache",
    service="redis",
    provider="gcp",
    reach="global",
    native_type="redis.googleapis.com/Instance",
    listing=ListCall(
        "v1/projects/{account_id}/locations/-/instances",
        "instances[]",
        permission="redis.instances.list",
        page_size=1000,
    ),
    identifier="_short",
    resource_id="_name || join('', ['//redis.googleapis.com/', name])",
    home="_place",
    zone="currentLocationId",
    label="_short",
    tags="labels",
    state=StateRule(
        "state",
        {
            "CREATING": "pending",
            "READY": "running",
            "UPDATING": "running",
            "DELETING": "deleting",
            "REPAIRING": "pending",
            "MAINTENANCE": "pending",
            "IMPORTING": "pending",
            "FAILING_OVER": "pending",
        },
    ),
    fields={
        "engine_version": "redisVersion",
        "tier": "tier",
        "size_gib": Int("memorySizeGb"),
        "endpoint": "host",
        "port": Int("port"),
        "nodes": Int("replicaCount"),
        "auth_enabled": Bool("authEnabled"),
        "transit_encryption": "transitEncryptionMode",
        "vpc_id": Text("authorizedNetwork", last=True),
        "persistence": "persistenceConfig.persistenceMode",
        "kms_key": Text("customerManagedKey", last=True),
        "created_at": Time("createTime"),
    },
    relations=(
        Relation("member_of", "authorizedNetwork"),
        Relation("uses", "customerManagedKey"),
    ),
    acts={
        "resize": ("redis.instances.update",),
        "update": ("redis.instances.update",),
        "delete": ("redis.instances.delete",),
        "tag": ("redis.instances.update",),
        "untag": ("redis.instances.update",),
    },
    backups="persistenceConfig.persistenceMode == 'RDB'",
)
