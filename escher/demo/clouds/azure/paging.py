"""Lists in pages, as ARM gives them: `value`, and a `nextLink` while there is more."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from urllib.parse import urlencode

from escher.demo.clouds.azure.exchange import Answer, ArmError, Call, Json

PAGE = 100


def paged(call: Call, items: Iterable[Json], size: int = PAGE) -> Answer:
    """The page that the call asks for, of at most `size` items. Raises ArmError for a token that is none."""
    everything = list(items)
    start = offset(call.query.get("$skiptoken", ""))
    wanted = call.query.get("$top", "")
    limit = min(size, int(wanted)) if wanted.isdigit() and int(wanted) else size
    body: Json = {"value": everything[start : start + limit]}
    if start + limit < len(everything):
        query = call.query | {"$skiptoken": token(start + limit)}
        body["nextLink"] = f"{call.base}{call.path}?{urlencode(query)}"
    return Answer(200, body)


def token(start: int) -> str:
    """A page's token."""
    return base64.urlsafe_b64encode(f"from:{start}".encode()).decode()


def offset(given: str) -> int:
    """Where the page with this token starts."""
    if not given:
        return 0
    try:
        word, _, number = base64.urlsafe_b64decode(given).decode().partition(":")
        if word == "from":
            return int(number)
    except (ValueError, binascii.Error):
        pass
    raise ArmError(400, "InvalidSkipToken", f"The provided skip token '{given}' is invalid.")
