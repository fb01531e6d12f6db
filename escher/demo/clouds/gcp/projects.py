"""Projects, the APIs that are on in them, and what the caller may do: Resource Manager, Service Usage, IAM."""

from __future__ import annotations

import re

from escher.demo.clouds.gcp.access import granted
from escher.demo.clouds.gcp.call import Call, invalid
from escher.demo.clouds.gcp.errors import not_found
from escher.demo.clouds.gcp.filters import matching
from escher.demo.clouds.gcp.pages import page_of
from escher.demo.clouds.gcp.registry import serves
from escher.demo.clouds.gcp.state import Json, Project

ORGANIZATION = "482015739604"
_PERMISSION = re.compile(r"[a-z][A-Za-z0-9]*(\.[A-Za-z0-9]+){2}$")


def project_of(call: Call) -> str:
    """The id of the project that a call is about, empty if of none or many."""
    parts = call.path.split("/")
    if parts[0] == "projects" and len(parts) > 1:
        return parts[1] if parts[1] != "-" else _owner_of_account(call)
    if parts[0] == "b" and len(parts) > 1:
        found = call.state.find("storage", "/".join(parts[:2]))
        if found is None:
            raise not_found("storage", call.path)
        return found.project
    named = call.option("project") or call.option("projectId") or (call.body.get("resourceNames") or [""])[0]
    return call.state.canonical(f"projects/{named.removeprefix('projects/')}").split("/")[1] if named else ""


def _owner_of_account(call: Call) -> str:
    """`projects/-/serviceAccounts/EMAIL` leaves the project to the account."""
    email = call.path.split("/")[-1]
    for project in call.state.projects:
        if call.state.find("iam", f"projects/{project}/serviceAccounts/{email}"):
            call.path = f"projects/{project}/serviceAccounts/{email}"
            return project
    return ""


@serves("cloudresourcemanager.projects.list", "cloudresourcemanager.projects.search")
def list_projects(call: Call) -> Json:
    """All projects that the caller may see."""
    by_id = sorted(call.state.projects.values(), key=lambda project: project.project_id)
    shown = [_shown(call, project) for project in by_id]
    test = matching(call.option("filter") or call.option("query"))
    page, token = page_of(call, [project for project in shown if test(project)], lambda found: found["projectId"])
    return {"projects": page} | ({"nextPageToken": token} if token else {})


@serves("cloudresourcemanager.projects.get")
def get_project(call: Call) -> Json:
    """One of them."""
    return _shown(call, call.state.projects[call.project])


def _shown(call: Call, project: Project) -> Json:
    """A project in the form of the version that is asked."""
    data = call.state.copy("cloudresourcemanager", f"projects/{project.project_id}") or {}
    if call.document.version == "v1":
        return data
    return {
        "name": f"projects/{project.number}",
        "parent": f"organizations/{ORGANIZATION}",
        "projectId": project.project_id,
        "state": data["lifecycleState"],
        "displayName": project.name,
        "createTime": data["createTime"],
        "updateTime": data["createTime"],
        "etag": 'W/"demo"',
        "labels": data["labels"],
    }


@serves("cloudresourcemanager.projects.getAncestry")
def ancestry(call: Call) -> Json:
    """The project and the organization above it."""
    ids = [("project", call.project), ("organization", ORGANIZATION)]
    return {"ancestor": [{"resourceId": {"type": kind, "id": id_}} for kind, id_ in ids]}


@serves("serviceusage.services.list")
def list_services(call: Call) -> Json:
    """The APIs of a project; `filter=state:ENABLED` leaves out those that are off."""
    test = matching(call.option("filter").replace("state:", "state="))
    found = [member for member in call.state.members("serviceusage", call.path) if test(member.data)]
    page, token = page_of(call, found, lambda member: member.path)
    return {"services": [member.data for member in page]} | ({"nextPageToken": token} if token else {})


@serves("serviceusage.services.enable", "serviceusage.services.disable")
def switch_service(call: Call) -> Json:
    """Turn an API on or off."""
    on = call.method.name == "enable"
    call.cloud.switch(call.project, call.path.rpartition("/")[2], on)
    return {"name": "operations/acat.demo", "done": True, "response": {"service": call.resource().data}}


@serves(*(f"{api}.*.testIamPermissions" for api in ("compute", "pubsub", "secretmanager", "cloudkms", "iam", "run")))
@serves(*(f"{api}.*.testIamPermissions" for api in ("cloudfunctions", "spanner", "bigtableadmin", "cloudtasks")))
@serves(
    "storage.*.testIamPermissions", "cloudresourcemanager.*.testIamPermissions", "artifactregistry.*.testIamPermissions"
)
def test_permissions(call: Call) -> Json:
    """Which of the asked permissions the caller has here. What is no permission is refused, `*` too."""
    path = call.path.removesuffix("/testIamPermissions").removesuffix("/iam/testPermissions")
    if call.api != "cloudresourcemanager":
        call.resource(path)
    asked: list[str] = call.query.get("permissions", []) or call.body.get("permissions", [])
    for name in asked:
        if not _PERMISSION.match(name):
            raise invalid(f"Permission {name} is not valid for this resource.")
    held = [name for name in asked if granted(call.state.projects[call.project].role, name)]
    kind = {"kind": "storage#testIamPermissionsResponse"} if call.api == "storage" else {}
    return kind | ({"permissions": held} if held else {})


@serves("cloudresourcemanager.projects.getIamPolicy")
def project_policy(call: Call) -> Json:
    """Who may do what in a project."""
    return policy_of(call.state.projects[call.project], call.cloud.access.email)


def policy_of(project: Project, email: str) -> Json:
    """The policy of a project: its people, and the demo's account with its role."""
    owner = {"role": "roles/owner", "members": ["user:ana@escher-demo.example"]}
    ours = {"role": f"roles/{project.role}", "members": [f"serviceAccount:{email}"]}
    return {"version": 1, "etag": "BwYdemo=", "bindings": [owner, ours]}


@serves("compute.projects.get")
def compute_project(call: Call) -> Json:
    """Compute's own view of a project."""
    return call.resource(f"projects/{call.project}").data or {}


@serves(
    *(
        f"{api}.projects.locations.list"
        for api in ("cloudkms", "cloudtasks", "cloudscheduler", "artifactregistry", "run")
    ),
    *(f"{api}.projects.locations.list" for api in ("cloudfunctions", "redis", "file", "workflows", "firestore")),
    *(f"{api}.projects.locations.list" for api in ("domains", "gkebackup", "logging", "secretmanager")),
)
def list_locations(call: Call) -> Json:
    """The places in which an API can hold something of a project."""
    regions = [
        member.path.rpartition("/")[2] for member in call.state.members("compute", f"projects/{call.project}/regions")
    ]
    names = [*regions, *(["global"] if call.api in ("cloudkms", "domains", "logging") else [])]
    found = [{"name": f"{call.path}/{name}", "locationId": name} for name in names]
    return {"locations": found}


@serves("compute.*.getIamPolicy", "run.*.getIamPolicy")
def no_policy(call: Call) -> Json:
    """Nothing in compute or run has a policy of its own."""
    call.resource(call.path.removesuffix("/getIamPolicy"))
    return {"version": 1, "etag": "ACAB"}
