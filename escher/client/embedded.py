"""Reach an ASGI application inside this process as if it were on the wire, answer by answer as it comes.

`httpx.ASGITransport` collects the whole answer before it hands over the first byte, which would turn a stream into one
lump; this one hands over each part when the application sends it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

import httpx

Message = MutableMapping[str, Any]
ASGIApp = Callable[
    [MutableMapping[str, Any], Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]


class EmbeddedTransport(httpx.AsyncBaseTransport):
    """An httpx transport whose other end is an application in this process."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, as soon as its head is there. Raises httpx.ReadError when the application fails before that."""
        exchange = _Exchange(await request.aread())
        task = asyncio.create_task(self._serve(_scope(request), exchange))
        head = await exchange.take()
        if head is None or head["type"] != "http.response.start":
            await _end(task)
            raise httpx.ReadError("the embedded server gave no answer", request=request)
        return httpx.Response(head["status"], headers=head.get("headers", []), stream=_Body(exchange, task))

    async def _serve(self, scope: dict[str, Any], exchange: _Exchange) -> None:
        try:
            await self._app(scope, exchange.receive, exchange.send)
        finally:
            exchange.parts.put_nowait(None)


class _Exchange:
    """One request and the parts of its answer. The application waits while four parts are not yet taken."""

    def __init__(self, body: bytes) -> None:
        self._request: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        self._room = asyncio.Semaphore(4)
        self._gone = asyncio.Event()
        self.parts: asyncio.Queue[Message | None] = asyncio.Queue()

    async def receive(self) -> Message:
        if self._request:
            return self._request.pop()
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        await self._room.acquire()
        self.parts.put_nowait(message)

    async def take(self) -> Message | None:
        part = await self.parts.get()
        self._room.release()
        return part

    def leave(self) -> None:
        self._gone.set()


class _Body(httpx.AsyncByteStream):
    """The parts of an answer; closing it early ends the application's work on it."""

    def __init__(self, exchange: _Exchange, task: asyncio.Task[None]) -> None:
        self._exchange = exchange
        self._task = task

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (part := await self._exchange.take()) is not None:
            if part.get("body"):
                yield part["body"]
            if not part.get("more_body", False):
                return
        raise httpx.ReadError("the embedded server stopped in the middle of its answer")

    async def aclose(self) -> None:
        self._exchange.leave()
        await _end(self._task)


async def _end(task: asyncio.Task[None]) -> None:
    """Give the application a moment to come to its end, then cancel it."""
    await asyncio.wait({task}, timeout=0.05)
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()  # seen here, so that asyncio does not report it as never retrieved


def _scope(request: httpx.Request) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.split(b"?")[0],
        "query_string": request.url.query,
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 0),
        "root_path": "",
    }
