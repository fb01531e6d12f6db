"""Which handler answers which call; what no line names is a resource of some type."""

from __future__ import annotations

import re
from collections.abc import Callable

from escher.demo.clouds.azure import activity, authorization, graph, groups, identity, resources
from escher.demo.clouds.azure.cloud import Cloud
from escher.demo.clouds.azure.exchange import Answer, ArmError, Call
from escher.demo.clouds.azure.state import utc_now

Handler = Callable[[Cloud, Call], Answer]


def _operation_status(cloud: Cloud, call: Call) -> Answer:
    return cloud.operations.status(call.path.rsplit("/", 1)[-1])


def _operation_result(cloud: Cloud, call: Call) -> Answer:
    return cloud.operations.result(call, call.path.rsplit("/", 1)[-1])


_S = r"/subscriptions/[^/]+"
_G = _S + r"/resourceGroups/[^/]+"
_AUTH = r".*/providers/Microsoft\.Authorization"
OPEN: tuple[tuple[str, str, Handler], ...] = (
    ("GET", r"/metadata/endpoints", identity.endpoints),
    ("GET", r"/msi", identity.managed_identity),
)
"""What answers without a token."""
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", r"/tenants", identity.tenants),
    ("GET", r"/subscriptions", identity.subscriptions),
    ("GET", _S, identity.subscription),
    ("GET", _S + r"/locations", identity.locations),
    ("GET", _S + r"/providers", identity.providers),
    ("GET", _S + r"/providers/[^/]+", identity.provider),
    ("GET", _S + r"/resources", groups.list_resources),
    ("GET", _S + r"/resourceGroups", groups.list_groups),
    ("GET", _G + r"/resources", groups.list_resources),
    ("GET HEAD PUT PATCH DELETE", _G, groups.group),
    ("GET PUT PATCH DELETE", r".*/providers/Microsoft\.Resources/tags/default", groups.resource_tags),
    ("GET", r".*/operations/[0-9a-f-]{36}", _operation_status),
    ("GET", r".*/operationResults/[0-9a-f-]{36}", _operation_result),
    ("GET", _S + r"/providers/Microsoft\.Compute/locations/[^/]+/vmSizes", identity.machine_sizes),
    ("GET", _G + r"/providers/Microsoft\.Compute/virtualMachines/[^/]+/vmSizes", identity.machine_sizes),
    ("POST", r"/providers/Microsoft\.ResourceGraph/resources", graph.query),
    ("GET", _S + r"/providers/Microsoft\.Insights/eventtypes/management/values", activity.activity_log),
    ("GET", _AUTH + r"/permissions", authorization.permissions),
    ("GET", _AUTH + r"/roleAssignments", authorization.role_assignments),
    ("GET", _AUTH + r"/roleDefinitions", authorization.role_definitions),
    ("GET", _AUTH + r"/roleDefinitions/[^/]+", authorization.role_definition_named),
)
_COMPILED = [(set(methods.split()), re.compile(path, re.IGNORECASE), handler) for methods, path, handler in ROUTES]
_VERSION = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(-\w+)?")


def answer(cloud: Cloud, call: Call) -> Answer:
    """Answer a call. Raises ArmError."""
    path = call.path.rstrip("/")
    for method, pattern, handler in OPEN:
        if call.method == method and path == pattern:
            return handler(cloud, call)
    identity.check_token(call)
    _check_version(call)
    cloud.operations.settle()
    return _handler(call.method, path)(cloud, call)


def _handler(method: str, path: str) -> Handler:
    for methods, pattern, handler in _COMPILED:
        if method in methods and pattern.fullmatch(path):
            return handler
    if re.match(_S + "/(resourceGroups/[^/]+/)?providers/[^/]+/[^/]+", path, re.IGNORECASE):
        return resources.generic
    raise ArmError(404, "NotFound", f"No HTTP resource was found that matches the request URI '{path}'.")


def _check_version(call: Call) -> None:
    given = call.query.get("api-version", "")
    if not given:
        message = "The api-version query parameter (?api-version=) is required for all requests."
        raise ArmError(400, "MissingApiVersionParameter", message)
    matched = _VERSION.fullmatch(given)
    if matched is None or int(matched[1]) > utc_now().year:
        raise ArmError(400, "InvalidApiVersionParameter", f"The api-version '{given}' is invalid.")
