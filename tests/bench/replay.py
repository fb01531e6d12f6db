"""A wire with a delay: asks a cloud once, and from then on gives its answers again after so many milliseconds.

`python -m tests.bench.replay UPSTREAM` prints its port. GET /__delay/MS sets the delay, GET /__calls tells how many calls
came since the last GET /__reset. Answers are told apart by account, region, service and everything that is asked.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from typing import Any

import aiohttp
from yarl import URL

_SCOPE = re.compile(rb"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/")
_KEY, _ACCOUNT = re.compile(rb"<AccessKeyId>([^<]+)"), re.compile(rb"arn:aws:sts::(\d+)")
_HOP = {b"connection", b"content-length", b"accept-encoding", b"expect", b"transfer-encoding"}
_LENGTH = ("content-length", "transfer-encoding", "connection", "content-encoding")


class Wire:
    """What was answered before, the accounts of access keys, and how long an answer takes (seconds)."""

    def __init__(self, upstream: str, session: aiohttp.ClientSession) -> None:
        self.upstream, self.session = upstream, session
        self.answers: dict[Any, bytes] = {}
        self.accounts: dict[bytes, bytes] = {}
        self.delay, self.calls = 0.0, 0

    def control(self, path: bytes) -> bytes:
        """Set the delay, reset or tell the count."""
        if path.startswith(b"/__delay/"):
            self.delay = float(path[9:]) / 1_000
        if path == b"/__reset":
            self.calls = 0
        return _http(200, json.dumps({"calls": self.calls}).encode(), [])

    def key(self, method: bytes, path: bytes, headers: dict[bytes, bytes], body: bytes) -> Any:
        """What makes a question another one."""
        found = _SCOPE.search(headers.get(b"authorization", b""))
        access_key, region, service = found.groups() if found else (b"", b"", b"")
        asked = re.sub(rb"RoleSessionName=[^&]+", b"", body)
        account = self.accounts.get(access_key, access_key)
        return method, path, account, region, service, headers.get(b"x-amz-target"), asked

    async def ask(self, method: bytes, path: bytes, headers: dict[bytes, bytes], body: bytes) -> bytes:
        """The cloud's own answer."""
        sent = {name.decode(): value.decode("latin1") for name, value in headers.items() if name not in _HOP}
        url = URL(self.upstream + path.decode(), encoded=True)
        async with self.session.request(
            method.decode(), url, headers=sent, data=body or None, skip_auto_headers=["Content-Type"]
        ) as answer:
            got = await answer.read()
            kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in _LENGTH]
        if b"AssumeRole" in body and (key := _KEY.search(got)) and (account := _ACCOUNT.search(got)):
            self.accounts[key[1]] = account[1]
        return _http(answer.status, got, kept)


class Connection(asyncio.Protocol):
    """One connection; questions come one after the other."""

    def __init__(self, wire: Wire) -> None:
        self._wire, self._buffer = wire, b""
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            first, *lines = self._buffer[:end].split(b"\r\n")
            headers = {
                name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)
            }
            if headers.get(b"expect") == b"100-continue" and len(self._buffer) == end + 4:
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            length = int(headers.get(b"content-length", b"0"))
            if len(self._buffer) < end + 4 + length:
                return
            body, self._buffer = self._buffer[end + 4 : end + 4 + length], self._buffer[end + 4 + length :]
            method, path, _ = first.split(b" ", 2)
            self._asked(method, path, headers, body)

    def _asked(self, method: bytes, path: bytes, headers: dict[bytes, bytes], body: bytes) -> None:
        if path.startswith(b"/__"):
            self._answer(self._wire.control(path))
            return
        self._wire.calls += 1
        key = self._wire.key(method, path, headers, body)
        known = self._wire.answers.get(key)
        if known is not None:
            asyncio.get_running_loop().call_later(self._wire.delay, self._answer, known)
        else:
            asyncio.ensure_future(self._learn(key, method, path, headers, body))  # noqa: RUF006 it answers, or the test hangs

    async def _learn(self, key: Any, method: bytes, path: bytes, headers: dict[bytes, bytes], body: bytes) -> None:
        try:
            answer = self._wire.answers[key] = await self._wire.ask(method, path, headers, body)
        except aiohttp.ClientError as cause:
            answer = _http(502, str(cause).encode(), [])
        self._answer(answer)

    def _answer(self, answer: bytes) -> None:
        if self._transport is not None:
            self._transport.write(answer)


def _http(status: int, body: bytes, headers: list[tuple[str, str]]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {status} X\r\n{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def main(upstream: str) -> None:
    """Serve until the end."""
    connector = aiohttp.TCPConnector(limit=16)
    async with aiohttp.ClientSession(connector=connector) as session:
        wire = Wire(upstream, session)
        server = await asyncio.get_running_loop().create_server(lambda: Connection(wire), "127.0.0.1", 0, backlog=4_096)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
