"""The managed identity of one step: gives out the frozen token of its account to who knows the step's secret."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from escher.execution.surroundings import TOKENS

PATH = "/identity"
_RESOURCES = (
    "https://management.azure.com",
    "https://management.core.windows.net",
    "https://management.usgovcloudapi.net",
    "https://management.core.usgovcloudapi.net",
    "https://management.chinacloudapi.cn",
    "https://management.core.chinacloudapi.cn",
)


class ManagedIdentity:
    """Answers as Azure's own endpoint for apps does. `endpoint` is the account's own Resource Manager, if it has one."""

    def __init__(self, credentials: Mapping[str, str], endpoint: str, secret: str) -> None:
        self._token, self._expires_on = (credentials.get(name, "") for name in TOKENS)
        self._secret = secret
        self._resources = (endpoint.rstrip("/"),) if endpoint else _RESOURCES

    def __call__(self, method: str, target: str, headers: dict[str, str]) -> bytes | None:
        """The token, for a GET with the secret and for the Resource Manager's resource only; None: not here."""
        parts = urlsplit(target)
        if method != "GET" or parts.path != PATH or not self._token:
            return None
        if not hmac.compare_digest(headers.get("x-identity-header", "").encode(), self._secret.encode()):
            return _answer(401, {"message": "The identity's header is missing or wrong."})
        resource = parse_qs(parts.query).get("resource", [""])[0].removesuffix("/.default").rstrip("/")
        if resource not in self._resources:
            return _answer(400, {"message": "This identity is for the Resource Manager only."})
        return _answer(
            200,
            {
                "access_token": self._token,
                "expires_on": self._expires_on,
                "resource": resource,
                "token_type": "Bearer",
            },
        )

    def __repr__(self) -> str:
        return "ManagedIdentity()"


def _answer(code: int, body: Mapping[str, str]) -> bytes:
    text = json.dumps(body).encode()
    reason = {200: "OK", 400: "Bad Request", 401: "Unauthorized"}[code]
    head = f"HTTP/1.1 {code} {reason}\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
    return head.encode() + text
