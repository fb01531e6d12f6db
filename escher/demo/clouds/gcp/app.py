"""The one port of the demo's GCP: which API a path is of, who calls, what answers, and what is kept of it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from escher.demo.clouds.gcp import audit
from escher.demo.clouds.gcp.access import granted, permission, reads
from escher.demo.clouds.gcp.asset_types import ASSET_TYPES
from escher.demo.clouds.gcp.batches import Answered, joined, parts_of
from escher.demo.clouds.gcp.call import Call, Cloud
from escher.demo.clouds.gcp.controls import control_routes
from escher.demo.clouds.gcp.discovery import Document, Method, after_version, document, version_in
from escher.demo.clouds.gcp.errors import ApiError, permission_denied, service_disabled
from escher.demo.clouds.gcp.handlers import handler_of
from escher.demo.clouds.gcp.masks import masked
from escher.demo.clouds.gcp.projects import project_of
from escher.demo.clouds.gcp.state import Json
from escher.demo.clouds.gcp.validation import check_body, check_query

_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_VERSIONS = {kind.api: {kind.version} for kind in ASSET_TYPES} | {
    "cloudasset": {"v1"},
    "cloudfunctions": {"v1", "v2"},
    "cloudresourcemanager": {"v1", "v3"},
    "sqladmin": {"v1", "v1beta4"},
}
# These answer for a project whose other APIs are off as well.
_ALWAYS_ON = frozenset({"serviceusage", "cloudresourcemanager"})


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request as it came, alone or as a part of a batch; `path` is still quoted."""

    verb: str
    path: str
    query: str
    authorization: str
    content: bytes


def make_app(cloud: Cloud) -> Starlette:
    """The application that serves a cloud."""

    async def serve(request: Request) -> Response:
        path = request.scope.get("raw_path", b"").decode("ascii") or request.url.path
        authorization = request.headers.get("authorization", "")
        came = Incoming(request.method, path, request.url.query, authorization, await request.body())
        status, answer = await respond(cloud, came)
        return Response(status_code=status) if answer is None else JSONResponse(answer, status)

    async def token(request: Request) -> Response:
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        try:
            return JSONResponse(cloud.access.exchange(form.get("assertion", [""])[0]))
        except ApiError as refused:
            return JSONResponse({"error": refused.reason, "error_description": refused.message}, refused.code)

    async def batch(request: Request) -> Response:
        authorization = request.headers.get("authorization", "")
        answers: list[Answered] = []
        for part in parts_of(request.headers.get("content-type", ""), await request.body()):
            path, _, query = part.target.partition("?")
            came = Incoming(part.verb, path, query, part.authorization or authorization, part.content)
            answers.append(Answered(part.content_id, *await respond(cloud, came)))
        body, content_type = joined(answers)
        return Response(body, headers={"Content-Type": content_type})

    routes = [
        *control_routes(cloud),
        Route("/token", token, methods=["POST"]),
        Route("/batch/{rest:path}", batch, methods=["POST"]),
        Route("/{path:path}", serve, methods=_VERBS),
    ]
    return Starlette(routes=routes)


async def respond(cloud: Cloud, came: Incoming) -> tuple[int, Json | None]:
    """Status and JSON that answer a request; without JSON for what answers nothing."""
    with_query = came.path + (f"?{came.query}" if came.query else "")
    api = came.path.strip("/").partition("/")[0]
    cloud.faults.seen(came.verb, with_query)
    if cloud.faults.delay_ms:
        await asyncio.sleep(cloud.faults.delay_ms / 1000)
    try:
        cloud.faults.check(with_query)
        cloud.access.check(came.authorization)
        call = _call(cloud, came)
        shown = masked(await _answer(call), call.option("fields"))
    except ApiError as refused:
        return refused.code, refused.body(api)
    return (200, shown) if call.method.response else (204, None)


def _call(cloud: Cloud, came: Incoming) -> Call:
    """The call that a request is. Raises ApiError where no method of the API has such a path."""
    cloud.operations.settle()
    found, method, path = _find(came.verb, came.path)
    if found.version not in _VERSIONS[found.api] and not method.id.endswith(".locations.list"):
        # Not 501, which clients try again and again.
        raise ApiError(404, f"The demo does not serve {found.api} {found.version}.")
    named = after_version(path)
    named = named.rpartition(":")[0] if method.custom else named
    query = parse_qs(came.query, keep_blank_values=True)
    call = Call(cloud, found, method, cloud.state.canonical(named), query, _read(came.content, method))
    call.project = project_of(call)
    return call


def _find(verb: str, raw: str) -> tuple[Document, Method, str]:
    """By `{api}/` before Google's own path, or by Google's path alone where it begins with the API's name."""
    whole = unquoted(raw.strip("/"))
    api, _, rest = whole.partition("/")
    for path in (rest, whole):
        path_ = path.replace("/zones/", "/locations/") if api == "container" else path
        found = document(api, version_in(path_)) if version_in(path_) and api in _VERSIONS else None
        if found and (method := found.route(verb, path_)):
            return found, method, path_
    raise ApiError(404, f"The requested URL {raw} was not found on this server.", "notFound")


def unquoted(path: str) -> str:
    """A path with the signs that clients quote in names and verbs; a quoted slash stays, it is part of a name."""
    for quoted, sign in (("%3A", ":"), ("%40", "@"), ("%28", "("), ("%29", ")"), ("%2D", "-")):
        path = path.replace(quoted, sign)
    return path


def _read(content: bytes, method: Method) -> Json:
    if not content or method.verb in ("GET", "DELETE"):
        return {}
    try:
        body: Any = json.loads(content)
    except ValueError:
        raise ApiError(400, "Invalid JSON payload received. Unexpected token.", "parseError") from None
    if not isinstance(body, dict):
        raise ApiError(400, "Invalid JSON payload received. An object is expected.", "parseError")
    return body


async def _answer(call: Call) -> Json:
    _check_allowed(call)
    check_query(call.document, call.method, call.query)
    if call.method.request:
        check_body(call.document, call.method.request, call.body)
    if call.method.name == "wait" and call.path.endswith("/wait"):
        operation = call.path.removesuffix("/wait")
        await call.cloud.operations.wait(operation)
        return call.resource(operation).data or {}
    answer = handler_of(call)(call)
    if not reads(call.method.id):
        audit.keep(call, answer)
    return answer


def _check_allowed(call: Call) -> None:
    """Raise ApiError 403 for a project that is not ours, an API that is off or a permission that is missing."""
    if not call.project:
        return
    project, needed = call.state.projects.get(call.project), permission(call.method.id)
    if project is None:
        raise permission_denied(call.api, needed, f"projects/{call.project}")
    service = f"{call.api}.googleapis.com"
    if call.api not in _ALWAYS_ON and not call.cloud.enabled(call.project, service):
        raise service_disabled(service, call.document.title, project.number)
    if not reads(call.method.id) and not granted(project.role, needed):
        named = call.method.segments[-1] == "{}" or call.method.custom
        raise permission_denied(call.api, needed, call.path if named else call.path.rpartition("/")[0])
