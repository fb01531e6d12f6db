"""Every refusal as the same JSON document, without a word of what was sent."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from rfc8785 import CanonicalizationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route

from escher.errors import InvalidInput
from escher_server.errors import ServerError, UnsupportedVersion
from escher_server.runtime.refusal import for_status, headers_of, invalid_request


def answer_refusals(app: FastAPI) -> None:
    """Turn what the framework or a route raises into a refusal."""

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, failure: Exception) -> JSONResponse:
        return _document(_unread(failure))

    @app.exception_handler(HTTPException)
    async def decided(request: Request, failure: Exception) -> JSONResponse:
        status = failure.status_code if isinstance(failure, HTTPException) else 500
        return _document(for_status(status), status, _allowed(request) if status == 405 else {})

    @app.exception_handler(ServerError)
    async def refused(_request: Request, failure: Exception) -> JSONResponse:
        return _document(failure if isinstance(failure, ServerError) else invalid_request())

    @app.exception_handler(CanonicalizationError)  # a number that has no canonical form
    @app.exception_handler(InvalidInput)
    async def unusable(_request: Request, _failure: Exception) -> JSONResponse:
        return _document(invalid_request())  # its own words are for the client's side, and may repeat what was sent


def _allowed(request: Request) -> dict[str, str]:
    """The methods of all routes on this path; the framework would name those of the first one only."""
    on_path = [
        route for route in request.app.routes if isinstance(route, Route) and route.path_regex.match(_path(request))
    ]
    return {"allow": ", ".join(sorted({method for route in on_path for method in route.methods or ()}))}


def _path(request: Request) -> str:
    return str(request.scope["path"])


def _unread(failure: Exception) -> ServerError:
    """Why a body was not understood: it is of another version, or it does not follow the contract."""
    problems = failure.errors() if isinstance(failure, RequestValidationError) else []
    if any(problem["loc"] == ("body", "version") and problem["type"] == "literal_error" for problem in problems):
        return UnsupportedVersion("this server speaks version 1 of the contract.", hint="Update Escher or the server.")
    return invalid_request()


def _document(refusal: ServerError, status: int | None = None, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(
        refusal.document(), status_code=status or refusal.status, headers=headers_of(refusal) | (headers or {})
    )
