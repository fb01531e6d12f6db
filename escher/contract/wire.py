"""The base of everything that crosses the wire, and its one canonical form."""

from __future__ import annotations

import hashlib
from typing import Annotated

import rfc8785
from pydantic import BaseModel, BeforeValidator, ConfigDict


def numeric(value: object) -> object:
    """The value, unless it is a `bool` or `str`, which would be taken for a number. Raises ValueError."""
    if isinstance(value, bool | str):
        raise ValueError("a number is needed")
    return value


# An integer as JSON Schema means it: `5.0` is one; `true` and "5", which would be taken for numbers, are not.
Whole = Annotated[int, BeforeValidator(numeric)]
Number = Annotated[float, BeforeValidator(numeric)]


class Wire(BaseModel):
    """Frozen, closed data: an unknown field is an error, on either side, and so is a number that JSON cannot hold."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True, allow_inf_nan=False
    )


def canonical(document: object) -> bytes:
    """RFC 8785 bytes of a JSON document or of a `Wire`: equal documents give equal bytes."""
    if isinstance(document, BaseModel):
        document = document.model_dump(mode="json")
    return rfc8785.dumps(document)  # pyright: ignore[reportArgumentType] any JSON document is accepted


def digest(document: object) -> str:
    """SHA-256 of the canonical bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(document)).hexdigest()
