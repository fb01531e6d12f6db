"""Which function answers which method: by its id, or by its last word in an API; all others by what they are."""

from __future__ import annotations

from collections.abc import Callable

from escher.demo.clouds.gcp import (
    assets,
    audit,
    buckets,
    creation,
    databases,
    disks,
    functions,
    groups,
    identities,
    instances,
    jobs,
    projects,
    reading,
    writing,
)
from escher.demo.clouds.gcp.call import Call
from escher.demo.clouds.gcp.errors import ApiError
from escher.demo.clouds.gcp.registry import HANDLERS
from escher.demo.clouds.gcp.state import Json

# Importing these fills the registry.
SPECIAL = (assets, audit, buckets, creation, databases, disks, functions, groups, identities, instances, jobs, projects)


def handler_of(call: Call) -> Callable[[Call], Json]:
    """The function that answers a call. Raises ApiError 501 if the demo has none."""
    method = call.method
    special = HANDLERS.get(method.id) or HANDLERS.get(f"{call.api}.*.{method.name}")
    found = special or _usual(call)
    if found is None:
        raise ApiError(501, f"The demo does not serve {method.id}.")
    return found


def _usual(call: Call) -> Callable[[Call], Json] | None:
    method = call.method
    if method.verb == "GET" and method.name == "aggregatedList":
        return reading.aggregated
    if method.verb == "GET" and not method.custom:
        return reading.listing if method.name.startswith("list") else reading.get
    if method.name in ("delete", "remove") and method.verb == "DELETE":
        return writing.delete
    if method.verb in ("PATCH", "PUT") and method.name in ("patch", "update"):
        return writing.change
    return writing.create if method.name in ("insert", "create") and not method.custom else None
