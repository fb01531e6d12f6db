"""A route from a document to a document: what follows the contract goes straight into its model, all else the usual way.

The framework reads a body in several steps, so that it can say what is wrong with it. What is right needs one.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from inspect import iscoroutinefunction, signature
from typing import Any, get_type_hints

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import ValidationError

from escher.contract.wire import Wire
from escher_server.runtime.headers import header

_JSON = "application/json"
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class DirectRoute(APIRoute):
    """A route whose endpoint takes one document and gives one back is served directly; any other one as always."""

    def get_route_handler(self) -> Handler:
        """What answers a request."""
        usual, asked = super().get_route_handler(), _document(self.endpoint)
        return usual if asked is None else _direct(self.endpoint, asked, usual, self.status_code or 200)


def _document(endpoint: Callable[..., Any]) -> type[Wire] | None:
    """The model of the only parameter, where it and the answer are documents of the contract."""
    names = tuple(signature(endpoint).parameters)
    hints = get_type_hints(endpoint) if iscoroutinefunction(endpoint) and len(names) == 1 else {}
    asked, told = hints.get(names[0] if names else ""), hints.get("return")
    are_documents = all(isinstance(one, type) and issubclass(one, Wire) for one in (asked, told))
    return asked if are_documents else None


def _direct(endpoint: Callable[..., Any], asked: type[Wire], usual: Handler, status: int) -> Handler:
    async def answer(request: Request) -> Response:
        if header(request.scope, b"content-type") != _JSON.encode():
            return await usual(request)
        try:
            given = asked.model_validate_json(await request.body())
        except ValidationError:
            return await usual(request)  # which says what is wrong
        told: Wire = await endpoint(given)
        return Response(told.model_dump_json(), status, media_type=_JSON)

    return answer
