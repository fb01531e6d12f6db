"""The real application, asked through the real client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import FastAPI

from escher.client.brain import HttpBrain, embedded_brain
from escher.client.embedded import EmbeddedTransport
from escher.contract.context import EstateSummary, Mention, RequestContext
from escher.contract.events import Event
from escher_server.app import create_app
from escher_server.library.loader import Library, load
from escher_server.settings import PACKAGED_LIBRARY, ServerSettings

KEY = "a-long-random-key"


def context(prompt: str, *mentions: Mention, **fields: object) -> RequestContext:
    """A request as the client builds it, with as little in it as can be."""
    values = {"summary": EstateSummary(), **fields}
    return RequestContext(message_id="m-1", client_version="0.1.0", prompt=prompt, mentions=mentions, **values)  # pyright: ignore


@pytest.fixture(scope="session")
def library() -> Library:
    """The packaged library."""
    return load(PACKAGED_LIBRARY)


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """The embedded application: no key."""
    return create_app()


@pytest.fixture(scope="session")
def guarded() -> FastAPI:
    """The application that asks for `KEY`."""
    return create_app(ServerSettings(api_keys=(KEY,)))


@pytest.fixture
def refused_soon() -> Callable[[], FastAPI]:
    """Makes an application that answers `KEY` twice a minute."""
    return lambda: create_app(ServerSettings(api_keys=(KEY,), per_minute=2))


@pytest.fixture
def brain(app: FastAPI) -> HttpBrain:
    """The client's brain in front of the embedded application."""
    return embedded_brain(app)


@pytest.fixture
def hear(brain: HttpBrain) -> Callable[..., object]:
    """Asks, and gives every event of the answer."""

    async def ask(prompt: str, *mentions: Mention, **fields: object) -> list[Event]:
        return [event async for event in brain.chat(context(prompt, *mentions, **fields))]

    return ask


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Plain HTTP to the embedded application."""
    async with httpx.AsyncClient(transport=EmbeddedTransport(app), base_url="http://escher.embedded") as client:
        yield client


@pytest.fixture
async def guarded_http(guarded: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Plain HTTP to the application that asks for a key."""
    async with httpx.AsyncClient(transport=EmbeddedTransport(guarded), base_url="http://escher.embedded") as client:
        yield client
