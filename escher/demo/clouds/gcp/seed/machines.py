"""Instances with their disks, and the groups, templates and autoscalers that keep some of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from escher.demo.clouds.gcp.seed.company import DATA, SHOP, ZONES, Row, compute, in_project, labels
from escher.demo.clouds.gcp.state import Project, digits


@dataclass(frozen=True, slots=True)
class Fleet:
    """A number of equal instances. `managed` ones belong to a managed group; `data_gb` is a second disk's size."""

    project: Project
    app: str
    env: str
    role: str
    count: int
    machine: str
    region: str
    age_days: int
    statuses: str = "R"
    data_gb: int = 0
    managed: bool = False
    public: bool = False
    protected: bool = False
    more: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """`checkout-web-prod`; waste has only its role."""
        return "-".join(part for part in (self.app, self.role, self.env) if part)


@dataclass(frozen=True, slots=True)
class _Disk:
    name: str
    size_gb: int
    boot: bool


_STATUS = {"R": "RUNNING", "T": "TERMINATED", "S": "SUSPENDED"}
_TERRAFORM = (("goog-terraform-provisioned", "true"),)
_NODES = (("goog-gke-node", ""), ("goog-k8s-cluster-name", "shop-cluster"))
_C, _E, _W = ZONES
FLEETS = (
    Fleet(SHOP, "checkout", "prod", "web", 5, "n2-standard-4", _C, 410, public=True, managed=True, more=_TERRAFORM),
    Fleet(SHOP, "checkout", "prod", "web", 4, "n2-standard-4", _E, 300, managed=True, more=_TERRAFORM),
    Fleet(SHOP, "orders", "prod", "db", 3, "n2-highmem-8", _C, 520, data_gb=500, protected=True),
    Fleet(SHOP, "orders", "staging", "db", 2, "n2-standard-4", _C, 210, "RT", data_gb=100),
    Fleet(SHOP, "catalog", "prod", "worker", 4, "e2-standard-4", _E, 350, data_gb=200),
    Fleet(SHOP, "catalog", "dev", "worker", 4, "e2-medium", _E, 120, "TTRS"),
    Fleet(SHOP, "search", "prod", "node", 5, "c3-standard-8", _C, 260, data_gb=300),
    Fleet(SHOP, "search", "staging", "node", 3, "e2-standard-2", _W, 95, "RTS"),
    Fleet(SHOP, "api", "prod", "gateway", 3, "n2-standard-2", _W, 400, public=True, managed=True),
    Fleet(SHOP, "api", "prod", "pool", 3, "e2-standard-4", _C, 150, more=_NODES),
    Fleet(SHOP, "", "", "old-bastion", 2, "e2-micro", _C, 900, "RT", public=True),
    Fleet(SHOP, "", "", "test-vm", 3, "e2-small", _W, 30, "TRS"),
    Fleet(DATA, "ingest", "prod", "collector", 6, "n2-standard-2", _C, 380, managed=True, more=_TERRAFORM),
    Fleet(DATA, "ingest", "prod", "collector", 3, "n2-standard-2", _E, 280, managed=True),
    Fleet(DATA, "warehouse", "prod", "loader", 5, "n2-highmem-8", _C, 450, data_gb=1000, protected=True),
    Fleet(DATA, "warehouse", "dev", "loader", 4, "e2-standard-4", _W, 140, "TTRS", data_gb=100),
    Fleet(DATA, "reports", "prod", "render", 5, "e2-standard-4", _E, 330, data_gb=50),
    Fleet(DATA, "reports", "staging", "render", 3, "e2-medium", _E, 90, "RTS"),
    Fleet(DATA, "forecast", "prod", "train", 4, "c3-standard-8", _C, 200, "RRTS", data_gb=400),
    Fleet(DATA, "forecast", "dev", "notebook", 5, "n2-standard-8", _W, 60, "RTTSS"),
    Fleet(DATA, "api", "prod", "gateway", 3, "n2-standard-2", _C, 240, public=True),
    Fleet(DATA, "", "", "scratch", 4, "e2-standard-2", _W, 700, "RT"),
)


