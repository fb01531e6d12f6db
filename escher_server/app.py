"""The server as one ASGI application: the same for a port and for the process of the client that embeds it."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request

from escher.contract.context import LIMIT_BYTES
from escher.contract.ports import Embedder
from escher.vectors.embedder import load_embedder
from escher_server.agents.playbook import PlaybookAgent
from escher_server.errors import ServerError
from escher_server.library.loader import load
from escher_server.orchestrator import Orchestrator
from escher_server.routes.chat import chat_router
from escher_server.routes.playbooks import playbooks_router
from escher_server.routes.status import status_router
from escher_server.runtime.authentication import Authentication
from escher_server.runtime.body_limit import BodyLimit
from escher_server.runtime.refusal import for_status, invalid_request
from escher_server.runtime.request_log import RequestLog
from escher_server.settings import API, ServerSettings


def create_app(settings: ServerSettings | None = None, embedder: Embedder | None = None) -> FastAPI:
    """The application. Without settings it is the embedded one: no key, the packaged library.

    `embedder` is the client's own, when it has loaded one already. The application keeps nothing of a request: no
    state, no file, no log but the lines of `RequestLog`.
    """
    settings = settings or ServerSettings()
    library = load(settings.library)
    orchestrator = Orchestrator(PlaybookAgent(library, embedder or load_embedder()))
    app = FastAPI(
        title="Escher server",
        version="1",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        # The framework's own telemetry would record bodies and the inputs of refused ones.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    for router in (status_router(library), chat_router(orchestrator), playbooks_router(orchestrator, library)):
        app.include_router(router)
    _answer_refusals(app)
    # The last one added is the outermost: the line is written for refused requests too, the key comes before the body.
    app.add_middleware(BodyLimit, limit=LIMIT_BYTES)
    app.add_middleware(Authentication, key_hashes=settings.key_hashes)
    app.add_middleware(RequestLog)
    return app


def _answer_refusals(app: FastAPI) -> None:
    """Every refusal as the same JSON document, without a word of what was sent."""

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, _failure: Exception) -> JSONResponse:
        return _document(invalid_request())

    @app.exception_handler(HTTPException)
    async def decided(_request: Request, failure: Exception) -> JSONResponse:
        status = failure.status_code if isinstance(failure, HTTPException) else 500
        return _document(for_status(status), status)

    @app.exception_handler(ServerError)
    async def refused(_request: Request, failure: Exception) -> JSONResponse:
        return _document(failure if isinstance(failure, ServerError) else invalid_request())


def _document(refusal: ServerError, status: int | None = None) -> JSONResponse:
    return JSONResponse(refusal.document(), status_code=status or refusal.status)
