"""What a route takes of its caller, and how its refusals are documented; declared at the route, enforced before it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from escher.contract.refusal import Refusal
from escher_server.routes.direct import DirectRoute
from escher_server.runtime.authentication import OPEN_PATHS, Rule
from escher_server.runtime.caller import Caller, Right, caller_of
from escher_server.settings import API

_SCOPES = "x-scopes"
_WORDS = {
    400: "Another version of the contract",
    401: "No key, or a wrong one",
    403: "The key may not do this",
    404: "There is nothing by that name",
    408: "The body did not arrive in time",
    409: "What is there stands against it",
    413: "The body is larger than 256 KiB",
    422: "The request does not follow the contract, or holds a credential",
    429: "Too many requests within a minute",
    500: "The server failed",
    502: "The library's source did not answer",
    503: "The server took too long",
}
_JSON = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"content": _JSON, "description": words} for status, words in _WORDS.items()
}
REFUSALS[429]["headers"] = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}}


def router(tag: str, prefix: str = "") -> APIRouter:
    """A router below `/v1` whose routes document their refusals."""
    return APIRouter(prefix=f"{API}{prefix}", tags=[tag], responses=REFUSALS, route_class=DirectRoute)


def asking(connection: HTTPConnection) -> Caller:
    """Who asks."""
    return caller_of(connection.scope)


Asking = Annotated[Caller, Depends(asking)]


def takes(*rights: Right) -> dict[str, Any]:
    """For a route's `openapi_extra`: one of these scopes is needed, instead of `user`."""
    return {_SCOPES: list(rights)}


def rules_of(routers: Iterable[APIRouter]) -> tuple[Rule, ...]:
    """The routes that take more than a user's key."""
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    declared = ((route, (route.openapi_extra or {}).get(_SCOPES)) for route in routes)
    return tuple(
        Rule(
            path=route.path_regex,
            exact="" if "{" in route.path else route.path,
            methods=frozenset(route.methods or ()),
            rights=tuple(rights),
        )
        for route, rights in declared
        if rights
    )


def documented(schema: dict[str, Any], *, keyed: bool) -> dict[str, Any]:
    """The OpenAPI document with its refusals; and where a key is asked for, with that, but for routes that are open."""
    components = schema.setdefault("components", {})
    components.setdefault("schemas", {})["Refusal"] = Refusal.model_json_schema()
    if keyed:
        components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        schema["security"] = [{"key": []}]
        for path in OPEN_PATHS & set(schema["paths"]):
            for operation in schema["paths"][path].values():
                operation["security"] = []
    return schema
