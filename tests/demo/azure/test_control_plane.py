"""ARM as a plain HTTP client meets it: tokens, versions, pages, operations, rights, tags, the log and the graph."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from escher.demo.clouds.azure.identity import access_token
from escher.demo.clouds.azure.state import stamp, utc_now
from tests.fixtures.azure_cloud import AzureCloud


def path(cloud: AzureCloud, group: str, kind: str, name: str, account: str = "web-shop") -> str:
    return f"/subscriptions/{cloud.subscriptions[account]}/resourceGroups/{group}/providers/{kind}/{name}"


def machine(cloud: AzureCloud, name: str) -> str:
    _, app, env, _, _ = name.split("-")
    return path(cloud, f"rg-{app}-{env}", "Microsoft.Compute/virtualMachines", name)


def follow(cloud: AzureCloud, answer: httpx.Response) -> list[str]:
    """The states that an operation goes through."""
    seen = [""]
    while seen[-1] in ("", "InProgress"):
        seen.append(cloud.http.get(answer.headers["Azure-AsyncOperation"]).raise_for_status().json()["status"])
    return seen[1:]


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_a_managed_identity_gets_a_token(cloud: AzureCloud) -> None:
    """With the identity's header only; the token opens the door."""
    query = {"resource": cloud.url, "api-version": "2019-08-01"}
    given = cloud.http.get("/msi", params=query, headers={"X-IDENTITY-HEADER": "x"}).json()
    bearer = {"Authorization": f"Bearer {given['access_token']}"}
    assert int(given["expires_on"]) > time.time()
    assert cloud.http.get("/subscriptions?api-version=2022-12-01", headers=bearer).status_code == 200
    assert code(cloud.http.get("/msi", params=query)) == (401, "Unauthorized")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "AuthenticationFailed"),
        ("Basic eDp5", "AuthenticationFailed"),
        (f"Bearer {access_token('x', int(time.time()) - 10)}", "ExpiredAuthenticationToken"),
    ],
)
def test_without_a_good_token_nothing_is_told(cloud: AzureCloud, header: str, expected: str) -> None:
    """401, with a challenge."""
    answer = cloud.http.get("/subscriptions?api-version=2022-12-01", headers={"Authorization": header})
    assert code(answer) == (401, expected)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("version", "expected"),
    [("", "MissingApiVersionParameter"), ("latest", "InvalidApiVersionParameter"), ("2099-01-01", "InvalidApiVersionParameter")],
)  # fmt: skip
def test_a_call_names_a_version_that_exists(cloud: AzureCloud, version: str, expected: str) -> None:
    """400 for none, and for one that is none."""
    assert code(cloud.http.get("/subscriptions", params={"api-version": version} if version else None)) == (
        400,
        expected,
    )


