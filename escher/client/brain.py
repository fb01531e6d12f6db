"""Ask the server and hear its answer event by event; whatever goes wrong becomes one of our own errors."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from json import JSONDecodeError
from pathlib import Path
from typing import Any

import httpx
from pydantic import ValidationError

from escher.client.embedded import ASGIApp, EmbeddedTransport
from escher.client.sse import events_of
from escher.contract.context import LIMIT_BYTES, RequestContext
from escher.contract.events import EVENT, Done, Event, Failed
from escher.contract.publication import Finding
from escher.errors import (
    ConfigurationError,
    EscherError,
    ForbiddenContent,
    InvalidInput,
    NotFound,
    ProtocolError,
    PublicationRefused,
    RecordExists,
    ServerUnavailable,
    Unauthenticated,
)

EMBEDDED_URL = "http://escher.embedded"
OnSend = Callable[[bytes], None]

_TIMEOUT = httpx.Timeout(60, connect=5)
_CONNECT_WAITS_S = (0.2, 0.8)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LIMIT_REFUSAL = 64 * 1024
_LIMIT_ANSWER = 1024 * 1024


class HttpBrain:
    """The server, wherever it is. `on_send` is given the body of each request as it is sent."""

    def __init__(self, client: httpx.AsyncClient, on_send: OnSend | None = None) -> None:
        self._client = client
        self._on_send = on_send

    async def chat(self, context: RequestContext) -> AsyncIterator[Event]:
        """The stream that answers a question; `done` or `error` is its last event.

        Raises ServerUnavailable, Unauthenticated, ProtocolError, ForbiddenContent, InvalidInput.
        """
        async with self._post("/v1/chat", body_of(context)) as response:
            last: Event | None = None
            async for name, data in events_of(response.aiter_bytes()):
                if isinstance(last, Done | Failed):
                    raise ProtocolError(f"the server went on after {last.type!r}.", hint="Update the server.")
                last = _event(name, data)
                yield last
            if not isinstance(last, Done | Failed):
                raise ServerUnavailable("the server's answer ended in the middle.", hint="Ask again.")

    async def send(self, path: str, body: bytes) -> bytes:
        """The answer to a document that is posted. Raises as `chat`, and PublicationRefused."""
        async with self._post(path, body) as response:
            content = b""
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > _LIMIT_ANSWER:
                    raise ProtocolError("the server's answer is too large.", hint="Update the server.")
            return content

    async def fetch(self, path: str) -> bytes:
        """What is at a path. Raises as `send`, and NotFound."""
        try:
            response = await self._client.get(path)
        except httpx.HTTPError as cause:
            raise _silent(cause) from cause
        if response.status_code == 404:
            raise NotFound("the server has nothing there.", hint="Look for it: escher playbook search")
        if not response.is_success:
            raise await _refusal(response)
        return response.content

    async def aclose(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    @asynccontextmanager
    async def _post(self, path: str, body: bytes) -> AsyncGenerator[httpx.Response]:
        try:
            response = await self._send(path, body)
            try:
                if not response.is_success:
                    raise await _refusal(response)
                yield response
            finally:
                await response.aclose()
        except httpx.HTTPError as cause:
            raise _silent(cause) from cause

    async def _send(self, path: str, body: bytes) -> httpx.Response:
        """The head of the answer. Only a connection that never came about is tried again: nothing was sent yet."""
        request = self._client.build_request("POST", path, content=body)
        if self._on_send:
            self._on_send(body)
        for wait_s in _CONNECT_WAITS_S:
            try:
                return await self._client.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                await asyncio.sleep(wait_s)
        return await self._client.send(request, stream=True)


def embedded_brain(app: ASGIApp, on_send: OnSend | None = None) -> HttpBrain:
    """The server as an application in this process."""
    return HttpBrain(_client(EMBEDDED_URL, "", transport=EmbeddedTransport(app)), on_send)


def remote_brain(url: str, api_key: str = "", ca_bundle: str = "", on_send: OnSend | None = None) -> HttpBrain:
    """The server at an address. Raises ConfigurationError for an address or a CA bundle that cannot be used."""
    scheme, host = _parsed(url)
    if scheme == "http" and host in _LOOPBACK:
        return HttpBrain(_client(url, api_key, trust_env=False), on_send)
    if scheme != "https":
        raise ConfigurationError(
            f"ESCHER_SERVER must be an https address, not {url!r}.", hint="Plain http is for this machine only."
        )
    return HttpBrain(_client(url, api_key, verify=_tls(ca_bundle)), on_send)


def body_of(context: RequestContext) -> bytes:
    """The exact bytes of a request's body. Raises InvalidInput when they are more than the contract allows."""
    body = context.model_dump_json().encode()
    if len(body) > LIMIT_BYTES:
        raise InvalidInput("the question with its context is larger than 256 KiB.", hint="Ask a shorter question.")
    return body


