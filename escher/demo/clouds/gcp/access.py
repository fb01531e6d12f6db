"""Who calls and what they may: the service account, its key and tokens, and its role in each project."""

from __future__ import annotations

import base64
import json
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from escher.demo.clouds.gcp.errors import ApiError

TOKEN_LIFETIME_S = 3600
_READS = ("get", "list", "aggregatedList", "search", "test", "wait", "batchGet", "lookup", "query", "export")
_SERVICE = {"sqladmin": "cloudsql", "bigtableadmin": "bigtable", "firestore": "datastore", "cloudresourcemanager": ""}
_UPDATES = frozenset({"patch", "update", "set"})


@dataclass(slots=True)
class Access:
    """The demo's service account."""

    email: str
    project: str
    _key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    _tokens: set[str] = field(default_factory=set)

    def write_key(self, path: Path, endpoint: str) -> None:
        """Write the key file that Google's libraries read."""
        private = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        content = {
            "type": "service_account",
            "project_id": self.project,
            "private_key_id": "demo",
            "private_key": private.decode(),
            "client_email": self.email,
            "client_id": "100000000000000000001",
            "auth_uri": f"{endpoint}/auth",
            "token_uri": f"{endpoint}/token",
        }
        path.touch(0o600)
        path.write_text(json.dumps(content), "utf-8")

    def token(self) -> str:
        """A new access token."""
        token = f"demo.{secrets.token_urlsafe(24)}"
        self._tokens.add(token)
        return token

    def exchange(self, assertion: str) -> dict[str, Any]:
        """The answer to a signed assertion. Raises ApiError for a wrong one."""
        if not self._signed(assertion):
            raise ApiError(400, "Invalid JWT Signature.", "invalid_grant")
        return {"access_token": self.token(), "expires_in": TOKEN_LIFETIME_S, "token_type": "Bearer"}

    def check(self, authorization: str) -> None:
        """Let a call pass that carries a token of ours or an assertion signed with our key. Raises ApiError 401."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not (token in self._tokens or self._signed(token)):
            raise _unauthenticated(bool(authorization))

    def _signed(self, assertion: str) -> bool:
        """Whether an assertion (a JWT) is ours and has not expired."""
        signed, _, signature = assertion.rpartition(".")
        try:
            self._key.public_key().verify(_decoded(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256())
            claims: dict[str, Any] = json.loads(_decoded(signed.partition(".")[2]))
        except (InvalidSignature, ValueError):
            return False
        return claims.get("iss") == self.email and claims.get("exp", 0) > time.time()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _unauthenticated(given: bool) -> ApiError:
    if not given:
        return ApiError(401, "Login Required. Request is missing required authentication credential.", "required")
    return ApiError(401, "Request had invalid authentication credentials.", "authError")


def reads(method_id: str) -> bool:
    """Whether a method changes nothing."""
    return method_id.rpartition(".")[2].startswith(_READS) and not method_id.endswith(".setIamPolicy")


def permission(method_id: str) -> str:
    """The permission that a method needs, by its id: `pubsub.topics.delete` for `pubsub.projects.topics.delete`."""
    api, *middle, verb = method_id.split(".")
    places = ("projects", "locations", "zones", "regions")
    kept = [part for part in middle if part not in places] or middle[-1:]
    verb = "update" if verb in _UPDATES and api != "compute" else verb
    return ".".join(
        part for part in (_SERVICE.get(api, api), *kept, "list" if verb == "aggregatedList" else verb) if part
    )


def granted(role: str, wanted: str) -> bool:
    """Whether a role holds a permission. A viewer reads, but neither data nor secrets."""
    if role == "owner":
        return True
    verb = wanted.rpartition(".")[2]
    return verb.startswith(("get", "list", "search")) and not wanted.startswith(
        ("secretmanager.versions.access", "storage.objects.")
    )
