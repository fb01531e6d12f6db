"""Flexible servers of PostgreSQL."""

from escher.providers.azure.declaring import IDENTITIES, UNIQUE, arm_type
from escher.providers.azure.states import provisioning
from escher.providers.declarations import Bool, Int, Relation, Text

_MODE = "properties.highAvailability.mode"
_NETWORK = "properties.network"

TYPE = arm_type(
    "azure_postgresql_flexible_server",
    "database_instance",
    "Microsoft.DBforPostgreSQL/flexibleServers",
    "2024-08-01",
    {
        "engine_version": "properties.version",
        "instance_type": "sku.name",
        "tier": "sku.tier",
        "size_gib": Int("properties.storage.storageSizeGB"),
        "iops": Int("properties.storage.iops"),
        "storage_type": "properties.storage.type",
        "endpoint": "properties.fullyQualifiedDomainName",
        "public": Bool(f"{_NETWORK}.publicNetworkAccess && {_NETWORK}.publicNetworkAccess == 'Enabled'"),
        "subnet_id": Text(f"{_NETWORK}.delegatedSubnetResourceId", last=True),
        "multi_az": Bool(f"{_MODE} && {_MODE} == 'ZoneRedundant'"),
        "backup_days": Int("properties.backup.backupRetentionDays"),
        "geo_backup": Bool("properties.backup.geoRedundantBackup && properties.backup.geoRedundantBackup == 'Enabled'"),
        "replication_role": "properties.replicationRole",
    },
    identifier=UNIQUE,
    zone="properties.availabilityZone",
    state=provisioning(
        "properties.state",
        {
            "Ready": "running",
            "Disabled": "stopped",
            "Dropping": "deleting",
            "Inaccessible": "error",
            "Provisioning": "pending",
            "Restarting": "pending",
            "Starting": "pending",
            "Stopped": "stopped",
            "Stopping": "pending",
            "Updating": "pending",
        },
    ),
    relations=(
        Relation("member_of", f"{_NETWORK}.delegatedSubnetResourceId"),
        Relation("copy_of", "properties.sourceServerResourceId"),
        IDENTITIES,
    ),
    acts={"start": "start/action", "stop": "stop/action", "reboot": "restart/action", "resize": "write"},
    backups="properties.backup.backupRetentionDays",
    extras=("multi_az", "geo_backup"),
)
