"""The virtual machines. One rule matters to those who check from outside: all `env=dev` in us-east-1 are running."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Literal

from escher.demo.blueprint.company import Thing, tags

InstanceState = Literal["running", "stopped", "terminated"]


@dataclass(frozen=True, slots=True)
class Instance(Thing):
    """A virtual machine with its root volume."""

    size: str
    state: InstanceState = "running"


@dataclass(frozen=True, slots=True)
class Fleet:
    """Instances alike. Their names are numbered through the whole estate, so that a name names one thing."""

    account: str
    region: str
    app: str
    role: str
    env: str
    number: int
    size: str
    state: InstanceState = "running"


FLEETS = (
    # the shop, live in two regions
    Fleet("web-shop", "us-east-1", "checkout", "web", "prod", 10, "m6i.large"),
    Fleet("web-shop", "us-east-1", "catalog", "web", "prod", 8, "m6i.large"),
    Fleet("web-shop", "us-east-1", "search", "node", "prod", 6, "r6g.large"),
    Fleet("web-shop", "us-east-1", "api", "gateway", "prod", 6, "c6i.large"),
    Fleet("web-shop", "us-east-1", "orders", "worker", "prod", 6, "m6i.large"),
    Fleet("web-shop", "eu-west-1", "checkout", "web", "prod", 6, "m6i.large"),
    Fleet("web-shop", "eu-west-1", "catalog", "web", "prod", 5, "m6i.large"),
    Fleet("web-shop", "eu-west-1", "api", "gateway", "prod", 4, "c6i.large"),
    Fleet("web-shop", "us-east-1", "checkout", "web", "staging", 3, "t3.medium"),
    Fleet("web-shop", "us-west-2", "catalog", "web", "staging", 4, "t3.medium"),
    Fleet("web-shop", "us-west-2", "search", "node", "staging", 2, "r6g.large", "stopped"),
    Fleet("web-shop", "eu-west-1", "orders", "worker", "staging", 2, "t3.medium", "stopped"),
    Fleet("web-shop", "us-east-1", "checkout", "web", "dev", 2, "t3.small"),
    Fleet("web-shop", "us-east-1", "search", "node", "dev", 1, "t3.large"),
    Fleet("web-shop", "us-east-1", "orders", "worker", "dev", 1, "t3.small"),
    Fleet("web-shop", "eu-west-1", "catalog", "web", "dev", 2, "t3.small"),
    Fleet("web-shop", "eu-west-1", "api", "gateway", "dev", 1, "t3.small"),
    Fleet("web-shop", "eu-west-1", "checkout", "web", "dev", 2, "t3.small", "stopped"),
    Fleet("web-shop", "us-west-2", "orders", "worker", "dev", 2, "t3.small", "terminated"),
    Fleet("web-shop", "us-west-2", "api", "gateway", "dev", 2, "t3.small", "stopped"),
    # data and science
    Fleet("analytics", "us-east-1", "ingest", "worker", "prod", 8, "c6i.xlarge"),
    Fleet("analytics", "us-east-1", "warehouse", "node", "prod", 5, "r6i.2xlarge"),
    Fleet("analytics", "us-east-1", "reports", "web", "prod", 3, "t3.large"),
    Fleet("analytics", "eu-west-1", "ingest", "worker", "prod", 5, "c6i.xlarge"),
    Fleet("analytics", "us-west-2", "forecast", "trainer", "prod", 4, "g5.xlarge"),
    Fleet("analytics", "eu-west-1", "reports", "web", "staging", 2, "t3.medium"),
    Fleet("analytics", "us-west-2", "warehouse", "node", "staging", 2, "r6i.large", "stopped"),
    Fleet("analytics", "us-east-1", "ingest", "worker", "dev", 2, "t3.medium"),
    Fleet("analytics", "eu-west-1", "warehouse", "node", "dev", 1, "r6i.large"),
    Fleet("analytics", "us-west-2", "forecast", "trainer", "dev", 3, "g5.xlarge", "stopped"),
    # what people try out
    Fleet("sandbox", "us-east-1", "playground", "box", "dev", 3, "t3.micro"),
    Fleet("sandbox", "eu-west-1", "loadtest", "driver", "dev", 3, "c6i.large"),
    Fleet("sandbox", "eu-west-1", "prototype", "box", "dev", 1, "t3.micro", "stopped"),
    Fleet("sandbox", "us-west-2", "prototype", "box", "dev", 3, "t3.micro"),
    Fleet("sandbox", "us-west-2", "loadtest", "driver", "dev", 2, "c6i.large", "terminated"),
    Fleet("sandbox", "us-west-2", "playground", "box", "staging", 2, "t3.micro"),
)

# Names that stand on more than one thing, and things that nobody labelled.
TWINS = (
    Instance("web-shop", "us-east-1", "bastion", tags("bastion", "api", "prod"), "t3.nano"),
    Instance("analytics", "us-east-1", "bastion", tags("bastion", "ingest", "prod"), "t3.nano"),
    Instance("sandbox", "us-west-2", "bastion", tags("bastion", "playground", "staging"), "t3.nano"),
    Instance("web-shop", "us-east-1", "api", tags("api", "api", "staging"), "t3.large"),
    Instance("sandbox", "eu-west-1", "api", tags("api", "prototype", "staging"), "t3.micro"),
    Instance("web-shop", "us-west-2", "jenkins", tags("jenkins", "api", "staging"), "m6i.large"),
    Instance("sandbox", "us-west-2", "jenkins", tags("jenkins", "prototype", "staging"), "t3.medium", "stopped"),
)
UNLABELLED = (
    *(Instance("sandbox", "us-east-1", f"test-{n}", tags(f"test-{n}"), "t3.micro") for n in range(1, 7)),
    *(
        Instance("sandbox", "eu-west-1", f"tmp-box-{n}", tags(f"tmp-box-{n}"), "t3.micro", "stopped")
        for n in range(1, 5)
    ),
    *(Instance("analytics", "us-west-2", "", {}, "m6i.large") for _ in range(3)),
    Instance("web-shop", "us-west-2", "old-jumphost", tags("old-jumphost"), "t2.micro", "stopped"),
    Instance("web-shop", "eu-west-1", "migration-2024", tags("migration-2024"), "m5.large", "stopped"),
)


def instances() -> Iterator[Instance]:
    """Every instance, in the order in which they are started."""
    numbers: dict[str, Iterator[int]] = {}
    for fleet in FLEETS:
        stem = f"{fleet.app}-{fleet.role}-{fleet.env}"
        numbering = numbers.setdefault(stem, count(1))
        for _ in range(fleet.number):
            name = f"{stem}-{next(numbering):02}"
            yield Instance(fleet.account, fleet.region, name, tags(name, fleet.app, fleet.env), fleet.size, fleet.state)
    yield from TWINS
    yield from UNLABELLED
