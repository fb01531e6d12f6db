"""`POST /chat` answers one question as server-sent events; `/ws` answers many, one after another, as messages."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import ValidationError

from escher.contract.context import LIMIT_BYTES, RequestContext
from escher.contract.events import Event
from escher.contract.understanding import Clarification, Understanding
from escher.contract.wire import Wire
from escher_server.orchestrator import Orchestrator
from escher_server.routes.access import Asking, router
from escher_server.routes.events import wire_events
from escher_server.runtime.rate import Rates
from escher_server.runtime.refusal import for_status, invalid_request, rate_limited


class Intent(Wire):
    """What a request means, without a plan."""

    understanding: Understanding
    clarification: Clarification | None = None


def chat_router(orchestrator: Orchestrator, rates: Rates, request_s: float) -> APIRouter:
    """The routes that answer a question, each within `request_s`."""
    routes = router("chat")

    @routes.post("/chat", response_class=EventSourceResponse)
    async def chat(context: RequestContext, caller: Asking) -> AsyncIterator[ServerSentEvent]:
        """Answer one question: events of the contract, the event's name is its type, its data the event as JSON.

        While nothing is said for 15 seconds, a comment line keeps the connection open.
        """
        async for event in wire_events(orchestrator.of(caller.tenant).answer(context), request_s):
            yield ServerSentEvent(event=event.name, raw_data=event.data)

    @routes.post("/intent")
    async def intent(context: RequestContext) -> Intent:
        """What the request means, and the question back if there is one."""
        understanding, clarification = await orchestrator.intent(context)
        return Intent(understanding=understanding, clarification=clarification)

    @routes.websocket("/ws")
    async def questions(socket: WebSocket, caller: Asking) -> None:
        """The same events as messages: one context in, its events out, then the next. Each counts as a request."""
        await socket.accept()
        try:
            while True:
                text = await socket.receive_text()
                events = _answer(orchestrator.of(caller.tenant), text, rates)
                async for event in wire_events(events, request_s):
                    await socket.send_text(event.data)
        except WebSocketDisconnect:
            return

    return routes


async def _answer(orchestrator: Orchestrator, text: str, rates: Rates) -> AsyncIterator[Event]:
    """The events for one message. Raises RateLimited, BodyTooLarge, InvalidRequest, ContentForbidden."""
    wait = rates.wait(orchestrator.tenant)
    if wait:
        raise rate_limited(wait)
    if len(text.encode()) > LIMIT_BYTES:
        raise for_status(413)
    try:
        context = RequestContext.model_validate_json(text)
    except ValidationError as cause:
        raise invalid_request() from cause
    async for event in orchestrator.answer(context):
        yield event
