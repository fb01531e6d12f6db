"""The transport to an application in this process."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from escher.client.embedded import EmbeddedTransport
from tests.client.servers import Server


def client(app: object) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=EmbeddedTransport(app), base_url="http://escher.embedded")  # pyright: ignore


async def test_a_part_arrives_before_the_next_one_exists() -> None:
    """The first part can be read while the application still waits to make the second."""
    gate = asyncio.Event()
    server = Server([b"first", b"second"], gate=gate)
    async with client(server) as http, http.stream("POST", "/v1/chat", content=b"{}") as response:
        parts = response.aiter_bytes()
        assert await asyncio.wait_for(anext(parts), 5) == b"first"
        gate.set()
        assert await asyncio.wait_for(anext(parts), 5) == b"second"


async def test_the_application_sees_the_request_as_on_the_wire() -> None:
    """Method, path, query, headers and body are those that were sent; status and headers come back."""
    server = Server([b"ok"], status=418)
    async with client(server) as http:
        response = await http.post("/v1/ch%20at?x=1", content=b'{"a":1}', headers={"X-Key": "k"})
    scope, body = server.requests[0]
    assert (scope["method"], scope["path"], scope["raw_path"], scope["query_string"], body) == (
        "POST",
        "/v1/ch at",
        b"/v1/ch%20at",
        b"x=1",
        b'{"a":1}',
    )
    assert (b"x-key", b"k") in scope["headers"]
    assert (response.status_code, response.headers["x-part"], response.content) == (418, "yes", b"ok")


async def test_leaving_early_ends_the_application() -> None:
    """An answer that is closed half-read cancels the work on it."""
    server = Server([b"first", b"second"], gate=asyncio.Event())
    async with client(server) as http, http.stream("POST", "/", content=b"") as response:
        await anext(response.aiter_bytes())
    assert server.gone


async def test_an_application_that_fails_before_its_answer_is_a_read_error() -> None:
    """A crash does not hang the client."""

    async def broken(scope: object, receive: object, send: object) -> None:
        raise ValueError("broken")

    async with client(broken) as http:
        with pytest.raises(httpx.ReadError):
            await asyncio.wait_for(http.get("/"), 5)


async def test_an_application_that_fails_within_its_answer_is_a_read_error() -> None:
    """Half an answer is not taken for a whole one."""

    async def broken(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # pyright: ignore
        await send({"type": "http.response.body", "body": b"half", "more_body": True})  # pyright: ignore
        raise ValueError("broken")

    async with client(broken) as http:
        with pytest.raises(httpx.ReadError):
            await asyncio.wait_for(http.get("/"), 5)


async def test_two_answers_at_once_do_not_mix() -> None:
    """Each request has its own exchange."""

    async def echo(scope: object, receive: object, send: object) -> None:
        body = (await receive())["body"]  # pyright: ignore
        await send({"type": "http.response.start", "status": 200, "headers": []})  # pyright: ignore
        for _ in range(20):
            await asyncio.sleep(0)
            await send({"type": "http.response.body", "body": body, "more_body": True})  # pyright: ignore
        await send({"type": "http.response.body", "body": b""})  # pyright: ignore

    async with client(echo) as http:
        answers = await asyncio.gather(*(http.post("/", content=str(n).encode()) for n in range(8)))
    assert [answer.text for answer in answers] == [str(n) * 20 for n in range(8)]
