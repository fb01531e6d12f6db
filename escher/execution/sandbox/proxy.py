"""The one way out of a sandbox: a proxy that runs outside and opens connections to the step's endpoints only.

CONNECT and plain requests by absolute form are understood. The first request of a connection decides where it leads;
everything after it goes there as well. Names are resolved here, so there is no name service in the sandbox.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
from collections.abc import Callable, Sequence
from urllib.parse import unquote, urlsplit

from escher.execution.sandbox.addresses import Address, admitted, may_connect, of_url

CHUNK = 65_536
HEAD_LIMIT = 65_536
CONNECT_S = 20
MOST_NOTES = 100
# What tools ask by themselves, about themselves; it is refused like everything else, but not worth a line.
_CHATTER = frozenset({"azcliprod.blob.core.windows.net", "dc.services.visualstudio.com", "app.aladdin.microsoft.com"})
Own = Callable[[str, str, dict[str, str]], bytes | None]
"""Answers a request to the proxy itself, given method, path with query, and headers by small name; None: no such thing."""
Notes = Callable[[str], None]


class Refused(Exception):
    """A request that leads elsewhere than the step's endpoints."""


class Proxy:
    """Serves the connections of one step. `chain` is the account's own proxy, through which everything then goes."""

    def __init__(
        self, allowed: Sequence[Address], chain: str = "", own: Own | None = None, notes: Notes = print
    ) -> None:
        self._allowed, self._chain, self._own, self._notes = tuple(allowed), chain, own, notes
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self._told: set[str] = set()
        self._port = 0

    async def serve(self, listener: socket.socket) -> None:
        """Accept on a listening socket, of whichever network it is, until `close`."""
        self._port = listener.getsockname()[1]
        self._server = await asyncio.start_server(self._accept, sock=listener, limit=HEAD_LIMIT)

    async def close(self) -> None:
        """Accept nothing more and end all connections."""
        if self._server:
            self._server.close()
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._answer(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # whoever asked has gone, or spoke no HTTP
        except asyncio.CancelledError:
            pass  # by `close`, which waits for the end; asyncio 3.11 would print a traceback of a cancelled one
        finally:
            self._open.discard(task)
            with contextlib.suppress(OSError):
                writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        request = _Request(head.decode("latin-1"))
        if request.method != "CONNECT" and self._is_own(request):
            found = self._own(request.method, request.path, request.headers) if self._own else None
            writer.write(found or _status(404, "There is nothing here."))
            await writer.drain()
            return
        try:
            address = self._admit(request)
            upstream = await self._connect(address, request)
        except Refused as refused:
            self._tell(request.host, str(refused))
            writer.write(_status(403, str(refused)))
            await writer.drain()
            return
        except (OSError, TimeoutError) as cause:
            writer.write(_status(502, f"{request.host} does not answer ({type(cause).__name__})."))
            await writer.drain()
            return
        await self._join(request, (reader, writer), upstream)

    def _is_own(self, request: _Request) -> bool:
        return not request.host or (request.host, request.port) == ("127.0.0.1", self._port)

    def _admit(self, request: _Request) -> Address:
        found = admitted(request.host, request.port, self._allowed)
        if found is None:
            raise Refused(f"Escher refused a connection to {request.host}:{request.port}: no endpoint of this step.")
        return found

    async def _connect(self, address: Address, request: _Request) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._chain and not _is_loopback(address.host):
            return await self._chained(address, request)
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        numeric = [str(one[4][0]) for one in found if may_connect(address, str(one[4][0]))]
        if not numeric:
            raise Refused(
                f"Escher refused a connection to {address.host}: its name leads to a private address. "
                "If that is right, give it to the account as endpoint_url."
            )
        return await _first(numeric, address.port)

    async def _chained(self, address: Address, request: _Request) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A tunnel through the account's proxy."""
        proxy = of_url(self._chain)
        if proxy is None:
            raise Refused("Escher cannot use the account's proxy: its address is no URL.")
        reader, writer = await asyncio.wait_for(asyncio.open_connection(proxy.host, proxy.port), CONNECT_S)
        target = f"{address.host}:{address.port}"
        writer.write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{_authorization(self._chain)}\r\n".encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        if answer.split(b" ", 2)[1] != b"200":
            writer.close()
            raise OSError("the account's proxy refused")
        return reader, writer

    async def _join(
        self,
        request: _Request,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        upstream: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        if request.method == "CONNECT":
            client[1].write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            upstream[1].write(request.for_origin())
        # Both ways until both have ended; a half that is closed is closed on the other side as well.
        ways = (_pass_on(client[0], upstream[1]), _pass_on(upstream[0], client[1]))
        try:
            await asyncio.gather(*ways)
        finally:
            upstream[1].close()

    def _tell(self, host: str, note: str) -> None:
        if host not in _CHATTER and note not in self._told and len(self._told) < MOST_NOTES:
            self._told.add(note)
            self._notes(note)


class _Request:
    """The head of a request: where it leads, and how it reads to the server that it is for."""

    def __init__(self, head: str) -> None:
        first, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
        self.method, target, self._version = first.split(" ")
        self._lines = lines
        self.headers = {name.strip().lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
        if self.method == "CONNECT":
            parts = urlsplit(f"//{target}")
            self.host, self.port, self.path = parts.hostname or "", parts.port or 443, ""
        else:
            parts = urlsplit(target)
            self.host, self.port = parts.hostname or "", parts.port or 80
            self.path = target[target.index(parts.netloc) + len(parts.netloc) :] if parts.netloc else target
            if parts.scheme not in ("http", ""):
                raise ValueError("only http is asked for by absolute form")

    def for_origin(self) -> bytes:
        """The same for the server itself: its path, its own name, and no second request on the same connection."""
        dropped = ("host", "proxy-connection", "proxy-authorization", "connection", "keep-alive")
        kept = [line for line in self._lines if line.partition(":")[0].strip().lower() not in dropped]
        host = self.host if self.port == 80 else f"{self.host}:{self.port}"
        head = [f"{self.method} {self.path or '/'} {self._version}", f"Host: {host}", "Connection: close", *kept]
        return ("\r\n".join(head) + "\r\n\r\n").encode("latin-1")


async def _first(numeric: Sequence[str], port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the first of some addresses that answers. Raises OSError, TimeoutError."""
    for one in numeric[:-1]:
        with contextlib.suppress(OSError, TimeoutError):
            return await asyncio.wait_for(asyncio.open_connection(one, port), CONNECT_S)
    return await asyncio.wait_for(asyncio.open_connection(numeric[-1], port), CONNECT_S)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.close()


def _status(code: int, text: str) -> bytes:
    reason = {403: "Forbidden", 404: "Not Found", 502: "Bad Gateway"}[code]
    body = f"{text}\n".encode()
    head = f"HTTP/1.1 {code} {reason}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def _authorization(url: str) -> str:
    parts = urlsplit(url)
    if not parts.username:
        return ""
    given = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return f"Proxy-Authorization: Basic {base64.b64encode(given.encode()).decode()}\r\n"
