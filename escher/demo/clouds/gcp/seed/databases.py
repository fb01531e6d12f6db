"""The instances of Cloud SQL; some are stopped, some are not highly available, one is long out of support."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from escher.demo.clouds.gcp.seed.company import DATA, SHOP, Row, labels, row
from escher.demo.clouds.gcp.state import Project, digits

_C, _E, _W = "us-central1", "europe-west1", "us-west1"


@dataclass(frozen=True, slots=True)
class Database:
    """An instance. A `stopped` one has the activation policy NEVER; an `available` one has a second zone and is guarded."""

    project: Project
    name: str
    app: str
    env: str
    version: str
    tier: str
    region: str
    size_gb: int
    age_days: int
    available: bool = False
    stopped: bool = False


DATABASES = (
    Database(SHOP, "orders-pg", "orders", "prod", "POSTGRES_15", "db-custom-4-16384", _C, 500, 480, available=True),
    Database(
        SHOP, "orders-pg-staging", "orders", "staging", "POSTGRES_15", "db-custom-2-8192", _C, 100, 200, stopped=True
    ),
    Database(SHOP, "catalog-mysql", "catalog", "prod", "MYSQL_8_0", "db-n1-standard-4", _E, 250, 350, available=True),
    Database(SHOP, "legacy-mysql", "", "", "MYSQL_5_7", "db-f1-micro", _W, 20, 1100),
    Database(
        DATA, "warehouse-pg", "warehouse", "prod", "POSTGRES_16", "db-custom-8-32768", _C, 2000, 400, available=True
    ),
    Database(DATA, "reports-pg", "reports", "prod", "POSTGRES_14", "db-custom-2-8192", _E, 200, 310),
    Database(DATA, "forecast-dev-pg", "forecast", "dev", "POSTGRES_16", "db-custom-2-8192", _W, 50, 80, stopped=True),
    Database(DATA, "metrics-sql", "ingest", "prod", "SQLSERVER_2019_STANDARD", "db-custom-4-15360", _C, 300, 260),
)


def rows() -> Iterator[Row]:
    """All of them in both projects."""
    for number, database in enumerate(DATABASES, 100):
        yield _row(database, f"203.0.113.{number}")


def _row(database: Database, address: str) -> Row:
    project, kind = database.project, "PRIVATE" if database.available else "PRIMARY"
    agent = f"p{project.number}-{digits(database.name, 6)}@gcp-sa-cloud-sql.iam.gserviceaccount.com"
    return row(
        "sqladmin",
        project,
        f"instances/{database.name}",
        database.age_days,
        databaseVersion=database.version,
        region=database.region,
        gceZone=f"{database.region}-b",
        settings=_settings(database),
        ipAddresses=[{"type": kind, "ipAddress": address}],
        serviceAccountEmailAddress=agent,
        maxDiskSize=str(database.size_gb * 2**30),
    )


def _settings(database: Database) -> dict[str, Any]:
    backup = {"kind": "sql#backupConfiguration", "enabled": database.env == "prod", "startTime": "02:00"}
    return {
        "kind": "sql#settings",
        "settingsVersion": "3",
        "tier": database.tier,
        "activationPolicy": "NEVER" if database.stopped else "ALWAYS",
        "availabilityType": "REGIONAL" if database.available else "ZONAL",
        "dataDiskSizeGb": str(database.size_gb),
        "dataDiskType": "PD_SSD",
        "storageAutoResize": True,
        "userLabels": labels(database.app, database.env),
        "backupConfiguration": backup,
        "ipConfiguration": {"ipv4Enabled": not database.available, "requireSsl": database.available},
        "deletionProtectionEnabled": database.available,
    }
