"""What watches over the rest: sinks, metrics, log buckets, alert policies, backup plans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from escher.demo.clouds.gcp.seed.company import APPS, PROJECTS, SHOP, Row, labels, row
from escher.demo.clouds.gcp.state import Project, digits

_METRIC = {"metricKind": "DELTA", "valueType": "INT64"}


def rows() -> Iterator[Row]:
    """All of them in both projects."""
    for project in PROJECTS:
        yield from _sinks(project)
        yield from _metrics(project)
        yield from _alerts(project)
        yield from _backups(project)


def _sinks(project: Project) -> Iterator[Row]:
    root = f"projects/{project.project_id}"
    places = (
        ("_Default", f"logging.googleapis.com/{root}/locations/global/buckets/_Default", ""),
        ("_Required", f"logging.googleapis.com/{root}/locations/global/buckets/_Required", 'LOG_ID("externalaudit")'),
        ("audit-archive", f"storage.googleapis.com/{project.project_id}-backups", "severity>=WARNING"),
        ("to-bigquery", f"bigquery.googleapis.com/{root}/datasets/events", 'resource.type="http_load_balancer"'),
    )
    for name, destination, chosen in places:
        yield row(
            "logging",
            project,
            f"sinks/{name}",
            800,
            destination=destination,
            **({"filter": chosen} if chosen else {}),
            writerIdentity=f"serviceAccount:service-{project.number}@gcp-sa-logging.iam.gserviceaccount.com",
            resourceName=f"{root}/sinks/{name}",
        )
    for name, location, days, locked in (
        ("_Default", "global", 30, False),
        ("_Required", "global", 400, True),
        ("eu", "europe-west1", 90, False),
    ):
        path = f"locations/{location}/buckets/{name}"
        yield row("logging", project, path, 800, retentionDays=days, locked=locked, lifecycleState="ACTIVE")


def _metrics(project: Project) -> Iterator[Row]:
    for app in APPS[project][:3]:
        yield row(
            "logging",
            project,
            f"metrics/{app}-errors",
            320,
            filter=f'resource.labels.app="{app}" AND severity>=ERROR',
            metricDescriptor=_METRIC | {"type": f"logging.googleapis.com/user/{app}-errors"},
            resourceName=f"projects/{project.project_id}/metrics/{app}-errors",
        )


def _alerts(project: Project) -> Iterator[Row]:
    for number, app in enumerate(APPS[project]):
        name = digits(f"{project.project_id}.{app}.alert")
        path = f"alertPolicies/{name}"
        threshold: dict[str, Any] = {
            "filter": 'metric.type="compute.googleapis.com/instance/cpu/utilization"',
            "comparison": "COMPARISON_GT",
            "thresholdValue": 0.9,
            "duration": "300s",
        }
        condition = {"displayName": "CPU", "conditionThreshold": threshold}
        yield row(
            "monitoring",
            project,
            path,
            190,
            displayName=f"{app}: CPU is high",
            enabled=number != 3,
            combiner="OR",
            conditions=[condition | {"name": f"projects/{project.project_id}/{path}/conditions/1"}],
            notificationChannels=[],
            userLabels=labels(app, "prod"),
        )


def _backups(project: Project) -> Iterator[Row]:
    if project == SHOP:
        yield row(
            "gkebackup",
            project,
            "locations/us-central1/backupPlans/shop-daily",
            120,
            cluster=f"projects/{project.project_id}/locations/us-central1/clusters/shop-cluster",
            state="READY",
            retentionPolicy={"backupRetainDays": 30},
            backupSchedule={"cronSchedule": "0 2 * * *"},
            labels=labels("api", "prod"),
        )
