"""Pages of a listing. A token names the last item of the page before, so that changes between pages do no harm."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from escher.demo.clouds.gcp.call import Call, invalid

Item = TypeVar("Item")
USUAL, USUAL_COMPUTE, LARGEST = 100, 500, 1000


def page_of(call: Call, items: Sequence[Item], key: Callable[[Item], str]) -> tuple[list[Item], str]:
    """The page that a call asks for and the token of the next. Items must be in the order of their keys."""
    size, token = _size(call), call.option("pageToken")
    if size is None:
        return list(items), ""
    after = _read(token) if token else ""
    left = [item for item in items if not token or key(item) > after]
    page = left[:size]
    return page, _token(key(page[-1])) if len(left) > size and page else ""


def _size(call: Call) -> int | None:
    """How many items make a page, None if the method has no pages."""
    for name in ("pageSize", "maxResults"):
        if name in call.method.parameters:
            usual = USUAL_COMPUTE if call.api == "compute" else USUAL
            return _within(call, name, int(call.option(name) or 0)) or usual
    return None


def _within(call: Call, name: str, size: int) -> int:
    """Compute refuses pages that are too large; the others cut them down."""
    if call.api == "compute" and size > USUAL_COMPUTE:
        raise invalid(
            f"Invalid value for field '{name}': '{size}'. Values must be between 0 and {USUAL_COMPUTE}.",
            "invalidParameter",
        )
    return min(size, LARGEST)


def _token(key: str) -> str:
    return base64.urlsafe_b64encode(f"after:{key}".encode()).decode()


def _read(token: str) -> str:
    try:
        text = base64.urlsafe_b64decode(token.encode()).decode()
    except (binascii.Error, UnicodeError, ValueError):
        text = ""
    if not text.startswith("after:"):
        raise invalid(f"Invalid value for field 'pageToken': '{token}'. The page token is invalid.")
    return text.removeprefix("after:")
