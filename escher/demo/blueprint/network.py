"""Security groups, some of them open to the world, and fixed addresses, some of them paid for and unused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from escher.demo.blueprint.company import Thing, tags
from escher.demo.blueprint.instances import instances

WORLD = "0.0.0.0/0"
INSIDE = "10.0.0.0/8"


@dataclass(frozen=True, slots=True)
class Rule:
    """Traffic let in: from this network to these ports."""

    source: str
    first_port: int
    last_port: int


@dataclass(frozen=True, slots=True)
class SecurityGroup(Thing):
    """A firewall around instances."""

    description: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Address(Thing):
    """A fixed public address; `instance` is the name of the instance that has it, empty when none has."""

    instance: str = ""


_TIERS = {
    "web": ("HTTP and HTTPS for everyone", (Rule(WORLD, 80, 80), Rule(WORLD, 443, 443))),
    "app": ("inside traffic", (Rule(INSIDE, 8080, 8080),)),
    "db": ("databases, from inside", (Rule(INSIDE, 5432, 5432),)),
}
_SERVED = (
    ("web-shop", "us-east-1", ("checkout", "catalog", "api", "orders")),
    ("web-shop", "eu-west-1", ("checkout", "catalog", "api")),
    ("web-shop", "us-west-2", ("catalog", "search")),
    ("analytics", "us-east-1", ("ingest", "warehouse", "reports")),
    ("analytics", "eu-west-1", ("ingest", "reports")),
    ("sandbox", "us-west-2", ("prototype",)),
)
_EXPOSED = (
    ("web-shop", "us-east-1", "legacy-ssh", "SSH for the old office", (Rule(WORLD, 22, 22),)),
    ("web-shop", "us-west-2", "jenkins-open", "build server", (Rule(WORLD, 8080, 8080), Rule(WORLD, 22, 22))),
    ("analytics", "us-east-1", "warehouse-public", "reporting tools", (Rule(WORLD, 5432, 5432),)),
    ("analytics", "us-west-2", "notebook-open", "notebooks", (Rule(WORLD, 8888, 8888),)),
    ("sandbox", "us-east-1", "allow-all", "temporary", (Rule(WORLD, 0, 65535),)),
    ("sandbox", "eu-west-1", "rdp-temp", "for a workshop", (Rule(WORLD, 3389, 3389),)),
)
_UNUSED = (
    *(("web-shop", "us-east-1", f"spare-{number}") for number in range(1, 4)),
    *(("analytics", "eu-west-1", f"failover-{number}") for number in range(1, 3)),
    *(("sandbox", "us-east-1", "") for _ in range(3)),
    *(("sandbox", "us-west-2", "") for _ in range(2)),
)


def security_groups() -> Iterator[SecurityGroup]:
    """One for each tier of what is served, then those that let too much in."""
    for account, region, apps in _SERVED:
        for app in apps:
            for tier, (description, rules) in _TIERS.items():
                name = f"{app}-{tier}"
                yield SecurityGroup(account, region, name, tags(name, app, "prod"), f"{app}: {description}", rules)
    for account, region, name, description, rules in _EXPOSED:
        yield SecurityGroup(account, region, name, {"Name": name}, description, rules)


def addresses() -> Iterator[Address]:
    """One for each gateway and bastion, then those that nothing uses."""
    for instance in instances():
        if instance.name == "bastion" or instance.name.startswith("api-gateway-prod"):
            name = f"{instance.name}-address"
            yield Address(instance.account, instance.region, name, instance.tags | {"Name": name}, instance.name)
    for account, region, name in _UNUSED:
        yield Address(account, region, name, tags(name))