def rows() -> Iterator[Row]:
    """Everything that the fleets need."""
    for place, fleet in enumerate(FLEETS):
        for number in range(1, fleet.count + 1):
            yield from _machine(fleet, place, number)
        if fleet.managed:
            yield from _managed_group(fleet)
    for project, app in ((SHOP, "search"), (DATA, "reports")):
        yield from _plain_group(project, app)


def _zone(fleet: Fleet, number: int) -> str:
    return ZONES[fleet.region][0 if fleet.managed else number % 2]


def _machine(fleet: Fleet, place: int, number: int) -> Iterator[Row]:
    project, zone = fleet.project, _zone(fleet, number)
    name = f"{fleet.name}-{digits(f'{place}.{number}', 4)}" if fleet.managed else f"{fleet.name}-{number:02}"
    status = _STATUS[fleet.statuses[(number - 1) % len(fleet.statuses)]]
    path, given = f"zones/{zone}/instances/{name}", labels(fleet.app, fleet.env, **dict(fleet.more))
    disks = [_Disk(name, 20, True)] + ([_Disk(f"{name}-data", fleet.data_gb, False)] if fleet.data_gb else [])
    yield compute(
        project,
        path,
        fleet.age_days - number,
        status=status,
        machineType=in_project(project, f"zones/{zone}/machineTypes/{fleet.machine}"),
        labels=given,
        disks=[_attached(fleet, zone, index, disk) for index, disk in enumerate(disks)],
        networkInterfaces=[_interface(fleet, place, number)],
        tags={"items": [fleet.role, *(["public"] if fleet.public else [])], "fingerprint": "6smc4R4d39I="},
        metadata=_metadata(fleet, zone),
        serviceAccounts=[
            {
                "email": f"{fleet.app or 'legacy'}-runtime@{project.project_id}.iam.gserviceaccount.com",
                "scopes": ["https://www.googleapis.com/auth/cloud-platform"],
            }
        ],
        scheduling={
            "automaticRestart": fleet.env == "prod",
            "onHostMaintenance": "MIGRATE",
            "preemptible": False,
            "provisioningModel": "STANDARD",
        },
        deletionProtection=fleet.protected,
        canIpForward=False,
        startRestricted=False,
        cpuPlatform="Intel Ice Lake" if status == "RUNNING" else "Unknown CPU Platform",
        shieldedInstanceConfig={"enableSecureBoot": False, "enableVtpm": True, "enableIntegrityMonitoring": True},
    )
    for disk in disks:
        yield _disk(fleet, zone, path, disk, fleet.age_days - number)


def _attached(fleet: Fleet, zone: str, index: int, disk: _Disk) -> dict[str, Any]:
    return {
        "kind": "compute#attachedDisk",
        "type": "PERSISTENT",
        "mode": "READ_WRITE",
        "source": in_project(fleet.project, f"zones/{zone}/disks/{disk.name}"),
        "deviceName": disk.name if not disk.boot else "persistent-disk-0",
        "index": index,
        "boot": disk.boot,
        "autoDelete": disk.boot,
        "interface": "SCSI",
        "diskSizeGb": str(disk.size_gb),
    }


def _disk(fleet: Fleet, zone: str, user: str, disk: _Disk, age_days: int) -> Row:
    kind = "pd-balanced" if disk.boot else "pd-ssd"
    return compute(
        fleet.project,
        f"zones/{zone}/disks/{disk.name}",
        age_days,
        sizeGb=str(disk.size_gb),
        status="READY",
        type=in_project(fleet.project, f"zones/{zone}/diskTypes/{kind}"),
        labels=labels(fleet.app, fleet.env),
        users=[in_project(fleet.project, user)],
        physicalBlockSizeBytes="4096",
        **({"sourceImage": in_project(fleet.project, "global/images/base-2026-01")} if disk.boot else {}),
    )


