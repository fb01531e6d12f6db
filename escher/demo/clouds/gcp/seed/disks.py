"""Disks that hang on nothing, snapshots, images and the schedules that make snapshots."""

from __future__ import annotations

from collections.abc import Iterator

from escher.demo.clouds.gcp.seed.company import DATA, PROJECTS, SHOP, ZONES, Row, compute, in_project, labels
from escher.demo.clouds.gcp.seed.machines import FLEETS
from escher.demo.clouds.gcp.state import Project, digits

# (project, application, environment, region, size in GB): forgotten when its instance went
_FORGOTTEN = (
    (SHOP, "orders", "prod", "us-central1", 500),
    (SHOP, "search", "staging", "us-central1", 200),
    (SHOP, "catalog", "dev", "europe-west1", 50),
    (SHOP, "", "", "us-west1", 100),
    (SHOP, "", "", "europe-west1", 10),
    (DATA, "warehouse", "dev", "us-central1", 1000),
    (DATA, "forecast", "dev", "us-west1", 300),
    (DATA, "reports", "staging", "europe-west1", 20),
    (DATA, "", "", "us-west1", 250),
)
# (project, application, its role): copied every week
_COPIED = ((SHOP, "orders", "db"), (SHOP, "search", "node"), (DATA, "warehouse", "loader"), (DATA, "forecast", "train"))
_AGES = (1, 8, 15, 29, 60, 130, 260, 420)
_IMAGES = (("base-2026-01", 40), ("base-2025-06", 260), ("golden-web", 120), ("golden-data-old", 610))


def rows() -> Iterator[Row]:
    """All of them in both projects."""
    yield from _unattached()
    yield from _regional()
    yield from _snapshots()
    for project in PROJECTS:
        yield from _images(project)
        yield _schedule(project)


def _unattached() -> Iterator[Row]:
    for place, (project, app, env, region, size) in enumerate(_FORGOTTEN):
        for number, zone in enumerate(ZONES[region], 1):
            yield compute(
                project,
                f"zones/{zone}/disks/{app or 'disk'}-old-{place}-{number}",
                90 + 37 * place + number,
                sizeGb=str(size),
                status="READY",
                type=in_project(project, f"zones/{zone}/diskTypes/{'pd-ssd' if number == 1 else 'pd-standard'}"),
                labels=labels(app, env),
                physicalBlockSizeBytes="4096",
            )


def _regional() -> Iterator[Row]:
    for project, app in ((SHOP, "orders"), (DATA, "warehouse")):
        yield compute(
            project,
            f"regions/us-central1/disks/{app}-shared",
            150,
            sizeGb="200",
            status="READY",
            type=in_project(project, "regions/us-central1/diskTypes/pd-ssd"),
            replicaZones=[in_project(project, f"zones/{zone}") for zone in ZONES["us-central1"]],
            labels=labels(app, "prod"),
            physicalBlockSizeBytes="4096",
        )


def _snapshots() -> Iterator[Row]:
    for project, app, role in _COPIED:
        fleet = next(fleet for fleet in FLEETS if fleet.app == app and fleet.role == role and fleet.env == "prod")
        disk = f"zones/{ZONES[fleet.region][1]}/disks/{fleet.name}-01-data"
        for age in _AGES:
            name = f"{app}-weekly-{age:03}d"
            yield _snapshot(project, name, disk, size_gb=fleet.data_gb, age_days=age, given=labels(app, "prod"))
    for project in PROJECTS:
        for number in range(1, 5):
            gone = f"zones/us-west1-a/disks/gone-{number}"
            name, age = f"before-upgrade-{number}", 200 + 90 * number
            yield _snapshot(project, name, gone, size_gb=10 * number, age_days=age, given={})


def _snapshot(project: Project, name: str, disk: str, *, size_gb: int, age_days: int, given: dict[str, str]) -> Row:
    return compute(
        project,
        f"global/snapshots/{name}",
        age_days,
        status="READY",
        diskSizeGb=str(size_gb),
        storageBytes=str(size_gb * 300_000_000),
        storageBytesStatus="UP_TO_DATE",
        sourceDisk=in_project(project, disk),
        sourceDiskId=digits(f"projects/{project.project_id}/{disk}"),
        storageLocations=[disk.split("/")[1].rpartition("-")[0]],
        labels=given,
        downloadBytes=str(size_gb * 290_000_000),
        snapshotType="STANDARD",
    )


def _images(project: Project) -> Iterator[Row]:
    for name, age in _IMAGES:
        yield compute(
            project,
            f"global/images/{name}",
            age,
            status="READY",
            diskSizeGb="20",
            archiveSizeBytes="1870000000",
            family=name.split("-")[0],
            sourceType="RAW",
            labels=labels("api", "prod") if age < 300 else {},
            storageLocations=["us"],
            architecture="X86_64",
        )


def _schedule(project: Project) -> Row:
    daily = {"daysInCycle": 1, "startTime": "03:00"}
    return compute(
        project,
        "regions/us-central1/resourcePolicies/nightly-snapshots",
        300,
        status="READY",
        snapshotSchedulePolicy={
            "schedule": {"dailySchedule": daily},
            "retentionPolicy": {"maxRetentionDays": 14, "onSourceDiskDelete": "KEEP_AUTO_SNAPSHOTS"},
        },
    )
