"""The way straight to a route whose path has no parameter, so that nobody pays for how many routes there are."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi.routing import APIRoute
from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send


class Shortcut(BaseRoute):
    """A first route that stands for many. What it does not know is matched by the routes after it, one by one.

    Below another application's path it knows nothing, as its paths are whole ones.
    """

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._routes = {
            (method, route.path): route
            for route in routes
            if isinstance(route, APIRoute) and "{" not in route.path
            for method in route.methods or ()
        }

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """What the route of exactly this path and method says; no match where there is none."""
        route = self._routes.get((scope.get("method", ""), scope.get("path", "")))
        return route.matches(scope) if route else (Match.NONE, {})

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on to the route that matched."""
        await scope["route"].handle(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """It has no name of its own."""
        raise NoMatchFound(name, path_params)
