"""The audit log: an entry for every change since the start, read through Cloud Logging."""

from __future__ import annotations

from escher.demo.clouds.gcp.access import permission
from escher.demo.clouds.gcp.call import Call, invalid
from escher.demo.clouds.gcp.filters import matching
from escher.demo.clouds.gcp.registry import serves
from escher.demo.clouds.gcp.state import Json, digits, stamp

_RESOURCE_TYPES = {
    "compute": "gce_",
    "storage": "gcs_bucket",
    "sqladmin": "cloudsql_database",
    "pubsub": "pubsub_",
    "container": "gke_cluster",
}


def keep(call: Call, answer: Json) -> None:
    """Write the entry of a change."""
    number = len(call.cloud.audit)
    payload: Json = {
        "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
        "serviceName": f"{'cloudsql' if call.api == 'sqladmin' else call.api}.googleapis.com",
        "methodName": _method_name(call),
        "resourceName": _resource_name(call, answer),
        "authenticationInfo": {"principalEmail": call.cloud.access.email},
        "authorizationInfo": [{"permission": permission(call.method.id), "granted": True}],
        "status": {},
    }
    entry: Json = {
        "logName": f"projects/{call.project}/logs/cloudaudit.googleapis.com%2Factivity",
        "insertId": f"demo{number:08}{digits(call.path, 6)}",
        "timestamp": stamp(call.now),
        "receiveTimestamp": stamp(call.now),
        "severity": "NOTICE",
        "resource": {"type": _resource_type(call), "labels": {"project_id": call.project}},
        "protoPayload": payload,
    }
    if call.api == "compute" and "name" in answer:
        entry["operation"] = {"id": answer["name"], "producer": "compute.googleapis.com", "first": True}
    call.cloud.audit.append(entry)


def _method_name(call: Call) -> str:
    if call.api == "compute":
        return f"v1.{call.method.id}"
    return call.method.id.replace("sql.", "cloudsql.") if call.api == "sqladmin" else call.method.id


def _resource_name(call: Call, answer: Json) -> str:
    """What was changed: the target of the operation, what was made, or what the path names."""
    if call.api == "storage":
        name = call.path.removeprefix("b/") if call.path != "b" else answer.get("name", "")
        return f"projects/_/buckets/{name}"
    if "targetLink" in answer:
        return "projects/" + answer["targetLink"].partition("/projects/")[2]
    return call.path


def _resource_type(call: Call) -> str:
    parts = call.path.split("/")
    prefix = _RESOURCE_TYPES.get(call.api, "audited_resource")
    collection = parts[4] if len(parts) > 4 and parts[2] in ("zones", "regions") else parts[min(3, len(parts) - 1)]
    return prefix + collection.removesuffix("s").lower() if prefix.endswith("_") else prefix


@serves("logging.entries.list")
def entries(call: Call) -> Json:
    """The entries of the projects in `resourceNames` that pass the filter, oldest first unless `orderBy` says otherwise."""
    names: list[str] = call.body.get("resourceNames", [])
    if not names:
        raise invalid("At least one resource name is required.", "required")
    wanted = {call.state.canonical(name).split("/")[1] for name in names if name.startswith("projects/")}
    test = matching(str(call.body.get("filter", "")))
    found = [entry for entry in call.cloud.audit if entry["logName"].split("/")[1] in wanted and test(entry)]
    if call.body.get("orderBy", "").strip() == "timestamp desc":
        found.reverse()
    size, start = int(call.body.get("pageSize") or 50), int(call.body.get("pageToken") or 0)
    page = found[start : start + size]
    more = {"nextPageToken": str(start + size)} if len(found) > start + size else {}
    return ({"entries": page} if page else {}) | more
