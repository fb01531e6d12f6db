"""Databases of logical SQL servers, `master` too. Each has automatic backups."""

from escher.providers.azure.declaring import UNIQUE, arm_type, listed, listed_below
from escher.providers.azure.states import provisioning
from escher.providers.declarations import Bool, Int, Relation, Text, Time

_ARM = "Microsoft.Sql/servers/databases"
_VERSION = "2023-08-01-preview"

TYPE = arm_type(
    "azure_sql_database",
    "database_instance",
    _ARM,
    _VERSION,
    {
        "variant": "kind",
        "sku": "sku.name",
        "tier": "sku.tier",
        "capacity": Int("sku.capacity"),
        "max_size_bytes": Int("properties.maxSizeBytes"),
        "created_at": Time("properties.creationDate"),
        "server": Text("parentId", last=True),
        "elastic_pool": Text("properties.elasticPoolId", last=True),
        "multi_az": Bool("properties.zoneRedundant"),
        "read_scale": "properties.readScale",
        "backup_redundancy": "properties.currentBackupStorageRedundancy",
        "restorable_since": Time("properties.earliestRestoreDate", volatile=True),
        "pause_after_minutes": Int("properties.autoPauseDelay"),
    },
    identifier=UNIQUE,
    listing=listed_below(listed("Microsoft.Sql/servers", _VERSION), "databases", _ARM, _VERSION),
    state=provisioning(
        "properties.status",
        {
            "Online": "available",
            "OnlineChangingDwPerformanceTiers": "pending",
            "AutoClosed": "available",
            "Standby": "available",
            "OfflineSecondary": "available",
            "Copying": "pending",
            "Creating": "pending",
            "OfflineChangingDwPerformanceTiers": "pending",
            "Pausing": "pending",
            "Recovering": "pending",
            "RecoveryPending": "pending",
            "Restoring": "pending",
            "Resuming": "pending",
            "Scaling": "pending",
            "Starting": "pending",
            "Stopping": "pending",
            "Disabled": "stopped",
            "Offline": "stopped",
            "Paused": "stopped",
            "Shutdown": "stopped",
            "Stopped": "stopped",
            "EmergencyMode": "error",
            "Inaccessible": "error",
            "Suspect": "error",
        },
    ),
    relations=(Relation("member_of", "[parentId, properties.elasticPoolId]"),),
    acts={"start": "resume/action", "stop": "pause/action", "resize": "write", "restore": "write"},
    backups="properties.earliestRestoreDate",
)
