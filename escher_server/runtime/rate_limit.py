"""Nobody asks more often than their tenant may: 429, and after how many seconds to come back. Health is not counted."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from escher_server.runtime.authentication import OPEN_PATHS
from escher_server.runtime.caller import caller_of
from escher_server.runtime.rate import Rates
from escher_server.runtime.refusal import rate_limited, send_refusal


class RateLimit:
    """ASGI middleware: one request, or one hand-shake of a WebSocket, is one. Its messages are counted by their route."""

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        self.app = app
        self.rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it before its body is read."""
        counted = scope["type"] != "lifespan" and scope["path"] not in OPEN_PATHS
        wait = self.rates.wait(caller_of(scope).tenant) if counted else 0
        if not wait:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1013})  # try again later
        else:
            await send_refusal(send, rate_limited(wait))
