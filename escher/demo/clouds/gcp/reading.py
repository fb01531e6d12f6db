"""Get, list and aggregated list of every type, in the forms that the discovery documents declare."""

from __future__ import annotations

from typing import Any

from escher.demo.clouds.gcp.call import Call, invalid
from escher.demo.clouds.gcp.discovery import Document
from escher.demo.clouds.gcp.filters import matching
from escher.demo.clouds.gcp.pages import page_of
from escher.demo.clouds.gcp.state import Json, Resource

COMPUTE = "https://www.googleapis.com/compute/v1/"
# These refuse `-` in place of a location.
_ONE_LOCATION = frozenset({"run", "cloudkms", "cloudtasks", "cloudscheduler", "artifactregistry", "dataproc"})
_NOT_ITEMS = frozenset({"unreachable", "missingZones", "warnings", "warning", "prefixes", "etag", "unreachables"})
# These keep the filter of a listing to themselves or have none that the demo needs.
_FILTERED = frozenset(
    {"compute", "container", "sqladmin", "monitoring", "logging", "cloudresourcemanager", "redis", "file"}
)


def get(call: Call) -> Json:
    """One resource."""
    return call.resource().data or {}


def listing(call: Call) -> Json:
    """The resources of a collection, a page of them."""
    if call.api in _ONE_LOCATION and "/-" in call.path:
        raise invalid(
            f"Invalid resource field value in the request: the wildcard '-' is not supported in '{call.path}'."
        )
    test = matching(call.option("filter")) if call.api in _FILTERED else matching("")
    found = [member for member in _members(call) if test(member.data)]
    page, token = page_of(call, found, lambda member: member.path)
    field, form = items_field(call.document, call.method.response)
    answer = _head(call)
    if page or call.api in ("compute", "bigquery"):
        answer[field] = [_projected(member.data or {}, form) for member in page]
    return answer | ({"nextPageToken": token} if token else {})


def _members(call: Call) -> list[Resource]:
    found = call.state.members(call.api, call.path)
    if call.api == "storage" and call.path == "b":
        return [member for member in found if member.project == call.project]
    return found


def aggregated(call: Call) -> Json:
    """All resources of a kind in a project by scope; scopes without any carry a warning."""
    collection = call.path.rpartition("/")[2]
    test = matching(call.option("filter"))
    found = sorted(
        (
            member
            for member in call.state.in_api("compute", call.project)
            if member.path.split("/")[-2] == collection and test(member.data)
        ),
        key=lambda member: member.path,
    )
    page, token = page_of(call, found, lambda member: member.path)
    scopes: dict[str, Json] = {scope: _empty(scope) for scope in _scopes(call, collection)}
    for member in page:
        scope = scope_of(member.path)
        scopes[scope] = {collection: [*scopes[scope].get(collection, []), member.data]}
    return _head(call) | {"items": scopes} | ({"nextPageToken": token} if token else {})


def scope_of(path: str) -> str:
    """`zones/us-central1-a`, `regions/us-central1` or `global` of a path of compute."""
    parts = path.split("/")
    return "global" if parts[2] == "global" else "/".join(parts[2:4])


def items_field(document: Document, response: str) -> tuple[str, Json]:
    """The field of a listing that has the items, and their form."""
    lists = {
        name: declared["items"]
        for name, declared in document.properties(response).items()
        if declared.get("type") == "array" and name not in _NOT_ITEMS
    }
    name = next(iter(sorted(lists, key=lambda name: (name != "items", "$ref" not in lists[name]))), "items")
    return name, lists.get(name, {})


def _projected(data: Json, form: Json) -> Json:
    """What a listing tells of a resource: all of it, unless it declares a shorter form."""
    declared: dict[str, Any] | None = form.get("properties")
    return data if declared is None else {name: value for name, value in data.items() if name in declared}


def _head(call: Call) -> Json:
    answer: Json = {}
    if kind := call.document.kind(call.method.response):
        answer["kind"] = kind
    if call.api == "compute":
        answer |= {"id": call.path, "selfLink": COMPUTE + call.path}
    return answer


def _empty(scope: str) -> Json:
    message = f"There are no results for scope '{scope}' on this page."
    return {"warning": {"code": "NO_RESULTS_ON_PAGE", "message": message, "data": [{"key": "scope", "value": scope}]}}


def _scopes(call: Call, collection: str) -> list[str]:
    root, found = f"compute/v1/projects/{call.project}", list[str]()
    for place in ("regions", "zones"):
        names = [
            member.path.rpartition("/")[2]
            for member in call.state.members("compute", f"projects/{call.project}/{place}")
        ]
        if call.document.route("GET", f"{root}/{place}/x/{collection}"):
            found += [f"{place}/{name}" for name in names]
    if call.document.route("GET", f"{root}/global/{collection}"):
        found.insert(0, "global")
    return found
