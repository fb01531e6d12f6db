"""The API key, checked on the headers alone: whoever has none does not get a byte of the body read."""

from __future__ import annotations

import hmac

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from escher_server.runtime.refusal import for_status, send_refusal
from escher_server.settings import API, hash_key

OPEN_PATHS = frozenset({f"{API}/health"})
_POLICY_VIOLATION = 1008


class Authentication:
    """ASGI middleware: `Authorization: Bearer <key>` must hash to one of `key_hashes`; with none, everybody may."""

    def __init__(self, app: ASGIApp, key_hashes: frozenset[str]) -> None:
        self.app = app
        self.key_hashes = key_hashes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "lifespan" or scope["path"] in OPEN_PATHS or self._may_ask(Headers(scope=scope)):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            await send_refusal(send, for_status(401))

    def _may_ask(self, headers: Headers) -> bool:
        if not self.key_hashes:
            return True
        scheme, _, key = headers.get("authorization", "").partition(" ")
        given = hash_key(key.strip())
        matches = [hmac.compare_digest(given, known) for known in self.key_hashes]
        return scheme.lower() == "bearer" and any(matches)
