"""The company's own networks beside the default ones: subnets in three tiers, gateways, routes, and what is in them."""

from __future__ import annotations

from collections.abc import Iterator

from escher.demo.blueprint.making import Making, Site, by_terraform, for_ec2

# (account, region, application that answers for it, second number of its addresses)
_NETWORKS = (
    ("web-shop", "us-east-1", "api", 10),
    ("web-shop", "eu-west-1", "api", 11),
    ("web-shop", "us-west-2", "api", 12),
    ("analytics", "us-east-1", "ingest", 20),
    ("analytics", "eu-west-1", "reports", 21),
    ("analytics", "us-west-2", "forecast", 22),
    ("sandbox", "us-east-1", "playground", 30),
)
_TIERS = ("public", "private", "data")
_GROUPS = {
    "edge-lb": ("load balancers of the edge", 443),
    "edge-app": ("applications behind the edge", 8080),
    "edge-data": ("databases and caches", 5432),
}


def network_sites() -> Iterator[Site]:
    """Where there is a network of the company's own."""
    return (Site(account, region) for account, region, _, _ in _NETWORKS)


def networks() -> Iterator[Making]:
    """Each network with everything in it, in the order in which it can be made."""
    for account, region, app, number in _NETWORKS:
        site = Site(account, region)
        named = _Named(site, app)
        yield site.make(
            "ec2", "create_vpc", {"net": "Vpc.VpcId"}, CidrBlock=f"10.{number}.0.0/16",
            TagSpecifications=for_ec2("vpc", named.tags("main")),
        )  # fmt: skip
        yield from _subnets(site, named, number)
        yield from _ways_out(site, named)
        yield from _walls(site, named, number)


class _Named:
    """Names and tags of a network's parts."""

    def __init__(self, site: Site, app: str) -> None:
        self._site, self._app = site, app

    def tags(self, part: str) -> dict[str, str]:
        env = "dev" if self._site.account == "sandbox" else "prod"
        return by_terraform(f"halden-{self._site.account}-{part}", self._app, env, f"network-{self._site.region}")


def _subnets(site: Site, named: _Named, number: int) -> Iterator[Making]:
    for row, tier in enumerate(_TIERS):
        for column, zone in enumerate("ab"):
            yield site.make(
                "ec2", "create_subnet", {f"{tier}:{zone}": "Subnet.SubnetId"}, VpcId="$(net)",
                CidrBlock=f"10.{number}.{16 * row + column}.0/24", AvailabilityZone=f"{site.region}{zone}",
                TagSpecifications=for_ec2("subnet", named.tags(f"{tier}-{zone}")),
            )  # fmt: skip


def _ways_out(site: Site, named: _Named) -> Iterator[Making]:
    """Gateways, route tables, and the way to S3 that does not leave AWS."""
    yield site.make(
        "ec2", "create_internet_gateway", {"igw": "InternetGateway.InternetGatewayId"},
        TagSpecifications=for_ec2("internet-gateway", named.tags("internet")),
    )  # fmt: skip
    yield site.make("ec2", "attach_internet_gateway", InternetGatewayId="$(igw)", VpcId="$(net)")
    yield site.make(
        "ec2", "create_nat_gateway", {"nat": "NatGateway.NatGatewayId"}, SubnetId="$(public:a)",
        ConnectivityType="private", TagSpecifications=for_ec2("natgateway", named.tags("nat")),
    )  # fmt: skip
    for tier, gateway in (("public", {"GatewayId": "$(igw)"}), ("private", {"NatGatewayId": "$(nat)"})):
        yield site.make(
            "ec2", "create_route_table", {f"routes:{tier}": "RouteTable.RouteTableId"}, VpcId="$(net)",
            TagSpecifications=for_ec2("route-table", named.tags(f"{tier}-routes")),
        )  # fmt: skip
        table = f"$(routes:{tier})"
        yield site.make("ec2", "create_route", RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **gateway)
        for zone in "ab":
            yield site.make("ec2", "associate_route_table", RouteTableId=table, SubnetId=f"$({tier}:{zone})")
    yield site.make(
        "ec2", "create_vpc_endpoint", VpcId="$(net)", ServiceName=f"com.amazonaws.{site.region}.s3",
        VpcEndpointType="Gateway", RouteTableIds=["$(routes:private)"],
        TagSpecifications=for_ec2("vpc-endpoint", named.tags("s3")),
    )  # fmt: skip


def _walls(site: Site, named: _Named, number: int) -> Iterator[Making]:
    """An access list, security groups that trust each other only, and a network interface kept for a fixed address."""
    yield site.make(
        "ec2", "create_network_acl", VpcId="$(net)", TagSpecifications=for_ec2("network-acl", named.tags("data-acl"))
    )
    for name, (description, port) in _GROUPS.items():
        yield site.make(
            "ec2", "create_security_group", {f"group:{name}": "GroupId"}, GroupName=name, Description=description,
            VpcId="$(net)", TagSpecifications=for_ec2("security-group", named.tags(name)),
        )  # fmt: skip
        yield site.make(
            "ec2", "authorize_security_group_ingress", GroupId=f"$(group:{name})",
            IpPermissions=[{"IpProtocol": "tcp", "FromPort": port, "ToPort": port,
                            "IpRanges": [{"CidrIp": f"10.{number}.0.0/16"}]}],
        )  # fmt: skip
    yield site.make(
        "ec2", "create_network_interface", SubnetId="$(private:a)", Groups=["$(group:edge-app)"],
        Description="license server's fixed address",
        TagSpecifications=for_ec2("network-interface", named.tags("license")),
    )  # fmt: skip