def test_every_answer_has_a_request_id(cloud: AzureCloud) -> None:
    """Errors too, and none has another's."""
    answers = [cloud.send("GET", "/subscriptions"), cloud.send("GET", "/nothing"), cloud.http.get("/subscriptions")]
    assert len({answer.headers["x-ms-request-id"] for answer in answers}) == 3


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("/subscriptions/00000000-0000-0000-0000-000000000000/resources", "SubscriptionNotFound"),
        ("/subscriptions/{0}/resourceGroups/rg-none", "ResourceGroupNotFound"),
        ("/subscriptions/{0}/providers/Nobody.Knows/things", "InvalidResourceNamespace"),
        ("/subscriptions/{0}/resourceGroups/rg-api-prod/providers/Microsoft.Web/sites/none", "ResourceNotFound"),
        ("/subscriptions/{0}/resourceGroups/rg-api-prod/providers/Microsoft.Sql/servers/none/databases", "ResourceNotFound"),
        ("/nowhere", "NotFound"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(cloud: AzureCloud, where: str, expected: str) -> None:
    """404 with the code for what exactly is missing."""
    assert code(cloud.send("GET", where.format(cloud.subscriptions["web-shop"]))) == (404, expected)


def test_a_type_that_has_none_lists_nothing(cloud: AzureCloud) -> None:
    """An empty list is no error."""
    assert (
        cloud.listed(f"/subscriptions/{cloud.subscriptions['web-shop']}/providers/Microsoft.Network/azureFirewalls")
        == []
    )


def test_paths_do_not_mind_case(cloud: AzureCloud) -> None:
    """The answer's id is spelled as ever."""
    spelled = machine(cloud, "vm-orders-prod-worker-02")
    assert cloud.send("GET", spelled.upper().replace("/SUBSCRIPTIONS", "/subscriptions")).json()["id"] == spelled


def test_a_list_is_paged_to_the_end(cloud: AzureCloud) -> None:
    """Each nextLink leads on; `$top` makes pages smaller; a token that is none is refused."""
    where = f"/subscriptions/{cloud.subscriptions['web-shop']}/providers/Microsoft.Compute/disks"
    whole = [one["id"] for one in cloud.listed(where)]
    assert [one["id"] for one in cloud.listed(where, top="7")] == whole
    assert len(cloud.send("GET", where, top="7").json()["value"]) == 7
    assert code(cloud.send("GET", where, skiptoken="nonsense")) == (400, "InvalidSkipToken")


@pytest.mark.parametrize(
    ("given", "types"),
    [
        ("resourceType eq 'Microsoft.Web/sites'", {"Microsoft.Web/sites"}),
        ("resourceType eq 'Microsoft.Web/sites' or resourceType eq 'microsoft.cache/redis'", {"Microsoft.Web/sites", "Microsoft.Cache/Redis"}),
        ("tagName eq 'app' and tagValue eq 'nobody'", set[str]()),
        ("name eq 'vm-jump-01'", {"Microsoft.Compute/virtualMachines"}),
    ],
)  # fmt: skip
def test_resources_are_filtered(cloud: AzureCloud, given: str, types: set[str]) -> None:
    """By type, tag and name."""
    found = cloud.listed(f"/subscriptions/{cloud.subscriptions['web-shop']}/resources", filter=given)
    assert {one["type"] for one in found} == types
    assert all("properties" not in one for one in found)


def test_a_long_operation_is_in_progress_then_done(cloud: AzureCloud) -> None:
    """202 with both addresses; asked, it is in progress first; its Location then has nothing to tell."""
    answer = cloud.send("POST", f"{machine(cloud, 'vm-orders-prod-worker-03')}/restart")
    assert answer.status_code == 202
    assert follow(cloud, answer) == ["InProgress", "Succeeded"]
    assert cloud.http.get(answer.headers["Location"]).status_code == 204


def test_pollers_are_told_when_to_come_again(cloud: AzureCloud) -> None:
    """In whole seconds, unless the demo is told otherwise."""
    cloud.steer(poll_ms=0)
    answer = cloud.send("POST", f"{machine(cloud, 'vm-orders-prod-worker-03')}/reapply")
    cloud.steer(poll_ms=20)
    assert answer.headers["Retry-After"] == "1"


def test_a_location_alone_can_be_followed(cloud: AzureCloud) -> None:
    """202 until it is done, then the resource."""
    where = path(cloud, "rg-catalog-dev", "Microsoft.Compute/disks", "disk-by-location")
    body = {"location": "eastus", "properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 4}}
    answer = cloud.send("PUT", where, body)
    assert (answer.status_code, answer.json()["properties"]["provisioningState"]) == (202, "Creating")
    first, second = (cloud.http.get(answer.headers["Location"]) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 200)
    assert second.json()["properties"]["provisioningState"] == "Succeeded"


def test_an_operation_that_nobody_asks_about_ends(cloud: AzureCloud) -> None:
    """So a caller that does not wait sees its work done."""
    name = "vm-orders-staging-worker-01"
    cloud.steer(ends_ms=0)
    cloud.send("POST", f"{machine(cloud, name)}/start")
    cloud.steer(ends_ms=2000)
    view = cloud.send("GET", f"{machine(cloud, name)}/instanceView").json()
    assert view["statuses"][-1]["code"] == "PowerState/running"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"properties": {"creationData": {"createOption": "Empty"}}}, (400, "LocationRequired")),
        ({"location": "eastus", "properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 0}}, (400, "InvalidParameter")),
        ({"location": "eastus", "properties": {"creationData": {"createOption": "Copy", "sourceResourceId": "/subscriptions/x/none"}}}, (404, "NotFound")),
        ([1], (400, "InvalidRequestContent")),
    ],
)  # fmt: skip
def test_a_bad_body_is_refused(cloud: AzureCloud, body: Any, expected: tuple[int, str]) -> None:
    """And nothing is made."""
    where = path(cloud, "rg-catalog-dev", "Microsoft.Compute/disks", "disk-bad")
    assert code(cloud.send("PUT", where, body)) == expected
    assert cloud.send("GET", where).status_code == 404


def test_a_thing_cannot_move(cloud: AzureCloud) -> None:
    """A PUT in another location is a conflict."""
    where = path(cloud, "rg-api-prod", "Microsoft.ManagedIdentity/userAssignedIdentities", "id-api-prod")
    assert code(cloud.send("PUT", where, {"location": "eastus"})) == (409, "InvalidResourceLocation")


def test_a_thing_of_a_type_that_nobody_declared(cloud: AzureCloud) -> None:
    """Is made, listed and deleted like any other."""
    where = path(cloud, "rg-api-dev", "Microsoft.Web/staticSites", "site-new")
    assert cloud.send("PUT", where, {"location": "westeurope", "properties": {"a": 1}}).status_code == 201
    assert cloud.graph("resources | where type == 'microsoft.web/staticsites' | project name") == [{"name": "site-new"}]
    assert cloud.send("DELETE", where).status_code == 200
    assert cloud.send("GET", where).status_code == 404


