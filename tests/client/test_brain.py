"""The client's brain against servers that answer well, badly, or not at all."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from escher.client.brain import HttpBrain, embedded_brain, remote_brain
from escher.contract.context import LIMIT_BYTES
from escher.contract.events import Event, Failed, Stream
from escher.errors import (
    ConfigurationError,
    EscherError,
    ForbiddenContent,
    InvalidInput,
    ProtocolError,
    ServerUnavailable,
    Unauthenticated,
)
from tests.client.servers import ACCEPTED, DONE, Server, question, refusal, sse


async def hear(brain: HttpBrain) -> list[Event]:
    return [event async for event in brain.chat(question())]


async def test_events_come_in_their_order() -> None:
    """What the server streams is what the caller gets, as models."""
    text = Stream(seq=1, content="I understood.")
    assert await hear(embedded_brain(Server([sse(ACCEPTED), sse(text, DONE)]))) == [ACCEPTED, text, DONE]


async def test_the_hook_sees_the_bytes_that_the_server_sees() -> None:
    """What `on_send` is given equals what arrives."""
    sent: list[bytes] = []
    server = Server([sse(ACCEPTED, DONE)])
    await hear(embedded_brain(server, on_send=sent.append))
    assert sent == [server.requests[0][1]]
    assert json.loads(sent[0])["prompt"] == "stop web-1"


async def test_an_embedded_server_gets_no_key_and_no_cookie() -> None:
    """The headers hold nothing about anybody."""
    server = Server([sse(ACCEPTED, DONE)])
    await hear(embedded_brain(server))
    names = {name for name, _ in server.requests[0][0]["headers"]}
    assert names <= {
        b"host",
        b"accept",
        b"accept-encoding",
        b"connection",
        b"user-agent",
        b"content-type",
        b"content-length",
    }


@pytest.mark.parametrize(
    "stream",
    [
        b'event: surprise\ndata: {"type": "surprise"}\n\n',
        b'event: stream\ndata: {"type": "stream", "seq": 1}\n\n',
        b'event: stream\ndata: {"type": "stream", "seq": 1, "content": "x", "more": 1}\n\n',
        b"event: stream\ndata: not json\n\n",
        b'event: done\ndata: {"type": "accepted", "message_id": "m-1"}\n\n',
        sse(ACCEPTED, DONE) + sse(ACCEPTED),
        sse(Failed(code="internal", message="no.")) + sse(DONE),
    ],
)
async def test_what_the_contract_does_not_have_is_refused(stream: bytes) -> None:
    """An unknown event, a wrong field, a wrong name, or anything after the last event."""
    with pytest.raises(ProtocolError):
        await hear(embedded_brain(Server([stream])))


async def test_an_answer_without_end_is_no_answer() -> None:
    """A stream that stops before `done` is reported, not taken for whole."""
    with pytest.raises(ServerUnavailable):
        await hear(embedded_brain(Server([sse(ACCEPTED)])))


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, refusal("unauthenticated"), Unauthenticated),
        (413, refusal("too_large"), InvalidInput),
        (422, refusal("forbidden_content"), ForbiddenContent),
        (422, refusal("invalid_request"), ProtocolError),
        (429, refusal("rate_limited"), ServerUnavailable),
        (503, b"<html>gateway</html>", ServerUnavailable),
        (302, b"", ProtocolError),
        (500, b"x" * 100_000, ServerUnavailable),
    ],
)
async def test_a_refusal_becomes_our_error(status: int, body: bytes, error: type[EscherError]) -> None:
    """Each status has one of our errors, whatever its body is."""
    with pytest.raises(error):
        await hear(embedded_brain(Server([body], status=status)))


async def test_a_question_that_is_too_large_is_not_sent() -> None:
    """The limit is checked before a byte leaves."""
    server = Server([sse(ACCEPTED, DONE)])
    large = question().model_copy(update={"padding": " " * LIMIT_BYTES})
    with pytest.raises(InvalidInput):
        _ = [event async for event in embedded_brain(server).chat(large)]
    assert server.requests == []


async def test_leaving_in_the_middle_ends_the_work_on_the_server() -> None:
    """A caller that stops listening does not leave the server working."""
    server = Server([sse(ACCEPTED), sse(DONE)], gate=asyncio.Event())
    answer = embedded_brain(server).chat(question())
    assert await anext(answer) == ACCEPTED
    await answer.aclose()  # pyright: ignore
    assert server.gone


@pytest.fixture
def http_server() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A real HTTP server on a port, and the headers it was sent."""
    seen: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            seen.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(200)
            self.end_headers()
            self.wfile.write(sse(ACCEPTED, DONE))

        def log_message(self, format: str, *args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


async def test_a_remote_server_gets_the_key_in_the_header(http_server: tuple[str, list[dict[str, str]]]) -> None:
    """The key travels as a bearer token, over a real socket."""
    url, seen = http_server
    brain = remote_brain(url, api_key="k-123")
    assert await hear(brain) == [ACCEPTED, DONE]
    await brain.aclose()
    assert seen[0]["authorization"] == "Bearer k-123"


async def test_a_server_that_is_not_there_is_tried_three_times_and_reported() -> None:
    """Nobody listens: ServerUnavailable with the next move."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ServerUnavailable, match="ESCHER_SERVER"):
            await hear(remote_brain(url))


@pytest.mark.parametrize("url", ["http://escher.example", "ftp://escher.example", "escher.example", "http://[broken"])
def test_an_address_that_would_show_the_key_is_refused(url: str) -> None:
    """Plain http is for this machine only."""
    with pytest.raises(ConfigurationError):
        remote_brain(url, api_key="k-123")


def test_a_ca_bundle_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A missing or empty bundle is told before anything is asked."""
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for bundle in (str(tmp_path / "none.pem"), str(empty)):
        with pytest.raises(ConfigurationError, match="ESCHER_CA_BUNDLE"):
            remote_brain("https://escher.example", ca_bundle=bundle)


def test_tls_is_version_1_3() -> None:
    """Older versions are not spoken."""
    from escher.client.brain import _tls  # pyright: ignore

    assert _tls("").minimum_version == ssl.TLSVersion.TLSv1_3
