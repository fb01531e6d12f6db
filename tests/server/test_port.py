"""The same application on a port: real sockets, real HTTP, the same answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from escher.client.brain import HttpBrain, embedded_brain, remote_brain
from escher.contract.events import EVENT, Done, Event
from escher.errors import Unauthenticated
from tests.server.conftest import KEY, context


@pytest.fixture(scope="module")
def port(guarded: FastAPI) -> Iterator[int]:
    """A server on a free port that asks for the key."""
    server = uvicorn.Server(uvicorn.Config(guarded, host="127.0.0.1", port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)


async def hear(brain: HttpBrain) -> list[Event]:
    events = [event async for event in brain.chat(context("stop every dev instance in us-east-1"))]
    await brain.aclose()
    return events


async def test_a_server_on_a_port_answers_as_the_embedded_one(port: int, app: FastAPI) -> None:
    """Event by event the same."""
    assert await hear(remote_brain(f"http://127.0.0.1:{port}", KEY)) == await hear(embedded_brain(app))


async def test_a_server_on_a_port_wants_its_key(port: int) -> None:
    """Without it there is no answer, and the error says what to do."""
    with pytest.raises(Unauthenticated, match="ESCHER_API_KEY"):
        await hear(remote_brain(f"http://127.0.0.1:{port}"))


def test_a_websocket_on_a_port_speaks_the_same(port: int) -> None:
    """With the key in the header; without it the hand-shake is refused."""
    url = f"ws://127.0.0.1:{port}/v1/ws"
    with connect(url, additional_headers={"authorization": f"Bearer {KEY}"}) as socket:
        socket.send(context("list all buckets").model_dump_json())
        events: list[Event] = []
        while not events or not isinstance(events[-1], Done):
            events.append(EVENT.validate_json(socket.recv(timeout=20)))
    assert [event.type for event in events] == ["accepted", "understanding", "stream", "enhance", "done"]
    with pytest.raises(InvalidStatus), connect(url):
        pass
