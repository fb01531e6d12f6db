"""The server as one ASGI application: the same for a port and for the process of the client that embeds it."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from escher.contract.context import LIMIT_BYTES
from escher.contract.ports import Embedder
from escher.vectors.embedder import load_embedder
from escher_server.agents.playbook import PlaybookAgent
from escher_server.library.loader import load
from escher_server.library.sources import source_at
from escher_server.library.sync import LibrarySync
from escher_server.models.choice import model_choice
from escher_server.orchestrator import Orchestrator
from escher_server.routes.access import documented, rules_of
from escher_server.routes.advice import advice_router
from escher_server.routes.agents import agents_router
from escher_server.routes.chat import chat_router
from escher_server.routes.playbooks import playbooks_router
from escher_server.routes.publishing import publishing_router
from escher_server.routes.refusals import answer_refusals
from escher_server.routes.shortcut import Shortcut
from escher_server.routes.sign_in import sign_in_router
from escher_server.routes.status import status_router
from escher_server.runtime.authentication import Authentication
from escher_server.runtime.bounds import Bounds
from escher_server.runtime.caller import INCLUDES
from escher_server.runtime.key_file import AcceptedKeys, KeyFile
from escher_server.runtime.keys import record_of
from escher_server.runtime.rate import Rates
from escher_server.runtime.rate_limit import RateLimit
from escher_server.runtime.request_log import RequestLog
from escher_server.runtime.telemetry import Telemetry, start_export, stop_export
from escher_server.runtime.tickets import TicketReader
from escher_server.settings import API, ServerSettings, server_home

if TYPE_CHECKING:
    from escher_server.agents.modelled.adviser import Adviser

DEFAULT_TENANT = "default"


def create_app(
    settings: ServerSettings | None = None, embedder: Embedder | None = None, telemetry: Telemetry | None = None
) -> FastAPI:
    """The application. Without settings it is the embedded one: no key, no limit, the packaged library.

    `embedder` is the client's own, when it has loaded one already. The application keeps nothing of a request: no
    state, no file, no log but the lines of `RequestLog`. Raises ConfigurationError, MissingDependency.
    """
    settings = settings or ServerSettings()
    keys = accepted_keys(settings)
    rates = Rates(settings.per_minute, settings.shared_counts)
    playbooks = _playbooks(settings, embedder or load_embedder())
    routers = _routers(settings, playbooks, rates)
    exports = settings.telemetry and telemetry is None and start_export(os.environ)
    app = _Described(
        keyed=keys.asked_for,
        title="Escher server",
        version="1",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan if exports else None,
        # The framework's own telemetry would record bodies and the inputs of refused ones.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    routes = [route for router in routers for route in router.routes]
    # Not include_router, which would match every request with each router in turn.
    app.router.routes.extend((Shortcut(routes), *routes))
    answer_refusals(app)
    # The last one added is the outermost: the line is written for refused requests too, the key comes before the body.
    app.add_middleware(Bounds, limit=LIMIT_BYTES, seconds=settings.request_s)
    if settings.per_minute:
        app.add_middleware(RateLimit, rates=rates)
    app.add_middleware(Authentication, keys=keys, rules=rules_of(routers), tickets=_tickets(playbooks))
    app.add_middleware(RequestLog, telemetry=telemetry or (Telemetry() if exports else None))
    return app


def accepted_keys(settings: ServerSettings) -> AcceptedKeys:
    """The keys that open this server: those of its environment belong to the default tenant, with every right."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    chosen = (
        record_of(
            key, key_id=f"environment-{number}", tenant=DEFAULT_TENANT, opaque=DEFAULT_TENANT, scopes=INCLUDES, at=at
        )
        for number, key in enumerate(settings.api_keys, 1)
    )
    return AcceptedKeys(KeyFile(settings.home) if settings.home else None, tuple(chosen))


def key_file() -> KeyFile:
    """The keys of the server whose home the environment names."""
    return KeyFile(server_home())


def _playbooks(settings: ServerSettings, embedder: Embedder) -> PlaybookAgent:
    """The library, what tenants keep, and where the library comes from."""
    home, packaged = settings.home, settings.library
    source = source_at(settings.source) if settings.source else None
    sync = LibrarySync(home, packaged, source) if home else None
    return PlaybookAgent(load(packaged), embedder, home, sync)


def _routers(settings: ServerSettings, playbooks: PlaybookAgent, rates: Rates) -> Sequence[APIRouter]:
    """Those that are asked for most come first, as they are looked for in turn."""
    adviser = _adviser(settings)
    orchestrator = Orchestrator(playbooks, adviser=adviser)
    return (
        chat_router(orchestrator, rates, settings.request_s),
        playbooks_router(orchestrator),
        publishing_router(playbooks),
        agents_router(orchestrator),
        status_router(lambda: playbooks.library, adviser.model.seen_by if adviser else ""),
        advice_router(adviser),
        sign_in_router(),
    )


def _adviser(settings: ServerSettings) -> Adviser | None:
    """The configured language model; nothing of it is imported without one."""
    choice = model_choice(settings)
    if choice is None:
        return None
    from escher_server.agents.modelled.adviser import Adviser
    from escher_server.models.building import language_model

    return Adviser(language_model(choice))


def _tickets(playbooks: PlaybookAgent) -> TicketReader:
    return lambda token: playbooks.holder(token, int(time.time()))


class _Described(FastAPI):
    """The application whose OpenAPI document names its key, where one is asked for."""

    def __init__(self, *, keyed: bool, **options: object) -> None:
        super().__init__(**options)  # pyright: ignore[reportArgumentType] the framework's own options
        self._keyed = keyed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request by our layers alone, without a look at the framework's telemetry, which is off."""
        if scope["type"] == "lifespan" or self.middleware_stack is None:
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        await self.middleware_stack(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """Our layers around the framework's inner two. What its outer ones do, `RequestLog` and `Bounds` have done."""
        handlers = dict(self.exception_handlers)
        app: ASGIApp = ExceptionMiddleware(AsyncExitStackMiddleware(self.router), handlers=handlers)
        for layer, args, kwargs in reversed(self.user_middleware):
            app = layer(app, *args, **kwargs)
        return app

    def openapi(self) -> dict[str, object]:
        """The document, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = documented(super().openapi(), keyed=self._keyed)
        return self.openapi_schema


@asynccontextmanager
async def _lifespan(_app: FastAPI) -> AsyncGenerator[None]:
    """Whatever telemetry still holds is sent before the process ends."""
    yield
    stop_export()