def _interface(fleet: Fleet, place: int, number: int) -> dict[str, Any]:
    third = list(ZONES).index(fleet.region)
    interface: dict[str, Any] = {
        "kind": "compute#networkInterface",
        "name": "nic0",
        "network": in_project(fleet.project, "global/networks/main"),
        "subnetwork": in_project(fleet.project, f"regions/{fleet.region}/subnetworks/main-{fleet.region}"),
        "networkIP": f"10.{10 + third}.{place}.{number + 1}",
        "stackType": "IPV4_ONLY",
        "fingerprint": "Zk2x8v0q1bE=",
    }
    if fleet.public:
        access = {"kind": "compute#accessConfig", "type": "ONE_TO_ONE_NAT", "name": "External NAT"}
        interface["accessConfigs"] = [access | {"natIP": f"203.0.113.{place * 8 + number}", "networkTier": "PREMIUM"}]
    return interface


def _metadata(fleet: Fleet, zone: str) -> dict[str, Any]:
    items = [{"key": "enable-oslogin", "value": "true"}]
    if fleet.managed:
        manager = f"projects/{fleet.project.number}/zones/{zone}/instanceGroupManagers/{fleet.name}-group"
        items.append({"key": "created-by", "value": manager})
    return {"kind": "compute#metadata", "fingerprint": "Xd1o2r7s5bM=", "items": items}


def _managed_group(fleet: Fleet) -> Iterator[Row]:
    project, zone = fleet.project, ZONES[fleet.region][0]
    template, group = f"global/instanceTemplates/{fleet.name}-{fleet.region}", f"{fleet.name}-group"
    properties = {
        "machineType": fleet.machine,
        "labels": labels(fleet.app, fleet.env),
        "networkInterfaces": [{"network": in_project(project, "global/networks/main"), "name": "nic0"}],
        "disks": [{"boot": True, "autoDelete": True, "type": "PERSISTENT", "mode": "READ_WRITE"}],
        "canIpForward": False,
    }
    yield compute(project, template, fleet.age_days, properties=properties)
    yield compute(
        project,
        f"zones/{zone}/instanceGroupManagers/{group}",
        fleet.age_days,
        instanceTemplate=in_project(project, template),
        instanceGroup=in_project(project, f"zones/{zone}/instanceGroups/{group}"),
        baseInstanceName=fleet.name,
        targetSize=fleet.count,
        status={"isStable": True, "stateful": {"hasStatefulConfig": False}},
    )
    yield _group(project, zone, group, fleet.count, fleet.age_days)
    yield compute(
        project,
        f"zones/{zone}/autoscalers/{group}",
        fleet.age_days,
        target=in_project(project, f"zones/{zone}/instanceGroupManagers/{group}"),
        status="ACTIVE",
        recommendedSize=fleet.count,
        autoscalingPolicy={
            "minNumReplicas": 2,
            "maxNumReplicas": 10,
            "coolDownPeriodSec": 60,
            "mode": "ON",
            "cpuUtilization": {"utilizationTarget": 0.6},
        },
    )


def _plain_group(project: Project, app: str) -> Iterator[Row]:
    for zone in ZONES["us-central1" if app == "search" else "europe-west1"]:
        yield _group(project, zone, f"{app}-nodes-{zone[-1]}", 2, 180)


def _group(project: Project, zone: str, name: str, size: int, age_days: int) -> Row:
    region = zone.rpartition("-")[0]
    return compute(
        project,
        f"zones/{zone}/instanceGroups/{name}",
        age_days,
        size=size,
        network=in_project(project, "global/networks/main"),
        subnetwork=in_project(project, f"regions/{region}/subnetworks/main-{region}"),
        namedPorts=[{"name": "http", "port": 8080}],
    )
