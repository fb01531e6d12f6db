"""Queues, topics and streams."""

from __future__ import annotations

from collections.abc import Iterator

from escher.demo.clouds.azure.exchange import Json
from escher.demo.clouds.azure.seed.plan import Plan

_BUSES = {
    "web-shop": (("orders", ("placed", "paid", "shipped")), ("checkout", ("receipts",))),
    "analytics": (("reports", ("requested",)), ("ingest", ("retries",))),
}
_STREAMS = {
    "web-shop": (("api", ("clicks",)),),
    "analytics": (("ingest", ("events", "metrics")), ("forecast", ("signals",))),
}
_TOPICS = {"web-shop": ("orders", "catalog"), "analytics": ("warehouse",)}


def resources(plan: Plan) -> Iterator[Json]:
    """All of a subscription's messaging."""
    for app, queues in _BUSES[plan.account]:
        for env in ("prod", "dev"):
            yield from _bus(plan, app, env, queues)
    for app, hubs in _STREAMS[plan.account]:
        yield from _stream(plan, app, hubs)
    for app in _TOPICS[plan.account]:
        name = f"evgt-{plan.account}-{app}"
        spot = plan.spot(app, "prod")
        end = f"https://{name}.{spot.location}-1.eventgrid.azure.net/api/events"
        more: Json = {"endpoint": end, "inputSchema": "EventGridSchema", "publicNetworkAccess": "Enabled"}
        yield plan.body(spot, "Microsoft.EventGrid/topics", name, more, sku={"name": "Basic"}, kind="Azure")


def _bus(plan: Plan, app: str, env: str, queues: tuple[str, ...]) -> Iterator[Json]:
    kind, name, spot = "Microsoft.ServiceBus/namespaces", f"sb-{plan.account}-{app}-{env}", plan.spot(app, env)
    grade = "Premium" if env == "prod" else "Standard"
    more: Json = {
        "serviceBusEndpoint": f"https://{name}.servicebus.windows.net:443/",
        "status": "Active",
        "minimumTlsVersion": "1.2",
        "publicNetworkAccess": "Enabled",
        "disableLocalAuth": env == "prod",
        "zoneRedundant": env == "prod",
        "createdAt": plan.ago(240),
    }
    yield plan.body(spot, kind, name, more, sku={"name": grade, "tier": grade})
    for queue in queues:
        facts: Json = {
            "status": "Active",
            "maxSizeInMegabytes": 1024,
            "messageCount": 0,
            "lockDuration": "PT1M",
            "maxDeliveryCount": 10,
            "requiresSession": False,
            "deadLetteringOnMessageExpiration": True,
        }
        yield plan.child(spot, f"{kind}/queues", f"{name}/{queue}", facts)


def _stream(plan: Plan, app: str, hubs: tuple[str, ...]) -> Iterator[Json]:
    kind, name, spot = "Microsoft.EventHub/namespaces", f"evh-{plan.account}-{app}", plan.spot(app, "prod")
    more: Json = {
        "serviceBusEndpoint": f"https://{name}.servicebus.windows.net:443/",
        "status": "Active",
        "isAutoInflateEnabled": False,
        "kafkaEnabled": True,
        "minimumTlsVersion": "1.2",
        "publicNetworkAccess": "Enabled",
        "createdAt": plan.ago(190),
    }
    yield plan.body(spot, kind, name, more, sku={"name": "Standard", "tier": "Standard", "capacity": 2})
    for hub in hubs:
        facts: Json = {"status": "Active", "partitionCount": 8, "messageRetentionInDays": 7}
        yield plan.child(spot, f"{kind}/eventhubs", f"{name}/{hub}", facts)
