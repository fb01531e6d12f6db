"""Networks and what belongs to them: subnetworks, rules, routes, routers, addresses, tunnels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from escher.demo.clouds.gcp.seed.company import PROJECTS, REGIONS, Row, compute, in_project, labels
from escher.demo.clouds.gcp.state import Project

_NETWORKS = (("main", False, 900), ("legacy", True, 1400), ("lab", False, 200))
# (name, direction, what is let in or out, from where, network)
_FIREWALLS = (
    ("allow-https", "INGRESS", {"tcp": ["443"]}, "0.0.0.0/0", "main"),
    ("allow-http", "INGRESS", {"tcp": ["80"]}, "0.0.0.0/0", "main"),
    ("allow-internal", "INGRESS", {"tcp": [], "udp": [], "icmp": []}, "10.0.0.0/8", "main"),
    ("allow-health-checks", "INGRESS", {"tcp": ["8080"]}, "35.191.0.0/16", "main"),
    ("allow-ssh-iap", "INGRESS", {"tcp": ["22"]}, "35.235.240.0/20", "main"),
    ("allow-ssh-world", "INGRESS", {"tcp": ["22"]}, "0.0.0.0/0", "legacy"),
    ("allow-rdp-world", "INGRESS", {"tcp": ["3389"]}, "0.0.0.0/0", "legacy"),
    ("allow-postgres", "INGRESS", {"tcp": ["5432"]}, "10.0.0.0/8", "main"),
    ("allow-lab", "INGRESS", {"tcp": ["8000-9000"]}, "198.51.100.0/24", "lab"),
    ("egress-open", "EGRESS", {"all": []}, "0.0.0.0/0", "main"),
)


def rows() -> Iterator[Row]:
    """All of them in both projects."""
    for project in PROJECTS:
        for name, auto, age in _NETWORKS:
            yield _network(project, name, auto, age)
        for place, region in enumerate(REGIONS):
            yield from _subnetworks(project, place, region)
            yield from _addresses(project, place, region)
        yield from _rules(project)
        yield from _routes(project)
        yield from _routers(project)
        yield from _tunnels(project)


def _network(project: Project, name: str, auto: bool, age: int) -> Row:
    here = [in_project(project, f"regions/{region}/subnetworks/{name}-{region}") for region in REGIONS]
    return compute(
        project,
        f"global/networks/{name}",
        age,
        autoCreateSubnetworks=auto,
        routingConfig={"routingMode": "REGIONAL"},
        subnetworks=here if name == "main" else [],
        mtu=1460,
        networkFirewallPolicyEnforcementOrder="AFTER_CLASSIC_FIREWALL",
    )


def _subnetworks(project: Project, place: int, region: str) -> Iterator[Row]:
    for name, network, second in (("main", "main", 10), ("lab", "lab", 20)):
        yield compute(
            project,
            f"regions/{region}/subnetworks/{name}-{region}",
            600,
            network=in_project(project, f"global/networks/{network}"),
            ipCidrRange=f"10.{second + place}.0.0/16",
            gatewayAddress=f"10.{second + place}.0.1",
            privateIpGoogleAccess=name == "main",
            purpose="PRIVATE",
            stackType="IPV4_ONLY",
        )


def _addresses(project: Project, place: int, region: str) -> Iterator[Row]:
    for number, (name, status) in enumerate((("nat", "IN_USE"), ("reserved", "RESERVED"))):
        users = (
            {"users": [in_project(project, f"regions/{region}/routers/edge-{region}")]} if status == "IN_USE" else {}
        )
        yield compute(
            project,
            f"regions/{region}/addresses/{name}-{region}",
            250,
            address=f"198.51.100.{place * 20 + number * 7 + 3}",
            status=status,
            addressType="EXTERNAL",
            networkTier="PREMIUM",
            labels=labels("api", "prod") if number == 0 else {},
            **users,
        )


def _rules(project: Project) -> Iterator[Row]:
    for place, (name, direction, allowed, block, network) in enumerate(_FIREWALLS):
        opened = [{"IPProtocol": kind} | ({"ports": ports} if ports else {}) for kind, ports in allowed.items()]
        yield compute(
            project,
            f"global/firewalls/{name}",
            700 - 20 * place,
            network=in_project(project, f"global/networks/{network}"),
            direction=direction,
            priority=1000,
            allowed=opened,
            disabled=name == "allow-lab",
            logConfig={"enable": False},
            **{"sourceRanges" if direction == "INGRESS" else "destinationRanges": [block]},
        )


def _routes(project: Project) -> Iterator[Row]:
    for network, _, age in _NETWORKS:
        yield compute(
            project,
            f"global/routes/default-route-{network}",
            age,
            network=in_project(project, f"global/networks/{network}"),
            destRange="0.0.0.0/0",
            priority=1000,
            nextHopGateway=in_project(project, "global/gateways/default-internet-gateway"),
        )
    yield compute(
        project,
        "global/routes/office",
        380,
        network=in_project(project, "global/networks/main"),
        destRange="172.16.0.0/12",
        priority=900,
        nextHopVpnTunnel=in_project(project, "regions/us-central1/vpnTunnels/office-0"),
    )


def _routers(project: Project) -> Iterator[Row]:
    for region in REGIONS:
        nat: dict[str, Any] = {
            "name": f"nat-{region}",
            "natIpAllocateOption": "MANUAL_ONLY",
            "natIps": [in_project(project, f"regions/{region}/addresses/nat-{region}")],
            "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES",
        }
        yield compute(
            project,
            f"regions/{region}/routers/edge-{region}",
            500,
            network=in_project(project, "global/networks/main"),
            nats=[nat],
            bgp={"asn": 64512, "advertiseMode": "DEFAULT"},
        )


def _tunnels(project: Project) -> Iterator[Row]:
    network, region = in_project(project, "global/networks/main"), "regions/us-central1"
    interfaces = [{"id": number, "ipAddress": f"203.0.113.{200 + number}"} for number in range(2)]
    yield compute(
        project,
        f"{region}/vpnGateways/office",
        400,
        network=network,
        vpnInterfaces=interfaces,
        stackType="IPV4_ONLY",
        labels=labels("api", "prod"),
    )
    yield compute(
        project,
        "global/externalVpnGateways/office-peer",
        400,
        redundancyType="SINGLE_IP_INTERNALLY_REDUNDANT",
        interfaces=[{"id": 0, "ipAddress": "192.0.2.10"}],
        labels={},
    )
    yield compute(project, f"{region}/targetVpnGateways/branch-classic", 1100, network=network, status="READY")
    for number in range(2):
        yield compute(
            project,
            f"{region}/vpnTunnels/office-{number}",
            400,
            status="ESTABLISHED" if number == 0 else "NO_INCOMING_PACKETS",
            vpnGateway=in_project(project, f"{region}/vpnGateways/office"),
            vpnGatewayInterface=number,
            peerExternalGateway=in_project(project, "global/externalVpnGateways/office-peer"),
            peerExternalGatewayInterface=0,
            peerIp="192.0.2.10",
            router=in_project(project, f"{region}/routers/edge-us-central1"),
            ikeVersion=2,
            detailedStatus="Tunnel is up and running." if number == 0 else "No incoming packets from peer.",
            labels=labels("api", "prod"),
        )
