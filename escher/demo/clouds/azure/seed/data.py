"""Where data rests: storage accounts with containers, vaults, databases, caches and factories."""

from __future__ import annotations

from collections.abc import Iterator

from escher.demo.clouds.azure.exchange import Json
from escher.demo.clouds.azure.seed.plan import Plan, Spot
from escher.demo.clouds.azure.subscriptions import TENANT_ID

# account: application, purpose, its containers, whether anyone may read them
_STORES = {
    "web-shop": (
        ("checkout", "receipts", ("receipts", "logs"), False),
        ("catalog", "images", ("images", "thumbnails", "feeds"), True),
        ("orders", "invoices", ("invoices", "labels", "archive"), False),
        ("search", "index", ("index", "synonyms"), False),
        ("api", "site", ("$web", "assets"), True),
    ),
    "analytics": (
        ("ingest", "landing", ("landing", "clickstream", "rejects"), False),
        ("warehouse", "lake", ("raw", "curated", "staging-area"), False),
        ("reports", "exports", ("exports", "dashboards"), False),
        ("forecast", "models", ("models", "features"), False),
        ("playground", "scratch", ("scratch",), True),
    ),
}
_SQL = {
    "web-shop": (("checkout", ("carts", "sessions")), ("orders", ("orders", "shipments", "returns"))),
    "analytics": (("ingest", ("offsets",)), ("warehouse", ("mart", "audit"))),
}
# account: application, environment, size, tier, state
_POSTGRES = {
    "web-shop": (
        ("catalog", "prod", "Standard_D4ds_v5", "GeneralPurpose", "Ready"),
        ("catalog", "staging", "Standard_B2s", "Burstable", "Ready"),
        ("search", "dev", "Standard_B1ms", "Burstable", "Stopped"),
    ),
    "analytics": (
        ("warehouse", "prod", "Standard_E8ds_v5", "MemoryOptimized", "Ready"),
        ("reports", "staging", "Standard_B2s", "Burstable", "Ready"),
        ("forecast", "dev", "Standard_B1ms", "Burstable", "Stopped"),
    ),
}
_MYSQL = {"web-shop": ("orders", "api"), "analytics": ("reports", "playground")}
_COSMOS = {"web-shop": ("checkout", "catalog"), "analytics": ("ingest",)}
_REDIS = {"web-shop": ("checkout", "catalog", "api"), "analytics": ("reports", "ingest")}


def resources(plan: Plan) -> Iterator[Json]:
    """All of a subscription's data services."""
    yield from _stores(plan)
    yield from _vaults(plan)
    yield from _sql(plan)
    yield from _flexible(plan)
    yield from _documents(plan)
    yield from _caches(plan)
    yield from _others(plan)


def _stores(plan: Plan) -> Iterator[Json]:
    for app, purpose, containers, public in _STORES[plan.account]:
        for env in ("prod", "dev"):
            spot = plan.spot(app, env)
            yield from _store(plan, spot, plan.short(f"{purpose}{env}"), containers, public and env == "prod")
    yield from _store(plan, plan.shared, plan.short("diagnostics"), ("insights-logs",), public=False)


def _store(plan: Plan, spot: Spot, name: str, containers: tuple[str, ...], public: bool) -> Iterator[Json]:
    kind = "Microsoft.Storage/storageAccounts"
    ends = {word: f"https://{name}.{word}.core.windows.net/" for word in ("blob", "file", "queue", "table", "dfs")}
    sealed = {word: {"enabled": True, "keyType": "Account"} for word in ("blob", "file")}
    more: Json = {
        "creationTime": plan.ago(300),
        "accessTier": "Hot" if spot.env == "prod" else "Cool",
        "allowBlobPublicAccess": public,
        "allowSharedKeyAccess": spot.env != "prod",
        "minimumTlsVersion": "TLS1_2" if spot.env == "prod" else "TLS1_0",
        "supportsHttpsTrafficOnly": True,
        "publicNetworkAccess": "Enabled",
        "networkAcls": {"bypass": "AzureServices", "virtualNetworkRules": [], "ipRules": [], "defaultAction": "Allow" if public or spot.env != "prod" else "Deny"},
        "encryption": {"services": sealed, "keySource": "Microsoft.Storage"},
        "primaryEndpoints": ends,
        "primaryLocation": spot.location,
        "statusOfPrimary": "available",
    }  # fmt: skip
    grade = "Standard_GRS" if spot.env == "prod" else "Standard_LRS"
    yield plan.body(spot, kind, name, more, kind="StorageV2", sku={"name": grade, "tier": "Standard"})
    service: Json = {"deleteRetentionPolicy": {"enabled": spot.env == "prod"}, "isVersioningEnabled": False}
    yield plan.child(spot, f"{kind}/blobServices", f"{name}/default", service)
    for container in containers:
        facts: Json = {
            "publicAccess": "Blob" if public else "None",
            "leaseStatus": "Unlocked",
            "leaseState": "Available",
            "lastModifiedTime": plan.ago(20),
            "hasImmutabilityPolicy": False,
            "hasLegalHold": False,
            "defaultEncryptionScope": "$account-encryption-key",
        }
        yield plan.child(spot, f"{kind}/blobServices/containers", f"{name}/default/{container}", facts)


