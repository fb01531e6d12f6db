"""The estate at the start: two subscriptions of the demo company, the same ids at every start."""

from __future__ import annotations

from collections import Counter

from escher.demo.clouds.azure.arm_types import GROUP
from escher.demo.clouds.azure.exchange import Json
from escher.demo.clouds.azure.seed import apps, compute, containers, data, messaging, network, observing
from escher.demo.clouds.azure.seed.plan import Plan
from escher.demo.clouds.azure.state import State, utc_now
from escher.demo.clouds.azure.subscriptions import SUBSCRIPTIONS

_AREAS = (network.resources, compute.resources, data.resources, containers.resources, apps.resources,
          messaging.resources, observing.resources)  # fmt: skip


def seed(state: State) -> None:
    """Fill an empty state."""
    now = utc_now()
    for number, account in enumerate(SUBSCRIPTIONS):
        plan = Plan(account, now)
        for group in groups(plan):
            state.add(group, created=plan.ago(700))
        bodies = [body for area in _AREAS for body in area(plan)]
        _number_cards(bodies)
        for place, body in enumerate(bodies):
            power = compute.power(body["name"]) if body["type"] == compute.MACHINE else ""
            state.add(body, power, body["properties"].get("timeCreated") or plan.ago(30 + (place * 37 + number) % 600))
    state.settle_seed()


def groups(plan: Plan) -> list[Json]:
    """The resource groups: one an application and environment, one a network, one for what is shared, one a cluster's."""
    networks = [plan.network(location) for location in plan.locations]
    spots = [*plan.spots(), *networks, plan.shared, *containers.node_spots(plan)]
    return [
        {
            "id": f"{plan.root}/resourceGroups/{spot.group}",
            "name": spot.group,
            "type": GROUP,
            "location": spot.location,
            "tags": {name: value for name, value in spot.tags(spot.group).items() if name != "Name"},
            "properties": {"provisioningState": "Succeeded"},
        }
        for spot in spots
    ]


def _number_cards(bodies: list[Json]) -> None:
    """Give each network card the next free address of its subnet; Azure keeps the first four for itself."""
    taken: Counter[str] = Counter()
    for body in bodies:
        if body["type"] == "Microsoft.Network/networkInterfaces":
            for config in body["properties"]["ipConfigurations"]:
                prefix = config["properties"]["privateIPAddress"].rpartition(".")[0]
                config["properties"]["privateIPAddress"] = f"{prefix}.{4 + taken[prefix]}"
                taken[prefix] += 1
