"""What all areas of the seed share: places, names, ids and tags."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from escher.demo.blueprint.company import tags
from escher.demo.clouds.azure.exchange import Json
from escher.demo.clouds.azure.state import stamp
from escher.demo.clouds.azure.subscriptions import SUBSCRIPTIONS, guid

ENVIRONMENTS = ("prod", "staging", "dev")
# account: application, its location
HOMES = {
    "web-shop": {
        "checkout": "westeurope",
        "orders": "westeurope",
        "catalog": "eastus",
        "search": "eastus",
        "api": "westeurope",
    },
    "analytics": {
        "ingest": "westeurope",
        "warehouse": "westeurope",
        "reports": "northeurope",
        "forecast": "eastus",
        "playground": "eastus",
    },
}
OWNERS = {"web-shop": "api", "analytics": "ingest"}
"""The application that owns what a whole subscription shares."""
_TERRAFORMED = frozenset({"catalog", "warehouse"})
"""Applications whose production Terraform keeps, as it does the networks."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an application runs in one environment; without an application, what all share in a location."""

    app: str
    env: str
    location: str
    group: str

    def tags(self, name: str) -> dict[str, str]:
        """The tags of a thing here, after the company's scheme, and what keeps it."""
        terraformed = self.group.startswith("rg-network-") or (self.app in _TERRAFORMED and self.env == "prod")
        return tags(name, self.app, self.env) | ({"managed-by": "terraform"} if terraformed else {})


@dataclass(frozen=True, slots=True)
class Plan:
    """One subscription's plan: bodies are made with it, by name, so that areas can refer to each other's."""

    account: str
    now: datetime

    @property
    def root(self) -> str:
        """The subscription's id as a path."""
        return f"/subscriptions/{SUBSCRIPTIONS[self.account]}"

    def spots(self, *environments: str) -> list[Spot]:
        """Every application in these environments, or in all."""
        return [self.spot(app, env) for app in HOMES[self.account] for env in environments or ENVIRONMENTS]

    def spot(self, app: str, env: str) -> Spot:
        """An application in an environment."""
        return Spot(app, env, HOMES[self.account][app], f"rg-{app}-{env}")

    @property
    def locations(self) -> list[str]:
        """Where the subscription runs things."""
        return list(dict.fromkeys(HOMES[self.account].values()))

    def network(self, location: str) -> Spot:
        """Where the shared network of a location lies."""
        return Spot(OWNERS[self.account], "prod", location, f"rg-network-{location}")

    @property
    def shared(self) -> Spot:
        """Where lies what the whole subscription shares."""
        return Spot(OWNERS[self.account], "prod", "westeurope", "rg-shared")

    def id(self, spot: Spot, kind: str, *names: str) -> str:
        """The id of a thing by its type and names."""
        namespace, *types = kind.split("/")
        path = "/".join(f"{one}/{name}" for one, name in zip(types, names, strict=True))
        return f"{self.root}/resourceGroups/{spot.group}/providers/{namespace}/{path}"

    def body(self, spot: Spot, kind: str, name: str, properties: Json, /, *, tagged: bool = True, **more: Any) -> Json:
        """A resource's body. `name` may have slashes for a child; more are the fields beside the properties."""
        names = name.split("/")
        return {
            "id": self.id(spot, kind, *names),
            "name": names[-1],
            "type": kind,
            "location": spot.location,
            "tags": spot.tags(names[-1]) if tagged else {},
            **more,
            "properties": {"provisioningState": "Succeeded", **properties},
        }

    def child(self, spot: Spot, kind: str, name: str, properties: Json) -> Json:
        """A child that only its parent lists: no location, no tags."""
        names = name.split("/")
        return {"id": self.id(spot, kind, *names), "name": names[-1], "type": kind, "properties": properties}

    def guid(self, *words: str) -> str:
        """A GUID of this subscription."""
        return guid(self.account, *words)

    def ago(self, days: float) -> str:
        """The moment so many days before the start."""
        return stamp(self.now - timedelta(days=days))

    def subnet(self, location: str, name: str) -> Json:
        """A reference to a subnet of the shared network."""
        return {"id": f"{self.id(self.network(location), 'Microsoft.Network/virtualNetworks', f'vnet-{location}')}/subnets/{name}"}  # fmt: skip

    def short(self, name: str) -> str:
        """A name without hyphens, at most 24 letters, unique in the company: what storage accounts and registries need."""
        return f"hal{'shop' if self.account == 'web-shop' else 'data'}{name}".replace("-", "")[:24]
