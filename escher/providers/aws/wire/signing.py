"""Signature Version 4 as botocore makes it, with signing keys kept for the day.

Only headers are signed here: the requests of a scan carry no streams and no signatures in URLs.
"""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Protocol
from urllib.parse import quote, urlsplit

from botocore.auth import SIGNED_HEADERS_BLACKLIST
from botocore.utils import normalize_url_path

_PORTS = {"http": 80, "https": 443}
_NOT_SIGNED = frozenset(SIGNED_HEADERS_BLACKLIST)


class Keys(Protocol):
    """botocore's frozen credentials."""

    @property
    def access_key(self) -> str:
        """The key's id, which is no secret."""
        ...

    @property
    def secret_key(self) -> str:
        """What requests are signed with; it is never sent."""
        ...

    @property
    def token(self) -> str | None:
        """The session's token, sent with each request; None for keys without a session."""
        ...


@dataclass(frozen=True, slots=True)
class SigningScope:
    """What a signature is good for. S3 signs the hash of the body as a header, and its paths as they are."""

    service: str
    region: str
    is_s3: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A request before it is signed; its headers hold nothing secret."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    scope: SigningScope


def signed_headers(request: Request, keys: Keys, at: float) -> dict[str, str]:
    """The headers to send, with the signature of a moment in Unix seconds."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))
    digest = sha256(request.body).hexdigest()
    headers = {**request.headers, "X-Amz-Date": stamp}
    if keys.token:
        headers["X-Amz-Security-Token"] = keys.token
    if request.scope.is_s3:
        headers["X-Amz-Content-SHA256"] = digest
    names, canonical = _canonical(request, headers, digest)
    scope = f"{stamp[:8]}/{request.scope.region}/{request.scope.service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
    key = _signing_key(keys.secret_key, stamp[:8], request.scope.region, request.scope.service)
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    headers["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={keys.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return headers


def _canonical(request: Request, headers: dict[str, str], digest: str) -> tuple[str, str]:
    """The names of the headers that are signed, and the request in its canonical form."""
    parts = urlsplit(request.url)
    signing = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    signing = {name: value for name, value in signing.items() if name not in _NOT_SIGNED}
    signing.setdefault("host", host_of(request.url))
    ordered = sorted(signing)
    names = ";".join(ordered)
    lines = "".join(f"{name}:{signing[name]}\n" for name in ordered)
    path = parts.path if request.scope.is_s3 else quote(normalize_url_path(parts.path), safe="/~")
    query = "&".join(f"{name}={value}" for name, value in _pairs(parts.query))
    return names, f"{request.method}\n{path}\n{query}\n{lines}\n{names}\n{digest}"


def host_of(url: str) -> str:
    """The host as it is sent: in lower case, with the port only where it is not the usual one."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in (None, _PORTS.get(parts.scheme)) else f"{host}:{parts.port}"


def _pairs(query: str) -> list[tuple[str, str]]:
    if not query:
        return []
    cut = (pair.partition("=") for pair in query.split("&"))
    return sorted((name, value) for name, _, value in cut)


@lru_cache(maxsize=1_024)
def _signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
