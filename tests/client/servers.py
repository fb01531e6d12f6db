"""Tiny ASGI applications that stand for a server: a good one and bad ones."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from escher.contract.context import RequestContext
from escher.contract.events import Accepted, Done, Event


@dataclass
class Server:
    """Answers every request with these parts, one after another, and keeps what it was sent."""

    parts: Sequence[bytes]
    status: int = 200
    gate: asyncio.Event | None = None
    requests: list[tuple[dict[str, Any], bytes]] = field(default_factory=list)
    gone: bool = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One exchange; with a `gate`, all parts but the first wait for it."""
        body = (await receive())["body"]
        self.requests.append((scope, body))
        await send({"type": "http.response.start", "status": self.status, "headers": [(b"x-part", b"yes")]})
        try:
            for number, part in enumerate(self.parts):
                if number and self.gate:
                    await self.gate.wait()
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except asyncio.CancelledError:
            self.gone = True
            raise


def sse(*events: Event) -> bytes:
    """Events as they stand on the wire."""
    return b"".join(f"event: {event.type}\ndata: {event.model_dump_json()}\n\n".encode() for event in events)


def question(prompt: str = "stop web-1") -> RequestContext:
    """A context with this prompt."""
    return RequestContext(message_id="m-1", client_version="0.1.0", prompt=prompt)


def refusal(code: str) -> bytes:
    """The body of a refused request."""
    return json.dumps({"code": code, "message": "no.", "hint": "try otherwise.", "retryable": False}).encode()


ACCEPTED = Accepted(message_id="m-1")
DONE = Done(message_id="m-1")
