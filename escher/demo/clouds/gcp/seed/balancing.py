"""The way in: forwarding rules, proxies, URL maps, backend services, health checks, certificates, policies."""

from __future__ import annotations

from collections.abc import Iterator

from escher.demo.clouds.gcp.seed.company import DATA, SHOP, Row, compute, in_project, labels
from escher.demo.clouds.gcp.seed.machines import FLEETS
from escher.demo.clouds.gcp.state import Project

# (project, application, whether it speaks https)
_SITES = (
    (SHOP, "checkout", True),
    (SHOP, "api", True),
    (SHOP, "search", False),
    (DATA, "ingest", True),
    (DATA, "reports", False),
)


def rows() -> Iterator[Row]:
    """A site is a chain from its address to its group."""
    for number, (project, app, secure) in enumerate(_SITES):
        yield from _behind(project, app, 420 - 30 * number)
        yield from _front(project, app, secure, number)
    for project in (SHOP, DATA):
        yield _policy(project)
        yield from _internal(project)
        yield compute(
            project, "global/healthChecks/internal-tcp", 640, type="TCP", tcpHealthCheck={"port": 9000}, **_TIMES
        )
        yield compute(
            project,
            "global/backendBuckets/static-assets",
            310,
            bucketName=f"{project.project_id}-static-assets",
            enableCdn=True,
        )


_TIMES = {"checkIntervalSec": 10, "timeoutSec": 5, "healthyThreshold": 2, "unhealthyThreshold": 3}


def _group(project: Project, app: str) -> str:
    fleet = next((fleet for fleet in FLEETS if fleet.project == project and fleet.app == app and fleet.managed), None)
    if fleet is None:
        zone = "us-central1-a" if app == "search" else "europe-west1-b"
        return in_project(project, f"zones/{zone}/instanceGroups/{app}-nodes-{zone[-1]}")
    zone = {"us-central1": "us-central1-a", "europe-west1": "europe-west1-b", "us-west1": "us-west1-a"}[fleet.region]
    return in_project(project, f"zones/{zone}/instanceGroups/{fleet.name}-group")


def _behind(project: Project, app: str, age: int) -> Iterator[Row]:
    yield compute(
        project,
        f"global/healthChecks/{app}-http",
        age,
        type="HTTP",
        httpHealthCheck={"port": 8080, "requestPath": "/healthz"},
        **_TIMES,
    )
    yield compute(
        project,
        f"global/backendServices/{app}",
        age,
        protocol="HTTP",
        portName="http",
        timeoutSec=30,
        loadBalancingScheme="EXTERNAL_MANAGED",
        healthChecks=[in_project(project, f"global/healthChecks/{app}-http")],
        backends=[{"group": _group(project, app), "balancingMode": "UTILIZATION", "maxUtilization": 0.8}],
        securityPolicy=in_project(project, "global/securityPolicies/edge"),
        enableCDN=False,
    )
    yield compute(
        project,
        f"global/urlMaps/{app}",
        age,
        defaultService=in_project(project, f"global/backendServices/{app}"),
        hostRules=[{"hosts": [f"{app}.escher-demo.example"], "pathMatcher": "all"}],
        pathMatchers=[{"name": "all", "defaultService": in_project(project, f"global/backendServices/{app}")}],
    )


def _front(project: Project, app: str, secure: bool, number: int) -> Iterator[Row]:
    scheme, kind = ("https", "targetHttpsProxies") if secure else ("http", "targetHttpProxies")
    address, age = f"203.0.113.{230 + number}", 420 - 30 * number
    rule = in_project(project, f"global/forwardingRules/{app}-{scheme}")
    certificate = f"global/sslCertificates/{app}-2026"
    if secure:
        yield compute(
            project,
            certificate,
            90,
            type="MANAGED",
            managed={"domains": [f"{app}.escher-demo.example"], "status": "ACTIVE"},
            expireTime="2027-03-01T00:00:00.000-00:00",
        )
    certificates = {"sslCertificates": [in_project(project, certificate)]} if secure else {}
    yield compute(
        project, f"global/{kind}/{app}", age, urlMap=in_project(project, f"global/urlMaps/{app}"), **certificates
    )
    yield compute(
        project,
        f"global/addresses/{app}-ip",
        age,
        address=address,
        status="IN_USE",
        addressType="EXTERNAL",
        ipVersion="IPV4",
        users=[rule],
        labels=labels(app, "prod"),
    )
    yield compute(
        project,
        f"global/forwardingRules/{app}-{scheme}",
        age,
        IPAddress=address,
        IPProtocol="TCP",
        portRange="443-443" if secure else "80-80",
        target=in_project(project, f"global/{kind}/{app}"),
        loadBalancingScheme="EXTERNAL_MANAGED",
        networkTier="PREMIUM",
        labels=labels(app, "prod"),
    )


def _policy(project: Project) -> Row:
    match = {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["198.51.100.0/24"]}}
    everything = {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["*"]}}
    return compute(
        project,
        "global/securityPolicies/edge",
        280,
        type="CLOUD_ARMOR",
        description="what the edge lets through",
        rules=[
            {
                "kind": "compute#securityPolicyRule",
                "priority": 1000,
                "action": "deny(403)",
                "preview": False,
                "match": match,
            },
            {
                "kind": "compute#securityPolicyRule",
                "priority": 2147483647,
                "action": "allow",
                "preview": False,
                "match": everything,
            },
        ],
        labels={},
    )


def _internal(project: Project) -> Iterator[Row]:
    region = "regions/us-central1"
    yield compute(
        project,
        f"{region}/backendServices/internal-db",
        330,
        protocol="TCP",
        timeoutSec=30,
        loadBalancingScheme="INTERNAL",
        healthChecks=[in_project(project, "global/healthChecks/internal-tcp")],
        backends=[],
        network=in_project(project, "global/networks/main"),
    )
    yield compute(
        project,
        f"{region}/forwardingRules/internal-db",
        330,
        IPAddress="10.10.250.5",
        IPProtocol="TCP",
        ports=["5432"],
        loadBalancingScheme="INTERNAL",
        backendService=in_project(project, f"{region}/backendServices/internal-db"),
        network=in_project(project, "global/networks/main"),
        subnetwork=in_project(project, f"{region}/subnetworks/main-us-central1"),
        networkTier="PREMIUM",
        labels={},
    )
