"""What every API of the demo has in common: who may call, what is refused, pages, faults, the audit log."""

from __future__ import annotations

import os
import signal
from typing import Any

import httpx
import pytest

from tests.fixtures.gcp_cloud import GcpCloud, gcp_cloud

ZONE = "us-central1-a"


def changed(cloud: GcpCloud, **more: Any) -> list[dict[str, Any]]:
    """The entries of the audit log of the owned project."""
    body = {"resourceNames": [f"projects/{cloud.owned}"]} | more
    return cloud.post("logging/v2/entries:list", body).raise_for_status().json().get("entries", [])


def test_both_forms_of_an_address(cloud: GcpCloud) -> None:
    """`/X/` before Google's path, and Google's path alone where it begins with the API."""
    path = f"compute/v1/projects/{cloud.owned}/zones/{ZONE}/disks"
    assert cloud.get(f"compute/{path}").json() == cloud.get(path).json()
    assert cloud.get("storage/storage/v1/b", project=cloud.owned).json()["kind"] == "storage#buckets"
    assert cloud.get(f"sqladmin/sql/v1beta4/projects/{cloud.owned}/instances").json() == (
        cloud.get(f"sqladmin/v1/projects/{cloud.owned}/instances").json()
    )


@pytest.mark.parametrize("authorization", [None, "Bearer stolen", "Basic eDp5"])
def test_without_a_token_nothing(cloud: GcpCloud, authorization: str | None) -> None:
    """401 in Google's form."""
    headers = {"Authorization": authorization} if authorization else {}
    answer = httpx.get(f"{cloud.url}/compute/v1/projects/{cloud.owned}/zones", headers=headers)
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_a_foreign_key_gets_no_token(cloud: GcpCloud) -> None:
    """An assertion that our key did not sign is refused."""
    answer = httpx.post(f"{cloud.url}/token", data={"assertion": "e30.e30.e30"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("path", "parameters", "status", "reason"),
    [
        ("zones/{zone}/instances/none", {}, 404, "notFound"),
        ("zones/{zone}/instances", {"maxResults": "501"}, 400, "invalidParameter"),
        ("zones/{zone}/instances", {"pageToken": "wrong"}, 400, "invalid"),
        ("zones/{zone}/instances", {"colour": "red"}, 400, "badRequest"),
        ("zones/{zone}/instances", {"filter": "(name"}, 400, "invalid"),
    ],
)
def test_wrong_calls_are_refused(
    cloud: GcpCloud, path: str, parameters: dict[str, str], status: int, reason: str
) -> None:
    """With the status and the reason of the real one."""
    answer = cloud.get(f"compute/v1/projects/{cloud.owned}/{path.format(zone=ZONE)}", **parameters)
    assert (answer.status_code, answer.json()["error"]["errors"][0]["reason"]) == (status, reason)


def test_wrong_bodies_are_refused(cloud: GcpCloud) -> None:
    """A field that the schema does not know is named."""
    answer = cloud.post(f"compute/v1/projects/{cloud.owned}/global/firewalls", {"name": "x", "colour": "red"})
    assert answer.status_code == 400 and '"colour"' in answer.json()["error"]["message"]


def test_fields_choose(cloud: GcpCloud) -> None:
    """`fields` leaves only what it names."""
    path = f"compute/v1/projects/{cloud.owned}/global/networks"
    answer = cloud.get(path, fields="items(name,routingConfig/routingMode),kind").json()
    assert set(answer) == {"items", "kind"}
    assert answer["items"][0] == {"name": "lab", "routingConfig": {"routingMode": "REGIONAL"}}


def test_projects_and_what_is_on(cloud: GcpCloud) -> None:
    """Resource Manager in both versions; Service Usage tells what is off."""
    old = cloud.get("cloudresourcemanager/v1/projects").json()["projects"]
    new = cloud.get(f"cloudresourcemanager/v3/projects/{cloud.owned}").json()
    assert [project["projectId"] for project in old] == sorted(cloud.projects)
    assert (new["name"], new["displayName"]) == ("projects/583920174655", "web-shop")
    services = cloud.get(
        f"serviceusage/v1/projects/{cloud.owned}/services", filter="state:ENABLED", pageSize=200
    ).json()
    on = {service["config"]["name"] for service in services["services"]}
    assert "compute.googleapis.com" in on and "spanner.googleapis.com" not in on


def test_what_is_off_says_so(cloud: GcpCloud) -> None:
    """403 SERVICE_DISABLED with the project's number."""
    error = cloud.get(f"spanner/v1/projects/{cloud.owned}/instances").json()["error"]
    info = error["details"][1]
    assert (error["code"], info["reason"], info["metadata"]["consumer"]) == (
        403,
        "SERVICE_DISABLED",
        "projects/583920174655",
    )


def test_permissions_in_a_project(cloud: GcpCloud) -> None:
    """Everything for the owner; for the viewer what reads, but no secret's content; no wildcards."""
    asked = ["compute.instances.list", "compute.instances.stop", "secretmanager.versions.access"]
    path = "cloudresourcemanager/v1/projects/{}:testIamPermissions"
    held = [
        cloud.post(path.format(project), {"permissions": asked}).json()["permissions"] for project in cloud.projects
    ]
    assert held == [asked, asked[:1]]
    assert cloud.post(path.format(cloud.owned), {"permissions": ["compute.*"]}).status_code == 400


def test_wildcards_only_where_google_has_them(cloud: GcpCloud) -> None:
    """Redis lists all regions at once, Cloud Run does not but tells its locations."""
    everywhere = cloud.get(f"redis/v1/projects/{cloud.owned}/locations/-/instances").json()
    assert len(everywhere["instances"]) == 2
    assert cloud.get(f"run/v2/projects/{cloud.owned}/locations/-/services").status_code == 400
    places = cloud.get(f"run/v1/projects/{cloud.owned}/locations").json()["locations"]
    counts = [
        len(cloud.get(f"run/v2/projects/{cloud.owned}/locations/{place['locationId']}/services").json()["services"])
        for place in places
    ]
    assert sum(counts) == 5


def test_long_running_operations(cloud: GcpCloud) -> None:
    """A patch of a function is not done at once; when it is, the result is in it and in the next get."""
    path = f"cloudfunctions/v2/projects/{cloud.owned}/locations/us-central1/functions/checkout-hook"
    cloud.delay(operation_ms=600_000)
    begun = cloud.patch(path, {"labels": {"app": "changed"}}, updateMask="labels").json()
    assert begun["done"] is False and cloud.get(path).json()["labels"]["app"] == "checkout"
    cloud.delay(operation_ms=0)
    ended = cloud.patch(path, {"labels": {"app": "changed"}}, updateMask="labels").json()
    ended = cloud.get(f"cloudfunctions/v2/{ended['name']}").json()
    assert ended["done"] and ended["response"]["labels"] == cloud.get(path).json()["labels"] == {"app": "changed"}


def test_databases_stop_and_start(cloud: GcpCloud) -> None:
    """By the activation policy, with an operation, and Cloud Asset follows."""
    path = f"sqladmin/v1/projects/{cloud.owned}/instances/legacy-mysql"
    cloud.delay(operation_ms=0)
    begun = cloud.patch(path, {"settings": {"activationPolicy": "NEVER"}}).json()
    assert begun["status"] == "PENDING"
    done = cloud.get(f"sqladmin/v1/projects/{cloud.owned}/operations/{begun['name']}").json()
    types = {"assetTypes": "sqladmin.googleapis.com/Instance", "contentType": "RESOURCE"}
    assets = cloud.get(f"cloudasset/v1/projects/{cloud.owned}/assets", **types).json()["assets"]
    policies = {asset["name"]: asset["resource"]["data"]["settings"]["activationPolicy"] for asset in assets}
    assert done["status"] == "DONE"
    assert policies[f"//cloudsql.googleapis.com/projects/{cloud.owned}/instances/legacy-mysql"] == "NEVER"


def test_the_audit_log_has_writes_only(cloud: GcpCloud) -> None:
    """A read leaves no entry, a write one with method and resource; the filter goes by time."""
    key = f"projects/{cloud.owned}/secrets/test-token"
    before = len(changed(cloud))
    cloud.get(f"secretmanager/v1/{key}").raise_for_status()
    assert len(changed(cloud)) == before
    cloud.delete(f"secretmanager/v1/{key}").raise_for_status()
    entry = changed(cloud)[-1]
    assert entry["protoPayload"]["methodName"] == "secretmanager.projects.secrets.delete"
    assert entry["protoPayload"]["resourceName"] == key
    assert changed(cloud, filter=f'timestamp>"{entry["timestamp"]}"') == []
    assert changed(cloud, filter=f'timestamp>="{entry["timestamp"]}"', orderBy="timestamp desc")[0] == entry


def test_refused_writes_leave_no_entry(cloud: GcpCloud) -> None:
    """What was denied has not been done."""
    cloud.post(f"compute/v1/projects/{cloud.viewed}/zones/{ZONE}/instances/warehouse-loader-prod-02/stop")
    body = {"resourceNames": [f"projects/{cloud.viewed}"]}
    assert cloud.post("logging/v2/entries:list", body).json() == {}


def test_faults_strike_as_often_as_told(cloud: GcpCloud) -> None:
    """Twice, on what matches, with status and reason."""
    cloud.faults([{"match": "/global/images", "status": 403, "reason": "rateLimitExceeded", "times": 2}])
    path = f"compute/v1/projects/{cloud.owned}/global/images"
    answers = [cloud.get(path) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [403, 403, 200]
    assert answers[0].json()["error"]["errors"][0]["reason"] == "rateLimitExceeded"
    assert cloud.get(f"compute/v1/projects/{cloud.owned}/global/networks").status_code == 200


def test_a_share_of_faults_is_the_same_again(cloud: GcpCloud) -> None:
    """About a third fail, and the same ones each time the rules are set."""
    path, rules = f"compute/v1/projects/{cloud.owned}/global/images", [{"match": ".", "status": 429, "share": 0.3}]
    runs: list[list[int]] = []
    for _ in range(2):
        cloud.faults(rules)
        runs.append([cloud.get(path).status_code for _ in range(60)])
    assert runs[0] == runs[1] and 8 <= runs[0].count(429) <= 30


def test_calls_are_counted(cloud: GcpCloud) -> None:
    """Method and path with its query, since the last reset."""
    cloud.reset_calls()
    cloud.get("storage/v1/b", project=cloud.owned)
    assert [(call.method, call.path) for call in cloud.calls()] == [("GET", f"/storage/v1/b?project={cloud.owned}")]


def test_it_ends_when_told() -> None:
    """SIGTERM ends the process."""
    with gcp_cloud() as served:
        os.kill(served.pid, signal.SIGTERM)
        with pytest.raises(httpx.TransportError):
            while True:
                served.get("cloudresourcemanager/v1/projects")


def test_batches_answer_each_part(cloud: GcpCloud) -> None:
    """Two requests in one, as gcloud sends them: one found, one not."""
    root = f"/compute/v1/projects/{cloud.owned}/global/networks"
    part = "--b\r\nContent-Type: application/http\r\nContent-ID: <{0}>\r\n\r\nGET {1} HTTP/1.1\r\nHost: x\r\n\r\n\r\n"
    body = part.format("demo+1", f"{root}/main") + part.format("demo+2", f"{root}/none") + "--b--\r\n"
    headers = {"Content-Type": "multipart/mixed; boundary=b", "Authorization": f"Bearer {cloud.token}"}
    answer = httpx.post(f"{cloud.url}/batch/compute/v1", content=body, headers=headers).text
    first, second = answer.split("--batch_of_the_demo")[1:3]
    assert "<response-demo+1>" in first and "HTTP/1.1 200 OK" in first and '"name": "main"' in first
    assert "<response-demo+2>" in second and "HTTP/1.1 404 Not Found" in second
