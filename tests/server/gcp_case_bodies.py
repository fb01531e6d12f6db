"""What the things of the library's GCP cases are made of: the calls of Google's APIs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from escher_server.library.cases import Thing

REGION, ZONE = "us-central1", "us-central1-a"


@dataclass(frozen=True, slots=True)
class Made:
    """One call (POST) that makes a thing, or what it needs or goes with it. `path` begins with the API."""

    path: str
    body: Any = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A thing of a case under the name that it gets in a project."""

    project: str
    name: str
    thing: Thing

    @property
    def compute(self) -> str:
        """The project's own part of the paths of Compute Engine."""
        return f"compute/v1/projects/{self.project}"

    @property
    def link(self) -> str:
        """What the names of things of Compute Engine begin with in bodies."""
        return f"https://www.googleapis.com/{self.compute}"

    def fact(self, name: str, usual: Any = None) -> Any:
        """A fact of the thing, or the usual one."""
        return self.thing.facts.get(name, usual)

    def body(self, **properties: Any) -> dict[str, Any]:
        """A body with its name and labels; what it has no fact for is left out, as it is at Google."""
        told = {name: value for name, value in properties.items() if value is not None}
        return {"name": self.name, "labels": self.thing.tags} | told


def _machine(wanted: Wanted) -> list[Made]:
    place = f"{wanted.compute}/zones/{ZONE}/instances"
    disk = {"boot": True, "autoDelete": True, "initializeParams": {"diskSizeGb": "10"}}
    machine = wanted.body(
        machineType=f"zones/{ZONE}/machineTypes/{wanted.fact('instance_type', 'e2-small')}",
        disks=[disk],
        networkInterfaces=[{"network": "global/networks/main"}],
        deletionProtection=wanted.fact("deletion_protection", usual=False),
    )
    off = [Made(f"{place}/{wanted.name}/stop")] if wanted.fact("state") == "stopped" else []
    return [Made(place, machine), *off]


def _disk(wanted: Wanted) -> list[Made]:
    size = str(wanted.fact("size_gib", 10))
    if wanted.fact("regional"):
        zones = [f"{wanted.link}/zones/{REGION}-{letter}" for letter in "ab"]
        return [Made(f"{wanted.compute}/regions/{REGION}/disks", wanted.body(sizeGb=size, replicaZones=zones))]
    disk = Made(f"{wanted.compute}/zones/{ZONE}/disks", wanted.body(sizeGb=size))
    return [disk, _user(wanted)] if wanted.fact("attached") else [disk]


def _user(wanted: Wanted) -> Made:
    """A machine that has the disk."""
    body = {
        "name": f"of-{wanted.name}",
        "machineType": f"zones/{ZONE}/machineTypes/e2-small",
        "disks": [{"boot": True, "source": f"{wanted.link}/zones/{ZONE}/disks/{wanted.name}"}],
        "networkInterfaces": [{"network": "global/networks/main"}],
    }
    return Made(f"{wanted.compute}/zones/{ZONE}/instances", body)


def _snapshot(wanted: Wanted) -> list[Made]:
    disk = Made(f"{wanted.compute}/zones/{ZONE}/disks", {"name": f"of-{wanted.name}", "sizeGb": "10"})
    source = f"{wanted.link}/zones/{ZONE}/disks/of-{wanted.name}"
    return [disk, Made(f"{wanted.compute}/global/snapshots", wanted.body(sourceDisk=source))]


def _address(wanted: Wanted) -> list[Made]:
    scope = wanted.fact("scope", f"regions/{REGION}")
    used = {"status": "IN_USE", "users": [f"{wanted.link}/{scope}/forwardingRules/front"]}
    address = wanted.body(
        addressType="INTERNAL" if wanted.fact("internal") else "EXTERNAL", **(used if wanted.fact("attached") else {})
    )
    return [Made(f"{wanted.compute}/{scope}/addresses", address)]


