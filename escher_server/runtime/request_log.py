"""One line a request: route, status, duration and sizes. Never a path, a header, a body or an error's words."""

from __future__ import annotations

import json
import logging
import time
import traceback
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from escher_server.runtime.refusal import internal, send_refusal

LOG = logging.getLogger("escher_server")


@dataclass(slots=True)
class _Exchange:
    """What was counted of one request."""

    started: float
    status: int = 0
    bytes_in: int = 0
    bytes_out: int = 0

    def received(self, message: Message) -> None:
        self.bytes_in += len(message.get("body") or message.get("text") or b"")

    def sent(self, message: Message) -> None:
        self.status = message.get("status", self.status)
        self.bytes_out += len(message.get("body") or message.get("text") or b"")


class RequestLog:
    """ASGI middleware, the outermost: it writes the line, and ends an unexpected failure without its words."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on and count it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(started=time.perf_counter())

        async def counted_receive() -> Message:
            message = await receive()
            exchange.received(message)
            return message

        async def counted_send(message: Message) -> None:
            exchange.sent(message)
            await send(message)

        try:
            await self.app(scope, counted_receive, counted_send)
        except Exception as failure:  # noqa: BLE001 an error's words may hold what was sent, so only its place is told
            log_failure(failure)
            if scope["type"] == "http" and not exchange.status:
                await send_refusal(counted_send, internal())
        LOG.info("%s", _line(scope, exchange))


def log_failure(failure: BaseException) -> None:
    """Write where in the code a failure arose and of which type it is; its message may hold content."""
    frames = traceback.extract_tb(failure.__traceback__)
    places = [f"{frame.filename}:{frame.lineno}" for frame in frames[-5:]]
    LOG.error("%s", json.dumps({"event": "failure", "type": type(failure).__name__, "at": places}))


def _line(scope: Scope, exchange: _Exchange) -> str:
    route: Any = scope.get("route")
    return json.dumps(
        {
            "event": "request",
            "route": getattr(route, "path", "unmatched"),
            "kind": scope["type"],
            "status": exchange.status,
            "duration_ms": round((time.perf_counter() - exchange.started) * 1000, 1),
            "bytes_in": exchange.bytes_in,
            "bytes_out": exchange.bytes_out,
        }
    )
