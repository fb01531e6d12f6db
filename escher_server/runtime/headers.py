"""One header of a request, straight from the scope: what runs for every request need not parse all of them."""

from __future__ import annotations

from starlette.types import Scope


def header(scope: Scope, name: bytes) -> bytes:
    """The value of a header, `name` in lower case; empty when there is none, or more than one to choose from."""
    found = [value for key, value in scope["headers"] if key == name]
    return found[0] if len(found) == 1 else b""
