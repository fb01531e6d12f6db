"""Nothing is waited for or worked on for ever: bodies that do not come, work that does not end, streams that fall silent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, routing
from fastapi.sse import EventSourceResponse, ServerSentEvent

from escher.client.embedded import EmbeddedTransport
from escher.client.sse import events_of
from escher.contract.events import EVENT, Accepted, Event, Failed
from escher_server.routes.events import wire_events
from escher_server.runtime.bounds import Bounds

SOON_S = 0.05


@pytest.fixture
def hanging() -> FastAPI:
    """An application whose routes do not end, within bounds."""
    app = FastAPI()

    @app.post("/v1/silent")
    async def silent() -> None:
        await asyncio.Event().wait()

    @app.post("/v1/stream", response_class=EventSourceResponse)
    async def stream() -> AsyncIterator[ServerSentEvent]:
        yield ServerSentEvent(event="first", raw_data="{}")
        await asyncio.Event().wait()

    app.add_middleware(Bounds, limit=1_000, seconds=SOON_S * 8)
    return app


async def test_a_body_that_does_not_come_is_given_up(hanging: FastAPI) -> None:
    """408, which may be tried again."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return await asyncio.Future()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/v1/silent", "query_string": b"", "headers": []}
    await hanging(scope, receive, send)
    refusal = json.loads(sent[1]["body"])
    assert (sent[0]["status"], refusal["code"], refusal["retryable"]) == (408, "timed_out", True)


async def test_work_that_does_not_end_is_given_up(hanging: FastAPI) -> None:
    """503, in the form of every refusal."""
    async with httpx.AsyncClient(transport=EmbeddedTransport(hanging), base_url="http://x") as client:
        response = await client.post("/v1/silent")
    assert (response.status_code, response.json()["code"]) == (503, "timed_out")


async def test_a_stream_that_does_not_end_is_cut_off(hanging: FastAPI) -> None:
    """What came before is there, and the connection does not stay."""
    async with httpx.AsyncClient(transport=EmbeddedTransport(hanging), base_url="http://x") as client:
        with pytest.raises(httpx.ReadError):
            async with client.stream("POST", "/v1/stream") as response:
                assert [name async for name, _ in events_of(response.aiter_bytes())] == ["first"]


async def test_an_answer_that_takes_too_long_ends_with_an_event(hanging: FastAPI) -> None:
    """The client is told so before it is cut off."""

    async def events() -> AsyncIterator[Event]:
        yield Accepted(message_id="m-1")
        await asyncio.Event().wait()

    told = [EVENT.validate_json(event.data) async for event in wire_events(events(), SOON_S)]
    assert isinstance(told[0], Accepted)
    assert isinstance(told[1], Failed) and (told[1].code, told[1].retryable) == ("timed_out", True)


async def test_a_silent_stream_is_kept_alive(hanging: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """With comment lines, every 15 seconds, which clients leave out."""
    assert routing._PING_INTERVAL == 15.0  # the framework's own
    monkeypatch.setattr(routing, "_PING_INTERVAL", SOON_S)
    raw = b""
    http = httpx.AsyncClient(transport=EmbeddedTransport(hanging), base_url="http://x")
    async with http as client, client.stream("POST", "/v1/stream") as response:
        async for part in response.aiter_bytes():
            raw += part
            if b": ping\n\n" in raw:
                break
    assert raw.startswith(b"event: first\n") and b": ping\n\n" in raw
