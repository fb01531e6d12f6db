"""Tickets to publish one version of one tenant without a key, for 15 minutes: signed here, kept nowhere.

A ticket can be used until it is over, and only for one version; as that never changes once it is there, using it again
changes nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from pydantic import ValidationError

from escher.contract.wire import Wire
from escher_server.errors import Forbidden

VALID_S = 15 * 60
_KEY_BYTES = 32


class Grant(Wire):
    """What a ticket allows: this version, for this tenant, until then (Unix seconds)."""

    tenant: str
    by: str
    playbook_id: str
    version: str
    expires_at: int


class Tickets:
    """Signs and reads tickets with a key of the server's own, made on first use and readable by nobody else."""

    def __init__(self, home: Path) -> None:
        self._file = home / "upload.key"

    def sign(self, grant: Grant) -> str:
        """The ticket for a grant: letters, digits, hyphens and one dot."""
        content = _encoded(grant.model_dump_json().encode())
        return f"{content}.{self._signature(content)}"

    def read(self, token: str, now: int) -> Grant:
        """What a ticket allows. Raises Forbidden for one that this server did not sign, or that is over."""
        content, _, signature = token.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(content).encode()):
            raise _refused()
        try:
            grant = Grant.model_validate_json(base64.urlsafe_b64decode(content))
        except (ValidationError, binascii.Error) as cause:
            raise _refused() from cause
        if grant.expires_at <= now:
            raise _refused()
        return grant

    def _signature(self, content: str) -> str:
        return _encoded(hmac.digest(self._key(), content.encode(), hashlib.sha256))

    def _key(self) -> bytes:
        try:
            return self._file.read_bytes()
        except FileNotFoundError:
            return self._new_key()

    def _new_key(self) -> bytes:
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self._file.with_name(f".{self._file.name}.{secrets.token_hex(8)}")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
        try:
            os.link(new, self._file)  # the first worker wins
        except FileExistsError:
            pass
        finally:
            new.unlink()
        return self._file.read_bytes()


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


def _refused() -> Forbidden:
    return Forbidden("this ticket is not one of ours, or it is over.", hint="Ask for another: /v1/playbooks/uploads")