@pytest.mark.parametrize(
    ("group", "kind", "name", "steps", "column"),
    [
        ("rg-search-dev", "Microsoft.DBforPostgreSQL/flexibleServers", "psql-web-shop-search-dev", (("start", "Ready"), ("stop", "Stopped")), "properties.state"),
        ("rg-api-dev", "Microsoft.ContainerService/managedClusters", "aks-api-dev", (("start", "Running"), ("stop", "Stopped")), "properties.powerState.code"),
        ("rg-catalog-dev", "Microsoft.Web/sites", "app-halden-catalog-dev", (("start", "Running"), ("restart", "Running"), ("stop", "Stopped")), "properties.state"),
        ("rg-search-prod", "Microsoft.ContainerInstance/containerGroups", "ci-search-job", (("start", "Running"), ("stop", "Stopped")), "properties.instanceView.state"),
        ("rg-orders-prod", "Microsoft.Logic/workflows", "logic-orders-notify", (("disable", "Disabled"), ("enable", "Enabled")), "properties.state"),
    ],
)  # fmt: skip
def test_services_start_and_stop(cloud: AzureCloud, group: str, kind: str, name: str, steps: Any, column: str) -> None:
    """The next query tells the state that the action leads to."""
    for action, state in steps:
        answer = cloud.send("POST", f"{path(cloud, group, kind, name)}/{action}").raise_for_status()
        if answer.status_code == 202:
            follow(cloud, answer)
        assert cloud.graph(f"resources | where name == '{name}' | project state = {column}") == [{"state": state}]


def test_a_stopped_server_is_not_stopped_again(cloud: AzureCloud) -> None:
    """And an action that a type does not have is not found."""
    server = path(
        cloud,
        "rg-forecast-dev",
        "Microsoft.DBforPostgreSQL/flexibleServers",
        "psql-analytics-forecast-dev",
        "analytics",
    )
    assert code(cloud.send("POST", f"{server}/stop")) == (400, "ServerIsNotReady")
    assert code(cloud.send("POST", f"{server}/levitate")) == (404, "NotFound")


def test_a_scale_set_has_as_many_machines_as_its_capacity(cloud: AzureCloud) -> None:
    """Scaled out, it lists more."""
    where = path(cloud, "rg-search-prod", "Microsoft.Compute/virtualMachineScaleSets", "vmss-search-prod")
    before = len(cloud.listed(f"{where}/virtualMachines"))
    follow(cloud, cloud.send("PATCH", where, {"sku": {"capacity": before + 2}}))
    assert len(cloud.listed(f"{where}/virtualMachines")) == before + 2


@pytest.mark.parametrize(
    ("operation", "given", "expected"),
    [
        ("Merge", {"b": "2"}, {"a": "1", "b": "2"}),
        ("Replace", {"c": "3"}, {"c": "3"}),
        ("Delete", {"a": "1"}, {}),
    ],
)
def test_the_tags_api_has_three_operations(cloud: AzureCloud, operation: str, given: dict[str, str], expected: dict[str, str]) -> None:  # fmt: skip
    """On any resource."""
    where = f"{path(cloud, 'rg-orders-dev', 'Microsoft.ManagedIdentity/userAssignedIdentities', 'id-orders-dev')}/providers/Microsoft.Resources/tags/default"
    cloud.send("PUT", where, {"properties": {"tags": {"a": "1"}}}).raise_for_status()
    answer = cloud.send("PATCH", where, {"operation": operation, "properties": {"tags": given}}).raise_for_status()
    assert answer.json()["properties"]["tags"] == cloud.send("GET", where).json()["properties"]["tags"] == expected


def test_permissions_say_what_is_allowed(cloud: AzureCloud) -> None:
    """All in one subscription; reading in the other; there all but rights in every group but one."""

    def actions(scope: str) -> list[list[str]]:
        found = cloud.listed(f"{scope}/providers/Microsoft.Authorization/permissions")
        return sorted([one["actions"] for one in found])

    first, second = (f"/subscriptions/{cloud.subscriptions[name]}" for name in ("web-shop", "analytics"))
    assert actions(first) == [["*"]]
    assert actions(second) == [["*/read"]]
    assert actions(f"{second}/resourceGroups/rg-ingest-prod") == [["*"], ["*/read"]]
    assert actions(f"{second}/resourceGroups/rg-warehouse-prod") == [["*/read"], ["*/read"]]
    assert actions(path(cloud, "rg-warehouse-prod", "Microsoft.Compute/virtualMachines", "vm-warehouse-prod-node-01", "analytics")) == [["*/read"], ["*/read"]]  # fmt: skip


