"""The API key, checked on the headers alone: whoever has none, or may not do that, does not get a byte of the body read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from escher_server.errors import ServerError
from escher_server.runtime.caller import Caller, Right, forbidden, remember
from escher_server.runtime.headers import header
from escher_server.runtime.key_file import AcceptedKeys
from escher_server.runtime.refusal import for_status, send_refusal
from escher_server.runtime.tickets import TicketReader, ticket_holder
from escher_server.settings import API

OPEN_PATHS = frozenset({f"{API}/health"})
_POLICY_VIOLATION = 1008
_USER: tuple[Right, ...] = ("user",)


@dataclass(frozen=True, slots=True)
class Rule:
    """A route that takes more than a user's key: one of `rights` is enough. `exact` is its path where it has no part to fill."""

    path: re.Pattern[str]
    exact: str
    methods: frozenset[str]
    rights: tuple[Right, ...]


class Authentication:
    """ASGI middleware: `Authorization: Bearer <key>` must be a key that may do what is asked for.

    A wrong key is 401, a key without the scope 403, both before anything else is looked at. An upload may come with a
    ticket instead, and is 401 without one.
    """

    def __init__(self, app: ASGIApp, keys: AcceptedKeys, rules: Sequence[Rule], tickets: TicketReader) -> None:
        self.app = app
        self.keys = keys
        self.tickets = tickets
        pairs = [(method, rule) for rule in rules for method in rule.methods]
        self._exact = {(method, rule.exact): rule.rights for method, rule in pairs if rule.exact}
        self._others = [(method, rule) for method, rule in pairs if not rule.exact]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its caller, or refuse it."""
        if scope["type"] == "lifespan" or scope["path"] in OPEN_PATHS:
            await self.app(scope, receive, send)
            return
        caller = self.keys.find(_key(header(scope, b"authorization")))
        refusal = for_status(401) if caller is None else self._refusal(scope, caller)
        if caller is None and (caller := ticket_holder(scope, self.tickets)):
            refusal = None
        if caller is not None:
            remember(scope, caller)
        if refusal is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            await send_refusal(send, refusal)

    def _refusal(self, scope: Scope, caller: Caller) -> ServerError | None:
        """Why a known caller may not do this, or None."""
        needed = self._needed(scope.get("method", ""), scope["path"])
        return None if caller.may(*needed) else forbidden(needed)

    def _needed(self, method: str, path: str) -> tuple[Right, ...]:
        """One of which rights a request takes."""
        found = self._exact.get((method, path))
        if found is None:
            found = next((rule.rights for on, rule in self._others if on == method and rule.path.match(path)), _USER)
        return found


def _key(authorization: bytes) -> str:
    scheme, _, key = authorization.decode("latin-1").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""
