"""What runs without machines of one's own, or on Kubernetes: functions, services, jobs, clusters, messages, schedules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from escher.demo.clouds.gcp.seed.company import APPS, PROJECTS, REGIONS, SHOP, Row, in_project, labels, row
from escher.demo.clouds.gcp.state import Project, digits

_RUNTIMES = ("python312", "nodejs20", "go122", "python39", "java17")
_READY = {"type": "Ready", "state": "CONDITION_SUCCEEDED"}


def rows() -> Iterator[Row]:
    """All of them in both projects."""
    for project in PROJECTS:
        for place, app in enumerate(APPS[project]):
            region = REGIONS[place % 3]
            yield _function(project, app, region, place)
            yield _service(project, app, region, place)
            yield from _messages(project, app, place)
            yield _schedule(project, app, region, place)
        yield _job(project, APPS[project][0])
        yield from _clusters(project)
        yield from _queues(project)
        yield from _images(project)
        yield from _workflows(project)


def _account(project: Project, app: str) -> str:
    return f"{app}-runtime@{project.project_id}.iam.gserviceaccount.com"


def _function(project: Project, app: str, region: str, place: int) -> Row:
    path = f"locations/{region}/functions/{app}-hook"
    service: dict[str, Any] = {
        "service": f"projects/{project.project_id}/locations/{region}/services/{app}-hook",
        "availableMemory": f"{256 * (1 + place % 3)}Mi",
        "timeoutSeconds": 60,
        "maxInstanceCount": 20,
        "serviceAccountEmail": _account(project, app),
        "ingressSettings": "ALLOW_ALL",
        "allTrafficOnLatestRevision": True,
    }
    return row(
        "cloudfunctions",
        project,
        path,
        140 + place * 20,
        state="FAILED" if place == 3 else "ACTIVE",
        environment="GEN_2",
        buildConfig={"runtime": _RUNTIMES[place], "entryPoint": "main"},
        serviceConfig=service,
        labels=labels(app, "prod"),
        url=f"https://{region}-{project.project_id}.cloudfunctions.net/{app}-hook",
    )


def _service(project: Project, app: str, region: str, place: int) -> Row:
    image = f"{region}-docker.pkg.dev/{project.project_id}/images/{app}:1.{place}"
    return row(
        "run",
        project,
        f"locations/{region}/services/{app}-front",
        110 + place * 20,
        ingress="INGRESS_TRAFFIC_ALL" if place % 2 == 0 else "INGRESS_TRAFFIC_INTERNAL_ONLY",
        launchStage="GA",
        generation="4",
        template={
            "serviceAccount": _account(project, app),
            "containers": [{"image": image, "resources": {"limits": {"cpu": "1000m", "memory": "512Mi"}}}],
            "maxInstanceRequestConcurrency": 80,
        },
        terminalCondition=_READY,
        labels=labels(app, "prod"),
        uri=f"https://{app}-front-{digits(app, 6)}.a.run.app",
    )


def _job(project: Project, app: str) -> Row:
    return row(
        "run",
        project,
        f"locations/us-central1/jobs/{app}-nightly",
        75,
        launchStage="GA",
        executionCount=75,
        template={"template": {"containers": [{"image": f"us-docker.pkg.dev/{project.project_id}/images/{app}:job"}]}},
        terminalCondition=_READY,
        labels=labels(app, "prod"),
    )


def _messages(project: Project, app: str, place: int) -> Iterator[Row]:
    for what in ("events", "dead-letters") if place < 3 else ("events",):
        topic = f"projects/{project.project_id}/topics/{app}-{what}"
        yield row("pubsub", project, f"topics/{app}-{what}", 240, labels=labels(app, "prod"), state="ACTIVE")
        yield row(
            "pubsub",
            project,
            f"subscriptions/{app}-{what}-worker",
            240,
            topic=topic if place != 1 or what == "events" else "_deleted-topic_",
            ackDeadlineSeconds=30,
            messageRetentionDuration="604800s",
            pushConfig={},
            expirationPolicy={"ttl": "2678400s"},
            labels=labels(app, "prod"),
            state="ACTIVE",
        )


def _schedule(project: Project, app: str, region: str, place: int) -> Row:
    return row(
        "cloudscheduler",
        project,
        f"locations/{region}/jobs/{app}-tick",
        160,
        schedule=f"{place * 7} 3 * * *",
        timeZone="Etc/UTC",
        state="PAUSED" if place == 2 else "ENABLED",
        pubsubTarget={"topicName": f"projects/{project.project_id}/topics/{app}-events"},
        userUpdateTime="2026-01-03T09:00:00.000Z",
    )


def _clusters(project: Project) -> Iterator[Row]:
    name = f"{'shop' if project == SHOP else 'data'}-cluster"
    for place, short in ((("us-central1"), ""), ("europe-west1-b", "-test")):
        path = f"locations/{place}/clusters/{name}{short}"
        pools = [
            _pool(project, place, name + short, pool, number)
            for number, pool in enumerate(("default-pool", "large-pool"))
        ]
        yield row(
            "container",
            project,
            path,
            330,
            id=digits(f"{project.project_id}{path}", 32),
            status="RUNNING",
            location=place,
            zone=place,
            locations=[f"{place}-b"] if place.count("-") == 1 else [place],
            network="main",
            subnetwork=f"main-{place[: place.rindex('1') + 1]}",
            initialClusterVersion="1.30.5-gke.1014001",
            currentMasterVersion="1.31.4-gke.1183000",
            currentNodeVersion="1.31.4-gke.1183000",
            currentNodeCount=5,
            endpoint="203.0.113.90",
            resourceLabels=labels("api", "prod" if not short else "staging"),
            autopilot={"enabled": False},
            releaseChannel={"channel": "REGULAR"},
            nodePools=pools,
            selfLink=f"https://container.googleapis.com/v1/projects/{project.project_id}/{path}",
        )
        for pool in pools:
            yield row("container", project, f"{path}/nodePools/{pool['name']}", 330, **pool)


def _pool(project: Project, place: str, cluster: str, name: str, number: int) -> dict[str, Any]:
    kind = "zones" if place.count("-") == 2 else "locations"
    path = f"projects/{project.project_id}/{kind}/{place}/clusters/{cluster}/nodePools/{name}"
    return {
        "name": name,
        "status": "RUNNING",
        "initialNodeCount": 3 - number,
        "version": "1.31.4-gke.1183000",
        "config": {
            "machineType": ("e2-standard-4", "n2-standard-8")[number],
            "diskSizeGb": 100,
            "diskType": "pd-balanced",
        },
        "autoscaling": {"enabled": True, "minNodeCount": 1, "maxNodeCount": 6},
        "management": {"autoUpgrade": True, "autoRepair": True},
        "instanceGroupUrls": [in_project(project, f"zones/{place[:11]}-b/instanceGroupManagers/gke-{cluster}-{name}")],
        "selfLink": f"https://container.googleapis.com/v1/{path}",
    }


def _queues(project: Project) -> Iterator[Row]:
    for number, app in enumerate(APPS[project][:3]):
        yield row(
            "cloudtasks",
            project,
            f"locations/us-central1/queues/{app}-work",
            state="PAUSED" if number == 2 else "RUNNING",
            rateLimits={"maxDispatchesPerSecond": 500, "maxConcurrentDispatches": 1000, "maxBurstSize": 100},
            retryConfig={"maxAttempts": 100, "minBackoff": "0.100s", "maxBackoff": "3600s", "maxDoublings": 16},
        )


def _images(project: Project) -> Iterator[Row]:
    for name, form, region in (("images", "DOCKER", "us-central1"), ("packages", "PYTHON", "europe-west1")):
        yield row(
            "artifactregistry",
            project,
            f"locations/{region}/repositories/{name}",
            400,
            format=form,
            mode="STANDARD_REPOSITORY",
            sizeBytes="48318382080",
            labels=labels("api", "prod"),
        )


def _workflows(project: Project) -> Iterator[Row]:
    for app in APPS[project][:2]:
        yield row(
            "workflows",
            project,
            f"locations/us-central1/workflows/{app}-rollout",
            state="ACTIVE",
            revisionId="000002-3fa",
            serviceAccount=f"projects/{project.project_id}/serviceAccounts/{_account(project, app)}",
            callLogLevel="LOG_ERRORS_ONLY",
            labels=labels(app, "prod"),
        )
