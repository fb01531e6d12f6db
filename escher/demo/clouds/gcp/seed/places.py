"""What is there before anybody makes anything: the projects, the APIs that are on, regions, zones, machine types."""

from __future__ import annotations

from collections.abc import Iterator

from escher.demo.clouds.gcp.asset_types import ASSET_TYPES
from escher.demo.clouds.gcp.discovery import document
from escher.demo.clouds.gcp.seed.company import DATA, EVERY_ZONE, PROJECTS, REGIONS, Row, compute, in_project, row
from escher.demo.clouds.gcp.state import Project

# name: (CPUs, memory in MB)
MACHINES = {
    "e2-micro": (2, 1024),
    "e2-small": (2, 2048),
    "e2-medium": (2, 4096),
    "e2-standard-2": (2, 8192),
    "e2-standard-4": (4, 16384),
    "e2-standard-8": (8, 32768),
    "n2-standard-2": (2, 8192),
    "n2-standard-4": (4, 16384),
    "n2-standard-8": (8, 32768),
    "n2-highmem-8": (8, 65536),
    "c3-standard-8": (8, 32768),
}
# What nobody uses in a project is off there.
_OFF = {DATA: ("domains", "gkebackup", "file"), PROJECTS[0]: ("spanner", "dataproc")}
_MORE = ("cloudasset", "vpcaccess", "eventarc")


def rows() -> Iterator[Row]:
    """Both projects."""
    for project in PROJECTS:
        yield from _project(project)
        yield from _services(project)
        yield from _zones(project)


def is_off(project: Project, api: str) -> bool:
    """Whether an API is off in a project from the start."""
    return api in _OFF[project]


def _project(project: Project) -> Iterator[Row]:
    given = {"env": "prod", "company-unit": project.name}
    parent = {"type": "organization", "id": "482015739604"}
    yield row(
        "cloudresourcemanager",
        project,
        "",
        900,
        projectNumber=project.number,
        projectId=project.project_id,
        name=project.name,
        lifecycleState="ACTIVE",
        parent=parent,
        labels=given,
    )
    yield compute(
        project,
        "",
        900,
        name=project.project_id,
        id=project.number,
        defaultServiceAccount=f"{project.number}-compute@developer.gserviceaccount.com",
        commonInstanceMetadata={"kind": "compute#metadata", "fingerprint": "Yk3r9q1x2bA=", "items": []},
        xpnProjectStatus="UNSPECIFIED_XPN_PROJECT_STATUS",
        defaultNetworkTier="PREMIUM",
    )


def _services(project: Project) -> Iterator[Row]:
    apis = dict.fromkeys([kind.api for kind in ASSET_TYPES] + list(_MORE))
    for api in apis:
        name = f"{api}.googleapis.com"
        version = next((kind.version for kind in ASSET_TYPES if kind.api == api), "v1")
        found = document(api, version)
        yield row(
            "serviceusage",
            project,
            f"services/{name}",
            900,
            name=f"projects/{project.number}/services/{name}",
            parent=f"projects/{project.number}",
            state="DISABLED" if is_off(project, api) or api in _MORE[1:] else "ENABLED",
            config={"name": name, "title": found.title if found else name},
        )


def _zones(project: Project) -> Iterator[Row]:
    for region in REGIONS:
        links = [in_project(project, f"zones/{zone}") for zone in EVERY_ZONE if zone.startswith(region)]
        yield compute(project, f"regions/{region}", 3000, status="UP", zones=links, quotas=[], description=region)
    for zone in EVERY_ZONE:
        region = zone.rpartition("-")[0]
        yield compute(
            project,
            f"zones/{zone}",
            3000,
            status="UP",
            region=in_project(project, f"regions/{region}"),
            description=zone,
        )
        for name, (cpus, memory) in MACHINES.items():
            yield compute(
                project,
                f"zones/{zone}/machineTypes/{name}",
                3000,
                zone=zone,
                guestCpus=cpus,
                memoryMb=memory,
                description=f"{cpus} vCPUs, {memory // 1024} GB RAM",
                maximumPersistentDisks=128,
                maximumPersistentDisksSizeGb="263168",
                isSharedCpu=name in ("e2-micro", "e2-small", "e2-medium"),
            )
