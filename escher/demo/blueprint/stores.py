"""More places where data rests: file systems, caches, clusters of databases, warehouses, search, and their backups."""

from __future__ import annotations

from collections.abc import Iterator

from escher.demo.blueprint.company import tags
from escher.demo.blueprint.data import databases
from escher.demo.blueprint.making import Making, Site, by_terraform, listed
from escher.demo.blueprint.networks import network_sites

_FILES = (
    ("web-shop", "us-east-1", "catalog", "media"),
    ("web-shop", "eu-west-1", "catalog", "media"),
    ("analytics", "us-east-1", "warehouse", "exchange"),
    ("analytics", "us-west-2", "forecast", "training-data"),
    ("sandbox", "us-east-1", "playground", "home"),
)
_CACHES = (
    ("web-shop", "us-east-1", "checkout", "sessions", "redis"),
    ("web-shop", "us-east-1", "catalog", "pages", "memcached"),
    ("web-shop", "eu-west-1", "checkout", "sessions", "redis"),
    ("web-shop", "us-west-2", "search", "suggestions", "redis"),
    ("analytics", "us-east-1", "reports", "queries", "redis"),
)
_CLUSTERS = (
    ("web-shop", "us-east-1", "orders", "aurora-postgresql"),
    ("web-shop", "eu-west-1", "orders", "aurora-postgresql"),
    ("analytics", "us-east-1", "reports", "aurora-mysql"),
)
_WAREHOUSES = (
    ("analytics", "us-east-1", "warehouse", "prod"),
    ("analytics", "us-east-1", "warehouse", "staging"),
    ("analytics", "eu-west-1", "reports", "prod"),
)
_SEARCH = (
    ("web-shop", "us-east-1", "search", "products"),
    ("web-shop", "eu-west-1", "search", "products"),
    ("analytics", "us-east-1", "ingest", "log-search"),
)
_LAKES = (
    ("analytics", "us-east-1", "ingest", ("landing", "clean", "curated")),
    ("analytics", "eu-west-1", "warehouse", ("lake",)),
    ("analytics", "us-west-2", "forecast", ("features",)),
)


def stores() -> Iterator[Making]:
    """All of it; what hangs on a subnet after the networks."""
    yield from _files()
    yield from _caches()
    yield from _database_clusters()
    yield from _copies()
    yield from _warehouses()
    yield from _lakes()


def _files() -> Iterator[Making]:
    for account, region, app, name in _FILES:
        site = Site(account, region)
        for env in ("prod", "staging"):
            called = f"{app}-{name}-{env}"
            yield site.make(
                "efs", "create_file_system", {f"files:{called}": "FileSystemId"}, CreationToken=called,
                Encrypted=env == "prod", Tags=listed(tags(called, app, env)),
            )  # fmt: skip
        yield site.make(
            "efs", "create_mount_target", FileSystemId=f"$(files:{app}-{name}-prod)", SubnetId="$(private:a)",
            SecurityGroups=["$(group:edge-data)"],
        )  # fmt: skip


def _caches() -> Iterator[Making]:
    for account, region, app, name, engine in _CACHES:
        for env, size in (("prod", "cache.r6g.large"), ("staging", "cache.t4g.small")):
            called = f"{app}-{name}-{env}"
            yield Site(account, region).make(
                "elasticache", "create_cache_cluster", CacheClusterId=called, Engine=engine, CacheNodeType=size,
                NumCacheNodes=1, Tags=listed(tags(called, app, env)),
            )  # fmt: skip


def _database_clusters() -> Iterator[Making]:
    for site in network_sites():
        named = by_terraform("halden-data", "api", "prod", f"network-{site.region}")
        yield site.make(
            "rds", "create_db_subnet_group", DBSubnetGroupName="halden-data", Tags=listed(named),
            DBSubnetGroupDescription="databases of the company's network", SubnetIds=["$(data:a)", "$(data:b)"],
        )  # fmt: skip
    for account, region, app, engine in _CLUSTERS:
        site, called = Site(account, region), f"{app}-aurora-prod"
        yield site.make(
            "rds", "create_db_cluster", DBClusterIdentifier=called, Engine=engine, MasterUsername="demo",
            MasterUserPassword="demo-only-no-secret", StorageEncrypted=True, DBSubnetGroupName="halden-data",
            Tags=listed(tags(called, app, "prod")),
        )  # fmt: skip
        for week in ("w12", "w13"):
            copy = f"{called}-{week}"
            yield site.make(
                "rds", "create_db_cluster_snapshot", DBClusterIdentifier=called, DBClusterSnapshotIdentifier=copy,
                Tags=listed(tags(copy, app, "prod")),
            )  # fmt: skip


def _copies() -> Iterator[Making]:
    """Copies of the databases in production and of their volumes, which are still there."""
    for database in databases():
        if database.tags.get("env") == "prod":
            copy = f"{database.name}-before-upgrade"
            yield Site(database.account, database.region).make(
                "rds", "create_db_snapshot", DBInstanceIdentifier=database.name, DBSnapshotIdentifier=copy,
                Tags=listed(database.tags | {"Name": copy}),
            )  # fmt: skip
    for account, region, app in (
        ("web-shop", "us-east-1", "orders"),
        ("analytics", "us-east-1", "warehouse"),
        ("analytics", "us-east-1", "ingest"),
    ):
        kind = "node" if app == "warehouse" else "worker"
        for number in range(1, 5):
            volume = f"{app}-{kind}-prod-{number:02}-data"
            copy = tags(f"{volume}-copy", app, "prod")
            yield Site(account, region).make(
                "ec2", "create_snapshot", VolumeId=f"$(volume:{volume})", Description=f"daily copy of {volume}",
                TagSpecifications=[{"ResourceType": "snapshot", "Tags": listed(copy)}],
            )  # fmt: skip


def _warehouses() -> Iterator[Making]:
    for account, region, app, env in _WAREHOUSES:
        called = f"{app}-{env}"
        yield Site(account, region).make(
            "redshift", "create_cluster", ClusterIdentifier=called, NodeType="ra3.large", NumberOfNodes=2,
            MasterUsername="demo", MasterUserPassword="Demo-only-no-secret-1", DBName="halden",
            Tags=listed(tags(called, app, env)),
        )  # fmt: skip
    for account, region, app, name in _SEARCH:
        for env in ("prod", "dev"):
            called = f"{name}-{env}"
            yield Site(account, region).make(
                "opensearch", "create_domain", DomainName=called, EngineVersion="OpenSearch_2.17",
                TagList=listed(tags(called, app, env)),
            )  # fmt: skip


def _lakes() -> Iterator[Making]:
    for account, region, app, layers in _LAKES:
        site = Site(account, region)
        for layer in layers:
            name = f"{app}_{layer}"
            yield site.make("glue", "create_database", DatabaseInput={"Name": name, "Description": f"{layer} of {app}"})
            yield site.make(
                "glue", "create_job", Name=f"{app}-{layer}-load", Role=site.role("Deployment"),
                Command={"Name": "glueetl", "ScriptLocation": f"s3://halden-{app}-landing-prod/jobs/{layer}.py"},
                Tags=tags(f"{app}-{layer}-load", app, "prod"),
            )  # fmt: skip
        yield site.make(
            "athena", "create_work_group", Name=f"{app}-analysts", Description=f"people who ask about {app}",
            Configuration={"ResultConfiguration": {"OutputLocation": f"s3://halden-{app}-landing-prod/results/"}},
            Tags=listed(tags(f"{app}-analysts", app, "prod")),
        )  # fmt: skip
