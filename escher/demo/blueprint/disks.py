"""Volumes beside the root volumes of the instances, and snapshots; some of both are waste."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from escher.demo.blueprint.company import REGIONS, Thing, tags
from escher.demo.blueprint.instances import Instance, instances


@dataclass(frozen=True, slots=True)
class Volume(Thing):
    """A data volume; `instance` is the name of the instance it hangs on, empty when it hangs on none."""

    size_gib: int
    age_days: int
    encrypted: bool = True
    instance: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot(Thing):
    """A copy of a volume's first blocks, taken some days ago."""

    size_gib: int
    age_days: int
    description: str
    encrypted: bool = True


# (account, region, application, environment) of what was once attached and then forgotten
_FORGOTTEN = (
    ("web-shop", "us-east-1", "orders", "prod"),
    ("web-shop", "us-east-1", "search", "staging"),
    ("web-shop", "eu-west-1", "catalog", "dev"),
    ("web-shop", "us-west-2", "checkout", "staging"),
    ("analytics", "us-east-1", "warehouse", "dev"),
    ("analytics", "us-west-2", "forecast", "dev"),
    ("sandbox", "us-east-1", "playground", "dev"),
    ("sandbox", "eu-west-1", "loadtest", "dev"),
)
# (account, region, application, size) of what is copied every week and kept for too long
_COPIED = (
    ("web-shop", "us-east-1", "orders", 500),
    ("web-shop", "us-east-1", "catalog", 200),
    ("web-shop", "eu-west-1", "checkout", 200),
    ("analytics", "us-east-1", "warehouse", 1000),
    ("analytics", "us-west-2", "forecast", 400),
)
_AGES = (1, 8, 15, 22, 29, 60, 95, 130, 190, 260, 340, 420)
_BACKED_UP = frozenset({"search", "warehouse", "orders", "ingest"})


def volumes() -> Iterator[Volume]:
    """Attached ones first, then those that hang on nothing."""
    for number, instance in enumerate(filter(_needs_room, instances())):
        name = f"{instance.name}-data"
        yield Volume(
            instance.account,
            instance.region,
            name,
            instance.tags | {"Name": name},
            size_gib=100 + 50 * (number % 5),
            age_days=90 + 11 * number,
            encrypted=number % 4 != 3,
            instance=instance.name,
        )
    for place, (account, region, app, env) in enumerate(_FORGOTTEN):
        for number in range(1, 4):
            name = f"{app}-scratch-{env}-{region}-{number:02}"
            yield Volume(
                account,
                region,
                name,
                tags(name, app, env),
                size_gib=20 * number,
                age_days=60 + 31 * (place + number),
                encrypted=number == 1,
            )
    for number, region in enumerate(islice(cycle(REGIONS), 9), 1):
        yield Volume("sandbox", region, "", {}, size_gib=8 * number, age_days=200 + 40 * number, encrypted=False)


def _needs_room(instance: Instance) -> bool:
    return instance.tags.get("app") in _BACKED_UP and instance.tags.get("env") == "prod" and instance.state == "running"


def snapshots() -> Iterator[Snapshot]:
    """Weekly copies with ages from a day to over a year, and lone ones that nobody labelled."""
    for account, region, app, size in _COPIED:
        for age in _AGES:
            name = f"{app}-weekly-{age:03}d"
            yield Snapshot(
                account, region, name, tags(name, app, "prod"), size, age, f"weekly copy of {app}", encrypted=age < 200
            )
    for number, region in enumerate(islice(cycle(REGIONS), 18), 1):
        account = ("sandbox", "web-shop", "analytics")[number // 3 % 3]
        yield Snapshot(account, region, "", {}, 8 * number, 120 + 33 * number, "before upgrade", encrypted=False)
