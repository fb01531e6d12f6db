"""What the demo's GCP knows as assets: Cloud Asset's name of a type, the API that serves it and where in its paths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class AssetType:
    """A type of asset. `pattern` is the path of one within its API; `schema` its form in the API's document."""

    name: str
    api: str
    version: str
    pattern: str
    schema: str
    host: str

    def fits(self, path: str) -> bool:
        """Whether a path names an asset of this type."""
        mine, given = self.pattern.split("/"), path.split("/")
        return len(mine) == len(given) and all(m in ("*", g) for m, g in zip(mine, given, strict=True))


def _types(api: str, version: str, *rows: str, service: str = "", host: str = "") -> list[AssetType]:
    """A row is: name, pattern after `projects/*/`, schema if it is called otherwise."""
    made: list[AssetType] = []
    for row in rows:
        name, pattern, *schema = row.split()
        service_ = f"{service or api}.googleapis.com"
        full = pattern.removeprefix("/") if pattern.startswith("/") else f"projects/*/{pattern}"
        made.append(AssetType(f"{service_}/{name}", api, version, full, *(schema or [name]), host=host or service_))
    return made


ASSET_TYPES: tuple[AssetType, ...] = (
    *_types(
        "compute",
        "v1",
        "Project /projects/*",
        "Instance zones/*/instances/*",
        "Disk zones/*/disks/*",
        "RegionDisk regions/*/disks/* Disk",
        "Snapshot global/snapshots/*",
        "Image global/images/*",
        "InstanceTemplate global/instanceTemplates/*",
        "InstanceGroup zones/*/instanceGroups/*",
        "InstanceGroupManager zones/*/instanceGroupManagers/*",
        "Autoscaler zones/*/autoscalers/*",
        "ResourcePolicy regions/*/resourcePolicies/*",
        "Network global/networks/*",
        "Subnetwork regions/*/subnetworks/*",
        "Firewall global/firewalls/*",
        "Route global/routes/*",
        "Router regions/*/routers/*",
        "Address regions/*/addresses/*",
        "GlobalAddress global/addresses/* Address",
        "ForwardingRule regions/*/forwardingRules/*",
        "GlobalForwardingRule global/forwardingRules/* ForwardingRule",
        "BackendService global/backendServices/*",
        "RegionBackendService regions/*/backendServices/* BackendService",
        "BackendBucket global/backendBuckets/*",
        "HealthCheck global/healthChecks/*",
        "UrlMap global/urlMaps/*",
        "TargetHttpProxy global/targetHttpProxies/*",
        "TargetHttpsProxy global/targetHttpsProxies/*",
        "SslCertificate global/sslCertificates/*",
        "SecurityPolicy global/securityPolicies/*",
        "VpnGateway regions/*/vpnGateways/*",
        "TargetVpnGateway regions/*/targetVpnGateways/*",
        "ExternalVpnGateway global/externalVpnGateways/*",
        "VpnTunnel regions/*/vpnTunnels/*",
    ),
    *_types("cloudresourcemanager", "v1", "Project /projects/*"),
    *_types("serviceusage", "v1", "Service services/* GoogleApiServiceusageV1Service"),
    *_types("sqladmin", "v1", "Instance instances/* DatabaseInstance", host="cloudsql.googleapis.com"),
    *_types("storage", "v1", "Bucket /b/*"),
    *_types("cloudfunctions", "v2", "Function locations/*/functions/*"),
    *_types(
        "run",
        "v2",
        "Service locations/*/services/* GoogleCloudRunV2Service",
        "Job locations/*/jobs/* GoogleCloudRunV2Job",
    ),
    *_types("container", "v1", "Cluster locations/*/clusters/*", "NodePool locations/*/clusters/*/nodePools/*"),
    *_types("pubsub", "v1", "Topic topics/*", "Subscription subscriptions/*"),
    *_types("secretmanager", "v1", "Secret secrets/*"),
    *_types("cloudkms", "v1", "KeyRing locations/*/keyRings/*", "CryptoKey locations/*/keyRings/*/cryptoKeys/*"),
    *_types("iam", "v1", "ServiceAccount serviceAccounts/*"),
    *_types("dns", "v1", "ManagedZone managedZones/*"),
    *_types("redis", "v1", "Instance locations/*/instances/*"),
    *_types("firestore", "v1", "Database databases/* GoogleFirestoreAdminV1Database"),
    *_types(
        "bigtableadmin",
        "v2",
        "Instance instances/*",
        "Cluster instances/*/clusters/*",
        host="bigtable.googleapis.com",
    ),
    *_types("spanner", "v1", "Instance instances/*"),
    *_types("bigquery", "v2", "Dataset datasets/*"),
    *_types("artifactregistry", "v1", "Repository locations/*/repositories/*"),
    *_types("cloudscheduler", "v1", "Job locations/*/jobs/*"),
    *_types("cloudtasks", "v2", "Queue locations/*/queues/*"),
    *_types("logging", "v2", "LogSink sinks/*", "LogMetric metrics/*", "LogBucket locations/*/buckets/*"),
    *_types("monitoring", "v3", "AlertPolicy alertPolicies/*"),
    *_types("file", "v1", "Instance locations/*/instances/*"),
    *_types("dataproc", "v1", "Cluster regions/*/clusters/*"),
    *_types("workflows", "v1", "Workflow locations/*/workflows/*"),
    *_types("domains", "v1", "Registration locations/*/registrations/*"),
    *_types("gkebackup", "v1", "BackupPlan locations/*/backupPlans/*"),
)
BY_NAME = {found.name: found for found in ASSET_TYPES}


def type_at(api: str, path: str) -> AssetType | None:
    """The type of what an API serves at a path, None if Cloud Asset does not know it."""
    return next((found for found in ASSET_TYPES if found.api == api and found.fits(path)), None)


def asset_name(found: AssetType, path: str, data: dict[str, Any], number: Callable[[str], str]) -> str:
    """The full resource name of an asset. `number` gives a project's number."""
    special = _SPECIAL.get(found.name)
    return f"//{found.host}/{special(path, data, number) if special else path}"


def _numbered(path: str, _data: dict[str, Any], number: Callable[[str], str]) -> str:
    _, project, *rest = path.split("/")
    return "/".join(("projects", number(project), *rest))


def _cluster(path: str, _data: dict[str, Any], _number: Callable[[str], str]) -> str:
    """Clusters in a zone are named by the zone."""
    return path.replace("/locations/", "/zones/") if path.split("/")[3].count("-") > 1 else path


_SPECIAL: dict[str, Callable[[str, dict[str, Any], Callable[[str], str]], str]] = {
    "storage.googleapis.com/Bucket": lambda path, _data, _number: path.removeprefix("b/"),
    "iam.googleapis.com/ServiceAccount": lambda path, data, _number: (
        f"{path.rpartition('/')[0]}/{data.get('uniqueId', '')}"
    ),
    "cloudresourcemanager.googleapis.com/Project": _numbered,
    "serviceusage.googleapis.com/Service": _numbered,
    "secretmanager.googleapis.com/Secret": _numbered,
    "dns.googleapis.com/ManagedZone": lambda path, data, number: _numbered(
        f"{path.rpartition('/')[0]}/{data.get('id', '')}", data, number
    ),
    "container.googleapis.com/Cluster": _cluster,
    "container.googleapis.com/NodePool": _cluster,
}
