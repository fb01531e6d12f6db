"""What App Service, Front Door, API Management and Logic Apps run."""

from __future__ import annotations

from collections.abc import Iterator

from escher.demo.clouds.azure.exchange import Json
from escher.demo.clouds.azure.seed.plan import Plan, Spot

# account: application, kind of app, environment, state
_SITES = {
    "web-shop": (
        ("checkout", "app,linux", "prod", "Running"),
        ("checkout", "app,linux", "staging", "Running"),
        ("catalog", "app,linux", "prod", "Running"),
        ("catalog", "app,linux", "dev", "Stopped"),
        ("api", "app,linux", "prod", "Running"),
        ("orders", "functionapp,linux", "prod", "Running"),
        ("orders", "functionapp,linux", "dev", "Stopped"),
        ("search", "functionapp,linux", "prod", "Running"),
    ),
    "analytics": (
        ("reports", "app", "prod", "Running"),
        ("reports", "app", "staging", "Running"),
        ("playground", "app,linux", "dev", "Stopped"),
        ("ingest", "functionapp,linux", "prod", "Running"),
        ("ingest", "functionapp,linux", "dev", "Running"),
        ("forecast", "functionapp,linux", "prod", "Running"),
    ),
}
_STEPS = {"web-shop": ("orders", "checkout"), "analytics": ("reports", "ingest")}


def resources(plan: Plan) -> Iterator[Json]:
    """All of a subscription's apps."""
    seen: set[str] = set()
    for app, kind, env, state in _SITES[plan.account]:
        spot, function = plan.spot(app, env), "function" in kind
        farm = f"asp-{'func-' if function else ''}{app}-{env}"
        if farm not in seen:
            seen.add(farm)
            yield _farm(plan, spot, farm, function)
        yield from _site(plan, spot, kind, state, farm)
    yield _farm(plan, plan.shared, "asp-unused", function=False)
    yield from _workflows(plan)
    yield from _fronts(plan)


def _farm(plan: Plan, spot: Spot, name: str, function: bool) -> Json:
    sku = {"name": "P1v3", "tier": "PremiumV3", "size": "P1v3", "family": "Pv3", "capacity": 2}
    if function:
        sku = {"name": "Y1", "tier": "Dynamic", "size": "Y1", "family": "Y", "capacity": 0}
    elif spot.env != "prod":
        sku = {"name": "B1", "tier": "Basic", "size": "B1", "family": "B", "capacity": 1}
    more: Json = {"status": "Ready", "maximumNumberOfWorkers": 10, "reserved": True, "zoneRedundant": False}
    return plan.body(
        spot, "Microsoft.Web/serverFarms", name, more, sku=sku, kind="functionapp" if function else "linux"
    )


def _site(plan: Plan, spot: Spot, kind: str, state: str, farm: str) -> Iterator[Json]:
    function = "function" in kind
    name = f"{'func' if function else 'app'}-halden-{spot.app}-{spot.env}"
    more: Json = {
        "state": state,
        "enabled": state == "Running",
        "hostNames": [f"{name}.azurewebsites.net"],
        "defaultHostName": f"{name}.azurewebsites.net",
        "serverFarmId": plan.id(spot, "Microsoft.Web/serverFarms", farm),
        "httpsOnly": spot.env == "prod",
        "reserved": "linux" in kind,
        "availabilityState": "Normal",
        "usageState": "Normal",
        "lastModifiedTimeUtc": plan.ago(12),
        "siteConfig": {"linuxFxVersion": "PYTHON|3.12" if function else "NODE|22-lts", "minTlsVersion": "1.2", "alwaysOn": not function, "ftpsState": "Disabled"},
    }  # fmt: skip
    yield plan.body(spot, "Microsoft.Web/sites", name, more, kind=kind)
    if function:
        trigger: Json = {"name": "process", "language": "python", "isDisabled": False, "config": {"bindings": [{"type": "queueTrigger", "direction": "in", "name": "item"}]}}  # fmt: skip
        yield plan.child(spot, "Microsoft.Web/sites/functions", f"{name}/process", trigger)
    elif spot.env == "prod":
        slot = {word: more[word] for word in ("state", "enabled", "serverFarmId", "httpsOnly")}
        yield plan.body(spot, "Microsoft.Web/sites/slots", f"{name}/next", slot, kind=kind)


def _workflows(plan: Plan) -> Iterator[Json]:
    for number, app in enumerate(_STEPS[plan.account]):
        spot, name = plan.spot(app, "prod"), f"logic-{app}-notify"
        more: Json = {
            "state": ("Enabled", "Disabled")[number % 2],
            "version": f"0858{number}",
            "createdTime": plan.ago(150),
            "changedTime": plan.ago(40),
            "accessEndpoint": f"https://prod-01.{spot.location}.logic.azure.com:443/workflows/{plan.guid(name)[:8]}",
            "definition": {"triggers": {"every_hour": {"type": "Recurrence", "recurrence": {"frequency": "Hour", "interval": 1}}}, "actions": {}},
        }  # fmt: skip
        yield plan.body(spot, "Microsoft.Logic/workflows", name, more)


def _fronts(plan: Plan) -> Iterator[Json]:
    spot = plan.shared
    name = f"apim-halden-{plan.account}"
    service: Json = {
        "gatewayUrl": f"https://{name}.azure-api.net",
        "publisherName": "Halden",
        "publisherEmail": "platform@halden.example",
        "virtualNetworkType": "None",
        "publicNetworkAccess": "Enabled",
        "createdAtUtc": plan.ago(420),
    }
    yield plan.body(spot, "Microsoft.ApiManagement/service", name, service, sku={"name": "Developer", "capacity": 1})
    front = f"afd-halden-{plan.account}"
    more: Json = {"resourceState": "Active", "frontDoorId": plan.guid(front), "originResponseTimeoutSeconds": 60}
    sku = {"name": "Standard_AzureFrontDoor"}
    yield plan.body(spot, "Microsoft.Cdn/profiles", front, more, sku=sku, kind="frontdoor") | {"location": "global"}
    end: Json = {
        "hostName": f"{plan.account}.z01.azurefd.net",
        "enabledState": "Enabled",
        "deploymentStatus": "NotStarted",
    }
    yield plan.body(spot, "Microsoft.Cdn/profiles/afdEndpoints", f"{front}/{plan.account}", end) | {
        "location": "global"
    }
