"""Where data rests beside Cloud SQL: caches, documents, buckets, data sets, file shares, clusters that work on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from escher.demo.clouds.gcp.seed.company import APPS, DATA, PROJECTS, SHOP, Row, in_project, labels, row
from escher.demo.clouds.gcp.state import Project, digits

# (project, what it is for, application, environment, location, class)
_BUCKETS = (
    (SHOP, "static-assets", "catalog", "prod", "US", "STANDARD"),
    (SHOP, "order-exports", "orders", "prod", "US-CENTRAL1", "STANDARD"),
    (SHOP, "invoices", "checkout", "prod", "EU", "NEARLINE"),
    (SHOP, "search-index", "search", "prod", "US-CENTRAL1", "STANDARD"),
    (SHOP, "backups", "orders", "prod", "US", "COLDLINE"),
    (SHOP, "dev-uploads", "catalog", "dev", "EUROPE-WEST1", "STANDARD"),
    (SHOP, "old-logs", "", "", "US-WEST1", "STANDARD"),
    (SHOP, "tmp-2024", "", "", "US", "STANDARD"),
    (DATA, "static-assets", "reports", "prod", "US", "STANDARD"),
    (DATA, "raw-events", "ingest", "prod", "US", "STANDARD"),
    (DATA, "curated", "warehouse", "prod", "US-CENTRAL1", "STANDARD"),
    (DATA, "models", "forecast", "prod", "US-CENTRAL1", "STANDARD"),
    (DATA, "report-archive", "reports", "prod", "EU", "ARCHIVE"),
    (DATA, "staging-area", "ingest", "staging", "EUROPE-WEST1", "STANDARD"),
    (DATA, "notebooks", "forecast", "dev", "US-WEST1", "STANDARD"),
    (DATA, "old-dumps", "", "", "US", "STANDARD"),
)
_DATASETS = (
    (SHOP, "sales", "orders", "US"),
    (SHOP, "search_logs", "search", "us-central1"),
    (DATA, "events", "ingest", "US"),
    (DATA, "warehouse", "warehouse", "US"),
    (DATA, "reporting", "reports", "EU"),
    (DATA, "forecasts", "forecast", "us-central1"),
    (DATA, "tmp_export", "", "US"),
)


def rows() -> Iterator[Row]:
    """All of them in both projects."""
    for place, bucket in enumerate(_BUCKETS):
        yield _bucket(bucket, 100 + 41 * place)
    for project, name, app, location in _DATASETS:
        given = {"labels": labels(app, "prod")} if app else {}
        yield row("bigquery", project, f"datasets/{name}", 300, location=location, **given)
    for project in PROJECTS:
        yield from _caches(project)
        yield from _documents(project)
        yield from _large(project)


def _bucket(bucket: tuple[Project, str, str, str, str, str], age_days: int) -> Row:
    project, what, app, env, location, storage_class = bucket
    guarded = bool(app)
    data: dict[str, Any] = {
        "projectNumber": project.number,
        "location": location,
        "locationType": "multi-region" if location in ("US", "EU") else "region",
        "storageClass": storage_class,
        "iamConfiguration": {
            "uniformBucketLevelAccess": {"enabled": guarded},
            "publicAccessPrevention": "enforced" if guarded and what != "static-assets" else "inherited",
        },
        "softDeletePolicy": {"retentionDurationSeconds": "604800", "effectiveTime": "2025-01-15T00:00:00.000Z"},
    }
    if app:
        data["labels"] = labels(app, env)
        data["versioning"] = {"enabled": env == "prod"}
    if "log" in what or what == "backups":
        data["lifecycle"] = {"rule": [{"action": {"type": "Delete"}, "condition": {"age": 365}}]}
    return Row("storage", f"b/{project.project_id}-{what}", data, age_days, project.project_id)


def _caches(project: Project) -> Iterator[Row]:
    for number, (app, env, tier, size) in enumerate(
        ((APPS[project][0], "prod", "STANDARD_HA", 5), ("api", "staging", "BASIC", 1))
    ):
        region = ("us-central1", "europe-west1")[number]
        yield row(
            "redis",
            project,
            f"locations/{region}/instances/{app}-cache-{env}",
            190,
            displayName=f"{app} cache",
            state="READY",
            tier=tier,
            memorySizeGb=size,
            redisVersion="REDIS_7_0",
            host=f"10.{40 + number}.0.3",
            port=6379,
            locationId=f"{region}-b",
            authorizedNetwork=f"projects/{project.project_id}/global/networks/main",
            labels=labels(app, env),
        )


def _documents(project: Project) -> Iterator[Row]:
    yield row(
        "firestore",
        project,
        "databases/(default)",
        420,
        type="FIRESTORE_NATIVE",
        locationId="nam5",
        concurrencyMode="PESSIMISTIC",
        deleteProtectionState="DELETE_PROTECTION_DISABLED",
        pointInTimeRecoveryEnablement="POINT_IN_TIME_RECOVERY_DISABLED",
    )
    app = "search" if project == SHOP else "ingest"
    yield row(
        "bigtableadmin",
        project,
        f"instances/{app}-wide",
        260,
        displayName=f"{app} wide rows",
        state="READY",
        type="PRODUCTION",
        labels=labels(app, "prod"),
    )
    yield row(
        "bigtableadmin",
        project,
        f"instances/{app}-wide/clusters/{app}-c1",
        260,
        location=f"projects/{project.project_id}/locations/us-central1-b",
        state="READY",
        serveNodes=3,
        defaultStorageType="SSD",
    )
    for name, env, units in ((f"{app}-spanner", "prod", 1000), ("ledger-dev", "dev", 100)):
        yield row(
            "spanner",
            project,
            f"instances/{name}",
            210,
            displayName=name,
            config=f"projects/{project.project_id}/instanceConfigs/regional-us-central1",
            state="READY",
            processingUnits=units,
            labels=labels(app, env),
        )


def _large(project: Project) -> Iterator[Row]:
    app = "catalog" if project == SHOP else "warehouse"
    for zone, tier, size in (("us-central1-b", "BASIC_SSD", "2560"), ("europe-west1-b", "BASIC_HDD", "1024")):
        yield row(
            "file",
            project,
            f"locations/{zone}/instances/{app}-share-{zone[0]}",
            270,
            state="READY",
            tier=tier,
            fileShares=[{"name": "share", "capacityGb": size}],
            networks=[{"network": "main", "modes": ["MODE_IPV4"], "ipAddresses": ["10.60.0.2"]}],
            labels=labels(app, "prod"),
        )
    if project == DATA:
        for name, region, status in (("nightly", "us-central1", "RUNNING"), ("adhoc", "europe-west1", "STOPPED")):
            yield row(
                "dataproc",
                project,
                f"regions/{region}/clusters/{name}",
                45,
                projectId=project.project_id,
                clusterName=name,
                clusterUuid=f"{digits(name, 8)}-demo",
                labels=labels("warehouse", "prod"),
                status={"state": status, "stateStartTime": "2026-01-05T03:00:00.000Z"},
                config={
                    "gceClusterConfig": {
                        "zoneUri": in_project(project, f"zones/{region}-b"),
                        "networkUri": in_project(project, "global/networks/main"),
                    },
                    "masterConfig": {"numInstances": 1, "machineTypeUri": "n2-standard-4"},
                    "workerConfig": {"numInstances": 4, "machineTypeUri": "n2-highmem-8"},
                },
            )
