"""One exchange with the Resource Manager: what is trusted, and what an answer means. Nothing here tries again."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, cast

import httpx
import orjson

from escher.contract.estate import Account
from escher.errors import CredentialError
from escher.providers.azure.credentials import who
from escher.providers.azure.endpoints import resource_manager
from escher.providers.azure.failures import ArmError, Malformed

LONGEST_REST_S = 60.0
_CONNECT_S = 10.0
_CONNECTIONS = httpx.Limits(max_connections=200, max_keepalive_connections=100)


def trusted(account: Account) -> ssl.SSLContext | bool:
    """The certificates that an account trusts: its own bundle, else the usual ones. Raises CredentialError."""
    if not account.ca_bundle:
        return True
    try:
        return ssl.create_default_context(cafile=account.ca_bundle)
    except OSError as cause:
        raise CredentialError(
            f"the certificates of {who(account)} cannot be read: {account.ca_bundle}.", hint="Correct its ca_bundle."
        ) from cause


def new_client(account: Account, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """A client to the Resource Manager of an account. It follows no redirect, as that would carry the token away."""
    return httpx.AsyncClient(
        base_url=resource_manager(account),
        verify=trusted(account),
        proxy=account.proxy or None,
        transport=transport,
        limits=_CONNECTIONS,
        timeout=httpx.Timeout(None, connect=_CONNECT_S),
        follow_redirects=False,
        headers={"User-Agent": "escher", "Accept": "application/json"},
    )


def answered(response: httpx.Response) -> dict[str, Any]:
    """The object that an answer holds. Raises ArmError for an error, Malformed for anything else."""
    if response.is_success:
        return _object(response)
    code = "UnexpectedRedirect" if response.is_redirect else _code(response)
    raise ArmError(response.status_code, code, rest_of(response.headers))


def rest_of(headers: Mapping[str, str]) -> float:
    """How long an answer asks to be left alone, in seconds, at most a minute; zero when it does not ask."""
    hints = (
        _seconds(headers.get("retry-after", "")),
        _seconds(headers.get("x-ms-retry-after-ms", "")) / 1_000,
        _clock(headers.get("x-ms-user-quota-resets-after", "")) if headers.get("x-ms-user-quota-remaining") == "0" else 0.0,
    )  # fmt: skip
    return min(LONGEST_REST_S, max(hints))


def is_nearly_spent(headers: Mapping[str, str]) -> bool:
    """Whether the next read of this kind would be throttled."""
    names = ("x-ms-ratelimit-remaining-subscription-reads", "x-ms-ratelimit-remaining-tenant-reads")
    return any(headers.get(name, "") in ("0", "1") for name in names)


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        found = orjson.loads(response.content)
    except orjson.JSONDecodeError as cause:
        raise Malformed("an answer is no JSON") from cause
    if not isinstance(found, dict):
        raise Malformed("an answer is no object")
    return cast("dict[str, Any]", found)


def _code(response: httpx.Response) -> str:
    """Azure's own code: the outermost, or the first of the details where that says nothing."""
    try:
        error = _object(response).get("error")
    except Malformed:
        error = None
    if not isinstance(error, dict):
        return f"HTTP{response.status_code}"
    known = cast("dict[str, Any]", error)
    return str(known.get("code") or f"HTTP{response.status_code}")


def _seconds(text: str) -> float:
    if text.replace(".", "", 1).isdecimal():
        return float(text)
    if not text:
        return 0.0
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return 0.0


def _clock(text: str) -> float:
    """`hh:mm:ss` in seconds."""
    parts = text.split(":")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return 0.0
    hours, minutes, seconds = (int(part) for part in parts)
    return float(hours * 3600 + minutes * 60 + seconds)