def _parsed(url: str) -> tuple[str, str]:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as cause:
        raise ConfigurationError(f"ESCHER_SERVER is no address: {url!r}.", hint="Correct it.") from cause
    return parsed.scheme, parsed.host


def _client(url: str, api_key: str, **options: Any) -> httpx.AsyncClient:
    headers = {"content-type": "application/json", "accept-encoding": "identity", "user-agent": "escher"}
    if api_key:
        headers["authorization"] = f"Bearer {api_key}"
    return httpx.AsyncClient(base_url=url, headers=headers, timeout=_TIMEOUT, follow_redirects=False, **options)


def _tls(ca_bundle: str) -> ssl.SSLContext:
    if ca_bundle and not Path(ca_bundle).is_file():
        raise ConfigurationError(f"the CA bundle {ca_bundle!r} is not there.", hint="Correct ESCHER_CA_BUNDLE.")
    try:
        context = ssl.create_default_context(cafile=ca_bundle or None)
    except ssl.SSLError as cause:
        raise ConfigurationError(
            f"the CA bundle {ca_bundle!r} holds no certificates.", hint="Correct ESCHER_CA_BUNDLE."
        ) from cause
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def _event(name: str, data: str) -> Event:
    try:
        event = EVENT.validate_json(data)
    except ValidationError as cause:
        raise ProtocolError(
            f"the server sent an event {name[:40]!r} that the contract does not have.", hint="Update Escher."
        ) from cause
    if event.type != name:
        raise ProtocolError(f"the server sent {event.type!r} as {name[:40]!r}.", hint="Update the server.")
    return event


def _silent(cause: httpx.HTTPError) -> ServerUnavailable:
    return ServerUnavailable(
        f"the server does not answer ({type(cause).__name__}).", hint="Check ESCHER_SERVER and the network."
    )


async def _refusal(response: httpx.Response) -> EscherError:
    """The error that a refused request stands for, in the server's own words where it has some."""
    document = await _document(response)
    message = str(document.get("message") or f"the server refused the request ({response.status_code}).")
    hint = str(document.get("hint") or "")
    kinds: dict[int, type[EscherError]] = {401: Unauthenticated, 403: Unauthenticated, 413: InvalidInput}
    answer = document.get("answer")
    if isinstance(answer, dict):
        return PublicationRefused(message, hint=hint, fixes=tuple(_fixes(answer.get("required_fixes"))))
    if response.status_code == 409:
        return RecordExists(message, hint=hint)
    if document.get("code") == "forbidden_content":
        return ForbiddenContent(message, hint=hint)
    if response.status_code in kinds:
        return kinds[response.status_code](message, hint=hint)
    unavailable = response.status_code >= 500 or response.status_code == 429
    return ServerUnavailable(message, hint=hint) if unavailable else ProtocolError(message, hint=hint)


def _fixes(found: Any) -> Iterator[str]:
    for one in found if isinstance(found, list) else ():
        with suppress(ValidationError):
            yield str(Finding.model_validate(one))


async def _document(response: httpx.Response) -> dict[str, Any]:
    body = b""
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _LIMIT_REFUSAL:
            return {}
    try:
        document = httpx.Response(200, content=body).json()
    except (JSONDecodeError, UnicodeDecodeError):
        return {}
    return document if isinstance(document, dict) else {}