def _vaults(plan: Plan) -> Iterator[Json]:
    for spot in plan.spots("prod", "staging"):
        name = f"kv-{plan.short(spot.app)}-{spot.env}"[:24]
        more: Json = {
            "tenantId": TENANT_ID,
            "vaultUri": f"https://{name}.vault.azure.net/",
            "sku": {"family": "A", "name": "premium" if spot.env == "prod" else "standard"},
            "accessPolicies": [],
            "enableRbacAuthorization": True,
            "enableSoftDelete": True,
            "softDeleteRetentionInDays": 90,
            "enabledForDeployment": False,
            "publicNetworkAccess": "Disabled" if spot.env == "prod" else "Enabled",
        } | ({"enablePurgeProtection": True} if spot.env == "prod" else {})
        yield plan.body(spot, "Microsoft.KeyVault/vaults", name, more)


def _sql(plan: Plan) -> Iterator[Json]:
    kind = "Microsoft.Sql/servers"
    for app, databases in _SQL[plan.account]:
        for env in ("prod", "dev"):
            spot, name = plan.spot(app, env), f"sql-{plan.account}-{app}-{env}"
            more: Json = {
                "administratorLogin": "haldenadmin",
                "version": "12.0",
                "state": "Ready",
                "fullyQualifiedDomainName": f"{name}.database.windows.net",
                "minimalTlsVersion": "1.2",
                "publicNetworkAccess": "Disabled" if env == "prod" else "Enabled",
                "restrictOutboundNetworkAccess": "Disabled",
            }
            yield plan.body(spot, kind, name, more, kind="v12.0")
            for database in databases:
                yield _database(plan, spot, name, database)
            if env == "dev":
                rule = {"startIpAddress": "0.0.0.0", "endIpAddress": "255.255.255.255"}  # noqa: S104 a rule that lets all in, for checks to find
                yield plan.child(spot, f"{kind}/firewallRules", f"{name}/everybody", rule)


def _database(plan: Plan, spot: Spot, server: str, name: str) -> Json:
    live = spot.env == "prod"
    sku = (
        {"name": "GP_Gen5", "tier": "GeneralPurpose", "family": "Gen5", "capacity": 4}
        if live
        else {"name": "Basic", "tier": "Basic", "capacity": 5}
    )
    more: Json = {
        "databaseId": plan.guid(server, name),
        "status": "Online",
        "collation": "SQL_Latin1_General_CP1_CI_AS",
        "maxSizeBytes": (100 if live else 2) * 1024**3,
        "creationDate": plan.ago(280),
        "currentServiceObjectiveName": "GP_Gen5_4" if live else "Basic",
        "requestedServiceObjectiveName": "GP_Gen5_4" if live else "Basic",
        "zoneRedundant": live,
        "requestedBackupStorageRedundancy": "Geo" if live else "Local",
    }
    body = plan.body(spot, "Microsoft.Sql/servers/databases", f"{server}/{name}", more, sku=sku, kind="v12.0,user")
    del body["properties"]["provisioningState"]
    return body


def _flexible(plan: Plan) -> Iterator[Json]:
    for app, env, size, tier, state in _POSTGRES[plan.account]:
        yield from _server(
            plan, plan.spot(app, env), "Microsoft.DBforPostgreSQL", "psql", (size, tier, state, "16", "postgres")
        )
    for app in _MYSQL[plan.account]:
        yield from _server(plan, plan.spot(app, "prod"), "Microsoft.DBforMySQL", "mysql", ("Standard_B2s", "Burstable", "Ready", "8.0.21", "mysql"))  # fmt: skip


