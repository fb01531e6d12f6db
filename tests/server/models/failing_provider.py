"""An OpenAI-compatible address on this machine that fails in the way a test wants; it keeps what it was sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from escher_server.models.building import language_model
from escher_server.models.choice import ModelChoice
from escher_server.models.language import LanguageModel

KEY = "sk-canary-of-the-provider"


@dataclass
class Provider:
    """Where it is, and the bodies that came; `status` and `body` are what it answers, None: nothing, ever."""

    status: int | None
    body: bytes
    url: str = ""
    bodies: list[bytes] = field(default_factory=list[bytes])
    gone: threading.Event = field(default_factory=threading.Event)

    def model(self, seconds: float = 5) -> LanguageModel:
        """The model at this address, as it is configured."""
        return language_model(ModelChoice("openai-compatible", "any", self.url, KEY, seconds))


def completion(text: str) -> bytes:
    """A whole answer of the chat interface."""
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
    return json.dumps({
        "id": "c-1", "object": "chat.completion", "created": 1, "model": "any", "choices": [choice],
    }).encode()  # fmt: skip


@contextmanager
def provider(status: int | None, body: bytes = b"") -> Iterator[Provider]:
    """A provider that always answers so."""
    this = Provider(status, body)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            this.bodies.append(self.rfile.read(int(self.headers["content-length"])))
            if this.status is None:
                this.gone.wait(60)
                return
            self.send_response(this.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(this.body)))
            self.end_headers()
            self.wfile.write(this.body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    this.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield this
    finally:
        this.gone.set()
        server.shutdown()
        server.server_close()
