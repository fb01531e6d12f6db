"""One line a request: time, tenant, route, status, duration and sizes. Never a path, a header, a body or an error's words."""

from __future__ import annotations

import json
import logging
import time
import traceback
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from escher_server.runtime.caller import caller_of
from escher_server.runtime.refusal import internal, send_refusal
from escher_server.runtime.telemetry import Observation, Telemetry

LOG = logging.getLogger("escher_server")


class _Exchange:
    """What was counted of one request."""

    __slots__ = ("bytes_in", "bytes_out", "started", "status")

    def __init__(self) -> None:
        self.started = time.perf_counter()
        self.status = self.bytes_in = self.bytes_out = 0

    def seen(self, scope: Scope) -> Observation:
        route: Any = scope.get("route")
        return Observation(
            method=scope.get("method", "GET"),
            route=getattr(route, "path", "unmatched"),
            status=self.status or (101 if scope["type"] == "websocket" else 499),
            tenant=caller_of(scope).opaque,
            duration_s=time.perf_counter() - self.started,
            bytes_in=self.bytes_in,
            bytes_out=self.bytes_out,
        )


class RequestLog:
    """ASGI middleware, the outermost: it writes the line, and ends an unexpected failure without its words.

    A client that went away before an answer began is told as 499. `telemetry` is given the same figures.
    """

    def __init__(self, app: ASGIApp, telemetry: Telemetry | None = None) -> None:
        self.app = app
        self.telemetry = telemetry
        self._record = vars(LOG.makeRecord(LOG.name, logging.INFO, __file__, 0, "", (), None))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on and count it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if self.telemetry:
            self.telemetry.begun()
        exchange = _Exchange()
        try:
            await self._pass_on(scope, receive, send, exchange)
        finally:
            self._tell(scope, exchange.seen(scope))

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send, exchange: _Exchange) -> None:
        async def counted_receive() -> Message:
            message = await receive()
            exchange.bytes_in += len(message.get("body") or message.get("text") or b"")
            return message

        async def counted_send(message: Message) -> None:
            if "status" in message:
                exchange.status = message["status"]
            exchange.bytes_out += len(message.get("body") or message.get("text") or b"")
            await send(message)

        try:
            await self.app(scope, counted_receive, counted_send)
        except Exception as failure:  # noqa: BLE001 an error's words may hold what was sent, so only its place is told
            log_failure(failure)
            if scope["type"] == "http" and not exchange.status:
                await send_refusal(counted_send, internal())

    def _tell(self, scope: Scope, seen: Observation) -> None:
        if LOG.isEnabledFor(logging.INFO):
            LOG.handle(self._filled(_line(scope["type"], seen)))
        if self.telemetry:
            self.telemetry.ended(seen)

    def _filled(self, line: str) -> logging.LogRecord:
        """A record like the first one, without asking again who calls, in which process and thread: it is always here."""
        record, now = logging.LogRecord.__new__(logging.LogRecord), time.time()
        record.__dict__.update(self._record, msg=line, created=now, msecs=now % 1 * 1000)
        return record


def log_failure(failure: BaseException) -> None:
    """Write where in the code a failure arose and of which type it is; its message may hold content."""
    frames = traceback.extract_tb(failure.__traceback__)
    places = [f"{frame.filename}:{frame.lineno}" for frame in frames[-5:]]
    LOG.error("%s", json.dumps({"event": "failure", "type": type(failure).__name__, "at": places}))


# Nothing in it comes from a client, so nothing in it needs escaping.
_LINE = (
    '{"event": "request", "at": "%s", "tenant": "%s", "route": "%s", "kind": "%s", "status": %d, '
    '"duration_ms": %.1f, "bytes_in": %d, "bytes_out": %d}'
)


def _line(kind: str, seen: Observation) -> str:
    _, route, status, tenant, duration_s, bytes_in, bytes_out = seen
    now = time.time()
    at = f"{_second(int(now))}.{int(now % 1 * 1000):03d}+00:00"
    return _LINE % (at, tenant, route, kind, status, duration_s * 1000, bytes_in, bytes_out)


@lru_cache(maxsize=4)
def _second(whole: int) -> str:
    """A second as the line writes it; most lines share theirs with others."""
    return datetime.fromtimestamp(whole, UTC).strftime("%Y-%m-%dT%H:%M:%S")
