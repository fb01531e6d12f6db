"""Sends signed requests and brings back what was answered, as botocore's exceptions where nothing was.

Connections are kept and shared by all accounts. No redirect is followed and no answer is unpacked; what is longer than
a scan can want is not read to its end.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from botocore import exceptions as boto
from botocore.httpsession import where
from botocore.utils import get_environ_proxies
from yarl import URL

from escher.contract.estate import Account
from escher.providers.aws.wire.answers import Reply
from escher.providers.aws.wire.endpoints import profile_of, setting

CONNECT_S = 10
MOST_BYTES = 256 * 1024 * 1024
# How long an answer may take is for the pacer to say.
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S)
_QUIET = frozenset({"Accept", "Accept-Encoding", "Content-Type", "User-Agent"})


@dataclass(frozen=True, slots=True)
class Way:
    """How an account reaches AWS."""

    ca_bundle: str = ""
    proxy: str = ""
    profile: str = ""

    @classmethod
    def of(cls, account: Account) -> Way:
        """The account's own way."""
        return cls(account.ca_bundle, account.proxy, profile_of(account))


@dataclass(frozen=True, slots=True, repr=False)
class Outgoing:
    """A signed request. Its headers hold a token, so it is not shown."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


class Transport:
    """HTTP for one event loop at a time; opened on first use."""

    def __init__(self, connections: int) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def send(self, outgoing: Outgoing, way: Way) -> Reply:
        """The answer, whatever its status. Raises botocore's connection errors, which show no header."""
        try:
            return await self._send(outgoing, way)
        except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError) as cause:
            failure = _failure(cause, outgoing.url, way)
        # Outside of the handler: aiohttp's exceptions hold the request with its signature and token.
        raise failure

    async def close(self) -> None:
        """Give connections back."""
        session, self._session = self._session, None
        if session is not None and self._loop is asyncio.get_running_loop():
            await session.close()

    async def _send(self, outgoing: Outgoing, way: Way) -> Reply:
        url = outgoing.url
        request = self._opened().request(
            outgoing.method, URL(url, encoded=True), headers=outgoing.headers, data=outgoing.body or None, allow_redirects=False,
            skip_auto_headers=_QUIET, proxy=_proxy(way, *urlsplit(url)[:2]), ssl=_tls(way, url),
            timeout=_TIMEOUT,
        )  # fmt: skip
        async with request as response:
            length = response.content_length
            if length is not None and length <= MOST_BYTES:
                read = await response.read()
            else:
                read = await _bounded(response, url)
            return Reply(response.status, response.headers, read)

    def _opened(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        if self._session is None or self._loop is not loop:
            # What belonged to another loop ended with it.
            self._loop = loop
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
            )
        return self._session


async def _bounded(response: aiohttp.ClientResponse, url: str) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.content.iter_any():
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            response.close()
            raise boto.ResponseStreamingError(error=f"the answer is longer than {MOST_BYTES} bytes: {_bare(url)}")
    return b"".join(parts)


def _failure(cause: Exception, url: str, way: Way) -> Exception:
    """Botocore's exception for what went wrong on the way."""
    bare = _bare(url)
    reason = type(cause).__name__
    match cause:
        case aiohttp.ClientProxyConnectionError() | aiohttp.ClientHttpProxyError():
            return boto.ProxyConnectionError(proxy_url=_bare(way.proxy), error=reason)
        case aiohttp.ClientSSLError():
            return boto.SSLError(endpoint_url=bare, error=_tls_reason(cause))
        case aiohttp.ConnectionTimeoutError():
            return boto.ConnectTimeoutError(endpoint_url=bare, error=reason)
        case TimeoutError():
            return boto.ReadTimeoutError(endpoint_url=bare, error=reason)
        case aiohttp.ClientConnectorError():
            return boto.EndpointConnectionError(endpoint_url=bare, error=reason)
        case aiohttp.ClientPayloadError() | asyncio.IncompleteReadError():
            return boto.ResponseStreamingError(error=f"the answer broke off: {bare}")
        case _:
            return boto.ConnectionClosedError(endpoint_url=bare, error=reason)


def _tls_reason(cause: Exception) -> str:
    inner = getattr(cause, "certificate_error", None) or getattr(cause, "os_error", None)
    return str(inner or type(cause).__name__)


def _bare(url: str) -> str:
    """An address without user, password and query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


@cache
def _proxy(way: Way, scheme: str, host: str) -> str | None:
    """The account's proxy, else that of the environment, unless it excepts the host."""
    if way.proxy:
        return way.proxy
    return get_environ_proxies(f"{scheme}://{host}").get(scheme)


def _tls(way: Way, url: str) -> Any:
    """What to trust; True means nothing for a connection in the clear."""
    return _trust(way) if url.startswith("https:") else True


@cache
def _trust(way: Way) -> ssl.SSLContext:
    return _context(way.ca_bundle or setting(way.profile, "ca_bundle") or "")


@cache
def _context(ca_bundle: str) -> ssl.SSLContext:
    trusted = ca_bundle or where()
    if Path(trusted).is_dir():
        return ssl.create_default_context(capath=trusted)
    return ssl.create_default_context(cafile=trusted)
