"""Service accounts: made with an address of their project, disabled and enabled."""

from __future__ import annotations

from escher.demo.clouds.gcp.call import Call, invalid
from escher.demo.clouds.gcp.errors import ApiError
from escher.demo.clouds.gcp.registry import serves
from escher.demo.clouds.gcp.state import Json, digits


@serves("iam.projects.serviceAccounts.create")
def create(call: Call) -> Json:
    """A new service account. 409 if the project has one of this name."""
    name = str(call.body.get("accountId", ""))
    if not name:
        raise invalid("Required field 'account_id' not specified", "required")
    email = f"{name}@{call.project}.iam.gserviceaccount.com"
    path = f"projects/{call.project}/serviceAccounts/{email}"
    if call.state.find("iam", path):
        raise ApiError(409, f"Service account {name} already exists within project {path}.", "alreadyExists")
    data = call.body.get("serviceAccount", {}) | {
        "name": path,
        "projectId": call.project,
        "uniqueId": digits(email, 21),
        "email": email,
        "oauth2ClientId": digits(email, 21),
        "etag": "MDEwMjE5MjA=",
    }
    call.put(data, path)
    return data


@serves("iam.projects.serviceAccounts.disable", "iam.projects.serviceAccounts.enable")
def switch(call: Call) -> Json:
    """Off or on; without effect where it is already so."""
    data = call.copy()
    data.pop("disabled", None)
    call.put(data | ({"disabled": True} if call.method.name == "disable" else {}))
    return {}
