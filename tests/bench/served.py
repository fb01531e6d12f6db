"""A server for the benchmark, ours or a bare FastAPI application with the same models: prints its port. ours|bare."""

from __future__ import annotations

import os
import socket
import sys

import uvicorn
from fastapi import FastAPI

from escher.contract.aggregates import AlertAnswer, AlertRequest
from escher.contract.context import RequestContext
from escher.session.wiring import server_app
from escher.vectors.embedder import load_embedder
from escher_server.agents.playbook import PlaybookAgent
from escher_server.composer.alerts import analyse
from escher_server.library.loader import load
from escher_server.orchestrator import Orchestrator
from escher_server.routes.chat import Intent
from escher_server.settings import PACKAGED_LIBRARY


def bare() -> FastAPI:
    """The same two endpoints with nothing around them: no key, no limit, no log."""
    app = FastAPI()
    orchestrator = Orchestrator(PlaybookAgent(load(PACKAGED_LIBRARY), load_embedder()))

    @app.post("/v1/alerts/analyse")
    async def alerts(request: AlertRequest) -> AlertAnswer:
        return analyse(request)

    @app.post("/v1/intent")
    async def intent(context: RequestContext) -> Intent:
        understanding, clarification = await orchestrator.intent(context)
        return Intent(understanding=understanding, clarification=clarification)

    return app


def main(which: str) -> None:
    """Serve until the process is ended, as `escher server` does."""
    from escher.commands.server import _LOGGING

    os.environ["ESCHER_SERVER_PER_MINUTE"] = "1000000"
    app = server_app() if which == "ours" else bare()
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_config=_LOGGING, access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listener])


main(sys.argv[1])
