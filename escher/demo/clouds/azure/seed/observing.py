"""Logs, alarms and identities."""

from __future__ import annotations

from collections.abc import Iterator

from escher.demo.clouds.azure.exchange import Json
from escher.demo.clouds.azure.seed.plan import Plan
from escher.demo.clouds.azure.subscriptions import TENANT_ID

_I = "Microsoft.Insights/"
# account: application, the machine or site's type, its name, metric, threshold
_ALARMS = {
    "web-shop": (
        ("checkout", "Microsoft.Compute/virtualMachines", "vm-checkout-prod-web-01", "Percentage CPU", 85),
        ("checkout", "Microsoft.Web/sites", "app-halden-checkout-prod", "Http5xx", 10),
        ("catalog", "Microsoft.Web/sites", "app-halden-catalog-prod", "HttpResponseTime", 2),
        ("orders", "Microsoft.Compute/virtualMachines", "vm-orders-prod-worker-01", "Percentage CPU", 90),
        ("search", "Microsoft.Compute/virtualMachines", "vm-search-prod-node-01", "Available Memory Bytes", 1073741824),
    ),
    "analytics": (
        ("ingest", "Microsoft.EventHub/namespaces", "evh-analytics-ingest", "ThrottledRequests", 50),
        ("ingest", "Microsoft.Compute/virtualMachines", "vm-ingest-prod-worker-01", "Percentage CPU", 90),
        ("warehouse", "Microsoft.Compute/virtualMachines", "vm-warehouse-prod-node-01", "Percentage CPU", 80),
        ("reports", "Microsoft.Web/sites", "app-halden-reports-prod", "Http5xx", 5),
    ),
}


def resources(plan: Plan) -> Iterator[Json]:
    """What watches a subscription, and the identities that its applications run as."""
    yield from _workspaces(plan)
    yield from _alarms(plan)
    for spot in plan.spots():
        yield _identity(plan, spot.app, spot.env)
    yield plan.body(plan.shared, "Microsoft.Automation/automationAccounts", "aa-operations", {"state": "Ok", "creationTime": plan.ago(380)})  # fmt: skip


def _workspaces(plan: Plan) -> Iterator[Json]:
    for location in plan.locations:
        spot = plan.network(location)
        more: Json = {
            "customerId": plan.guid("workspace", location),
            "retentionInDays": 90 if location == "westeurope" else 30,
            "createdDate": plan.ago(600),
            "sku": {"name": "PerGB2018"},
            "workspaceCapping": {"dailyQuotaGb": -1.0},
            "publicNetworkAccessForIngestion": "Enabled",
            "publicNetworkAccessForQuery": "Enabled",
        }
        yield plan.body(spot, "Microsoft.OperationalInsights/workspaces", f"log-{plan.account}-{location}", more)
    for spot in plan.spots("prod"):
        workspace = plan.id(
            plan.network(spot.location),
            "Microsoft.OperationalInsights/workspaces",
            f"log-{plan.account}-{spot.location}",
        )
        more = {
            "Application_Type": "web",
            "AppId": plan.guid("appi", spot.app),
            "ApplicationId": f"appi-{spot.app}-prod",
            "WorkspaceResourceId": workspace,
            "RetentionInDays": 90,
            "IngestionMode": "LogAnalytics",
            "CreationDate": plan.ago(320),
        }
        yield plan.body(spot, f"{_I}components", f"appi-{spot.app}-prod", more, kind="web")


def _alarms(plan: Plan) -> Iterator[Json]:
    shared = plan.shared
    people: Json = {"name": "operations", "emailAddress": "operations@halden.example", "useCommonAlertSchema": True}
    group: Json = {"groupShortName": "operations", "enabled": True, "emailReceivers": [people], "smsReceivers": []}
    actions = plan.body(shared, f"{_I}actionGroups", "ag-operations", group) | {"location": "global"}
    yield actions
    for number, (app, kind, name, metric, threshold) in enumerate(_ALARMS[plan.account]):
        spot = plan.spot(app, "prod")
        test: Json = {
            "name": "first",
            "metricName": metric,
            "operator": "GreaterThan",
            "threshold": threshold,
            "timeAggregation": "Average",
            "criterionType": "StaticThresholdCriterion",
        }
        more: Json = {
            "description": f"{metric} of {name}",
            "severity": 1 + number % 3,
            "enabled": number != 2,
            "scopes": [plan.id(spot, kind, name)],
            "evaluationFrequency": "PT1M",
            "windowSize": "PT5M",
            "criteria": {"odata.type": "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria", "allOf": [test]},
            "actions": [{"actionGroupId": actions["id"]}],
        }  # fmt: skip
        yield plan.body(spot, f"{_I}metricAlerts", f"alert-{app}-{number + 1}", more) | {"location": "global"}


def _identity(plan: Plan, app: str, env: str) -> Json:
    name = f"id-{app}-{env}"
    more: Json = {"tenantId": TENANT_ID, "principalId": plan.guid(name, "p"), "clientId": plan.guid(name, "c")}
    body = plan.body(plan.spot(app, env), "Microsoft.ManagedIdentity/userAssignedIdentities", name, more)
    del body["properties"]["provisioningState"]
    return body
