"""The base of everything that crosses the wire, and its one canonical form."""

from __future__ import annotations

import hashlib

import rfc8785
from pydantic import BaseModel, ConfigDict


class Wire(BaseModel):
    """Frozen, closed data: an unknown field is an error, on either side."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


def canonical(document: object) -> bytes:
    """RFC 8785 bytes of a JSON document or of a `Wire`: equal documents give equal bytes."""
    if isinstance(document, BaseModel):
        document = document.model_dump(mode="json")
    return rfc8785.dumps(document)  # pyright: ignore[reportArgumentType] any JSON document is accepted


def digest(document: object) -> str:
    """SHA-256 of the canonical bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(document)).hexdigest()