def _server(
    plan: Plan, spot: Spot, namespace: str, prefix: str, model: tuple[str, str, str, str, str]
) -> Iterator[Json]:
    size, tier, state, version, engine = model
    name, live = f"{prefix}-{plan.account}-{spot.app}-{spot.env}", spot.env == "prod"
    more: Json = {
        "state": state,
        "version": version,
        "administratorLogin": "haldenadmin",
        "fullyQualifiedDomainName": f"{name}.{engine}.database.azure.com",
        "storage": {"storageSizeGB": 256 if live else 32, "autoGrow": "Enabled", "iops": 1100},
        "backup": {"backupRetentionDays": 14 if live else 7, "geoRedundantBackup": "Enabled" if live else "Disabled"},
        "highAvailability": {"mode": "ZoneRedundant" if live else "Disabled"},
        "network": {"publicNetworkAccess": "Disabled" if live else "Enabled"},
        "availabilityZone": "1",
        "replicationRole": "Primary",
    }
    yield plan.body(spot, f"{namespace}/flexibleServers", name, more, sku={"name": size, "tier": tier})
    facts = {"charset": "UTF8", "collation": "en_US.utf8"}
    yield plan.child(spot, f"{namespace}/flexibleServers/databases", f"{name}/{spot.app}", facts)


def _documents(plan: Plan) -> Iterator[Json]:
    kind = "Microsoft.DocumentDB/databaseAccounts"
    for app in _COSMOS[plan.account]:
        spot, name = plan.spot(app, "prod"), f"cosmos-{plan.account}-{app}-prod"
        place: Json = {
            "id": f"{name}-{spot.location}",
            "locationName": spot.location,
            "failoverPriority": 0,
            "isZoneRedundant": True,
        }
        more: Json = {
            "documentEndpoint": f"https://{name}.documents.azure.com:443/",
            "databaseAccountOfferType": "Standard",
            "consistencyPolicy": {"defaultConsistencyLevel": "Session"},
            "locations": [place],
            "writeLocations": [place],
            "readLocations": [place],
            "enableAutomaticFailover": True,
            "publicNetworkAccess": "Enabled",
            "disableLocalAuth": False,
            "capabilities": [],
        }
        yield plan.body(spot, kind, name, more, kind="GlobalDocumentDB")
        yield plan.child(spot, f"{kind}/sqlDatabases", f"{name}/{app}", {"resource": {"id": app}, "options": {}})


def _caches(plan: Plan) -> Iterator[Json]:
    for number, app in enumerate(_REDIS[plan.account]):
        spot, name = plan.spot(app, "prod"), f"redis-{plan.account}-{app}-prod"
        more: Json = {
            "hostName": f"{name}.redis.cache.windows.net",
            "port": 6379,
            "sslPort": 6380,
            "redisVersion": "6.0",
            "enableNonSslPort": number == 1,
            "minimumTlsVersion": "1.2",
            "publicNetworkAccess": "Enabled",
            "sku": {"name": "Standard", "family": "C", "capacity": number + 1},
        }
        yield plan.body(spot, "Microsoft.Cache/Redis", name, more)


def _others(plan: Plan) -> Iterator[Json]:
    for number, spot in enumerate(plan.spots("prod")[:2]):
        name = f"adf-{plan.account}-{spot.app}"
        more: Json = {"createTime": plan.ago(350), "version": "2018-06-01", "publicNetworkAccess": "Enabled"}
        yield plan.body(spot, "Microsoft.DataFactory/factories", name, more)
        vault: Json = {"publicNetworkAccess": "Enabled", "privateEndpointStateForBackup": "None", "redundancySettings": {"standardTierStorageRedundancy": "GeoRedundant"}}  # fmt: skip
        sku = {"name": "RS0", "tier": "Standard"}
        yield plan.body(spot, "Microsoft.RecoveryServices/vaults", f"rsv-{spot.app}-{number + 1}", vault, sku=sku)
    spot = plan.spots("prod")[-2]
    search: Json = {
        "replicaCount": 1,
        "partitionCount": 1,
        "status": "running",
        "hostingMode": "default",
        "publicNetworkAccess": "enabled",
    }
    yield plan.body(
        spot, "Microsoft.Search/searchServices", f"srch-{plan.account}-{spot.app}", search, sku={"name": "basic"}
    )