def _firewall(wanted: Wanted) -> list[Made]:
    """`rule` is `protocol:port,port source`."""
    allowed, source = str(wanted.fact("rule")).split(" ")
    protocol, ports = allowed.split(":")
    rule = {
        "name": wanted.name,
        "network": f"{wanted.link}/global/networks/main",
        "allowed": [{"IPProtocol": protocol, "ports": ports.split(",")}],
        "sourceRanges": [source],
        "disabled": not wanted.fact("enabled", usual=True),
    }
    return [Made(f"{wanted.compute}/global/firewalls", rule)]


def _group(wanted: Wanted) -> list[Made]:
    scaler = {"autoscaler": f"{wanted.link}/zones/{ZONE}/autoscalers/{wanted.name}"}
    group = {
        "name": wanted.name,
        "baseInstanceName": "web",
        "instanceTemplate": f"{wanted.link}/global/instanceTemplates/web",
        "targetSize": wanted.fact("desired_capacity"),
        "status": {"isStable": True} | (scaler if wanted.fact("autoscaled") else {}),
    }
    return [Made(f"{wanted.compute}/zones/{ZONE}/instanceGroupManagers", group)]


def _bucket(wanted: Wanted) -> list[Made]:
    bucket = wanted.body(
        iamConfiguration={
            "publicAccessPrevention": wanted.fact("public_access_prevention", "inherited"),
            "uniformBucketLevelAccess": {"enabled": wanted.fact("uniform_access", usual=False)},
        },
        versioning={"enabled": True} if wanted.fact("versioned") else None,
    )
    return [Made(f"storage/v1/b?project={wanted.project}", bucket)]


def _database(wanted: Wanted) -> list[Made]:
    kept = {"enabled": True, "backupRetentionSettings": {"retainedBackups": wanted.fact("backups_kept", 7)}}
    settings = {
        "tier": wanted.fact("instance_type", "db-f1-micro"),
        "activationPolicy": "NEVER" if wanted.fact("state") == "stopped" else "ALWAYS",
        "userLabels": wanted.thing.tags,
        "ipConfiguration": {"sslMode": wanted.fact("tls_mode", "ENCRYPTED_ONLY")},
        "backupConfiguration": kept,
        "deletionProtectionEnabled": wanted.fact("deletion_protection", usual=False),
    }
    body = {"name": wanted.name, "region": REGION, "databaseVersion": "POSTGRES_16", "settings": settings}
    return [Made(f"sqladmin/v1/projects/{wanted.project}/instances", body)]


def _account(wanted: Wanted) -> list[Made]:
    place = f"iam/v1/projects/{wanted.project}/serviceAccounts"
    email = f"{wanted.name}@{wanted.project}.iam.gserviceaccount.com"
    made = Made(place, {"accountId": wanted.name, "serviceAccount": {"displayName": wanted.name}})
    return [made] if wanted.fact("enabled", usual=True) else [made, Made(f"{place}/{email}:disable")]


def _job(wanted: Wanted) -> list[Made]:
    place = f"cloudscheduler/v1/projects/{wanted.project}/locations/{REGION}/jobs"
    state = "PAUSED" if wanted.fact("state") == "stopped" else "ENABLED"
    target = {"topicName": f"projects/{wanted.project}/topics/ticks", "data": "dGljaw=="}
    body = {"name": f"{place.partition('v1/')[2]}/{wanted.name}", "schedule": "0 3 * * *", "state": state}
    return [Made(place, body | {"pubsubTarget": target})]


def _logs(wanted: Wanted) -> list[Made]:
    body = {"retentionDays": wanted.fact("retention_days"), "lifecycleState": "ACTIVE"}
    place = f"logging/v2/projects/{wanted.project}/locations/{REGION}/buckets?bucketId={wanted.name}"
    return [Made(place, body | ({"locked": True} if wanted.fact("locked") else {}))]


MAKE: Mapping[str, Callable[[Wanted], list[Made]]] = {
    "gcp_compute_instance": _machine,
    "gcp_compute_disk": _disk,
    "gcp_compute_snapshot": _snapshot,
    "gcp_compute_address": _address,
    "gcp_compute_firewall": _firewall,
    "gcp_compute_instance_group_manager": _group,
    "gcp_storage_bucket": _bucket,
    "gcp_sql_database_instance": _database,
    "gcp_service_account": _account,
    "gcp_cloud_scheduler_job": _job,
    "gcp_logging_bucket": _logs,
}