def test_assignments_name_definitions_that_exist(cloud: AzureCloud) -> None:
    """Owner of one subscription; below the other's scope there are more."""
    for name in ("web-shop", "analytics"):
        scope = f"/subscriptions/{cloud.subscriptions[name]}/providers/Microsoft.Authorization"
        known = {one["id"]: one["properties"]["roleName"] for one in cloud.listed(f"{scope}/roleDefinitions")}
        roles = [known[one["properties"]["roleDefinitionId"]] for one in cloud.listed(f"{scope}/roleAssignments")]
        assert ("Owner" in roles) == (name == "web-shop")
        assert ("Contributor" in roles) == (name == "analytics")


@pytest.mark.parametrize(("method", "verb"), [("PATCH", "write"), ("DELETE", "delete")])
def test_what_the_permissions_lack_is_denied(cloud: AzureCloud, method: str, verb: str) -> None:
    """The message names the action and the scope."""
    where = path(cloud, "rg-warehouse-prod", "Microsoft.Compute/availabilitySets", "avail-warehouse-prod", "analytics")
    answer = cloud.send(method, where, {"tags": {}} if method == "PATCH" else None)
    assert code(answer) == (403, "AuthorizationFailed")
    assert f"'Microsoft.Compute/availabilitySets/{verb}'" in answer.json()["error"]["message"]


def test_the_activity_log_has_what_was_written_since(cloud: AzureCloud) -> None:
    """And nothing from before, of another group, or that was refused."""
    since = stamp(utc_now())
    where = path(cloud, "rg-catalog-staging", "Microsoft.ManagedIdentity/userAssignedIdentities", "id-catalog-staging")
    cloud.send("PATCH", where, {"tags": {"seen": "yes"}}).raise_for_status()
    log = f"/subscriptions/{cloud.subscriptions['web-shop']}/providers/Microsoft.Insights/eventtypes/management/values"
    (event,) = cloud.listed(log, filter=f"eventTimestamp ge '{since}' and resourceGroupName eq 'rg-catalog-staging'")
    assert event["resourceId"] == where
    assert event["operationName"]["value"] == "Microsoft.ManagedIdentity/userAssignedIdentities/write"
    assert cloud.listed(log, filter=f"eventTimestamp ge '{stamp(utc_now())}'") == []
    assert code(cloud.send("GET", log)) == (400, "BadRequest")


def test_the_graph_tells_every_change(cloud: AzureCloud) -> None:
    """What was made, changed, field by field, and deleted; the newest last."""
    where = path(cloud, "rg-catalog-dev", "Microsoft.Network/publicIPAddresses", "pip-for-a-while")
    for method, body in (
        ("PUT", {"location": "eastus", "properties": {}}),
        ("PATCH", {"tags": {"a": "b"}}),
        ("DELETE", None),
    ):
        answer = cloud.send(method, where, body).raise_for_status()
        if "Azure-AsyncOperation" in answer.headers:
            follow(cloud, answer)
    rows = cloud.graph(
        "resourcechanges | extend target = tostring(properties.targetResourceId), kind = tostring(properties.changeType), "
        f"at = todatetime(properties.changeAttributes.timestamp) | where target =~ '{where}' and at > ago(1h) "
        "| order by at asc | project kind, changes = properties.changes"
    )
    assert [row["kind"] for row in rows] == ["Create", "Update", "Delete"]
    assert rows[1]["changes"]["tags.a"]["newValue"] == "b"


def test_a_side_effect_is_a_change_too(cloud: AzureCloud) -> None:
    """A deallocated machine's disk is reserved, so an incremental scan must hear of both."""
    name = "vm-catalog-prod-web-04"
    follow(cloud, cloud.send("POST", f"{machine(cloud, name)}/deallocate"))
    rows = cloud.graph(
        f"resourcechanges | where properties.targetResourceId contains '{name}' | project properties.targetResourceType"
    )
    assert {row["properties_targetResourceType"] for row in rows} == {
        "microsoft.compute/virtualmachines",
        "microsoft.compute/disks",
    }


@pytest.mark.parametrize(
    "body",
    [
        {"properties": "text"},
        {"tags": {"a": 1}},
        {"tags": "text"},
        {"location": 5},
        {"sku": {"capacity": "many"}},
        {"properties": {"storageProfile": {"osDisk": []}}},
        {"properties": {"securityRules": [{}]}},
        {"properties": {"ipConfigurations": "text"}},
    ],
)
def test_a_body_of_another_shape_does_no_harm(cloud: AzureCloud, body: dict[str, Any]) -> None:
    """It is refused with 400, and the thing stays as it was."""
    where = machine(cloud, "vm-catalog-prod-web-01")
    before = cloud.send("GET", where).json()
    assert code(cloud.send("PATCH", where, body)) == (400, "InvalidRequestContent")
    assert cloud.send("GET", where).json() == before
