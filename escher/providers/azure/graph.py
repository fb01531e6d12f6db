"""Resource Graph: the queries, their pages, and the signs by which a page must not be believed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from escher.contract.estate import Account
from escher.providers.azure.calls import ArmCalls
from escher.providers.azure.failures import Malformed

SERVICE = "resourcegraph"
_PATH = "/providers/Microsoft.ResourceGraph/resources"
_API = {"api-version": "2024-04-01"}
_PAGE = 1_000
_MOST_PAGES = 1_000
_COLUMNS = "id, name, type, kind, location, resourceGroup, tags, sku"

Row = Mapping[str, Any]


class Truncated(Malformed):
    """The graph itself says, or its numbers do, that rows are missing."""


def of_types(native_types: Iterable[str]) -> str:
    """The query for everything of these types."""
    return (
        f"resources | where type in~ ({_quoted(native_types)})"
        f" | project {_COLUMNS}, identity, zones, managedBy, properties | order by id asc"
    )


def of_other_types(native_types: Iterable[str]) -> str:
    """The query for everything of all other types; their properties stay where they are, as nobody has read them."""
    return (
        f"resources | where type !in~ ({_quoted(native_types)})"
        f" | project {_COLUMNS}, provisioningState=tostring(properties.provisioningState),"
        " createdTime=tostring(properties.creationTime) | order by id asc"
    )


def of_changes(since: int) -> str:
    """The query for what was changed since a moment (Unix seconds)."""
    moment = datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        "resourcechanges | extend changed=todatetime(properties.changeAttributes.timestamp)"
        f" | where changed > datetime({moment})"
        " | project id, target=tostring(properties.targetResourceId) | order by id asc"
    )


async def rows(calls: ArmCalls, account: Account, query: str) -> AsyncIterator[list[Row]]:
    """The rows of a query, page by page. Raises `failures.CALL_FAILURES`; Truncated when some would be missing."""
    token, count, total, cut = "", 0, -1, False
    seen: set[str] = set()
    for _ in range(_MOST_PAGES):
        answer = await calls.post(account, SERVICE, _PATH, _API, _body(account, query, token))
        found, told = _rows(answer), _total(answer)
        count += len(found)
        if total not in (-1, told):
            # Pages are cut by position: what was deleted in between moves a row out of sight.
            raise Truncated("the estate changed between two pages")
        total = told
        yield found
        cut = str(answer.get("resultTruncated")).lower() == "true"
        token = str(answer.get("$skipToken") or "")
        if not token:
            break
        if token in seen:
            raise Malformed("the pages of the graph lead in a circle")
        seen.add(token)
    if token or count < total or cut:
        raise Truncated("rows are missing")


def _body(account: Account, query: str, token: str) -> dict[str, Any]:
    options: dict[str, Any] = {"resultFormat": "objectArray", "$top": _PAGE}
    if token:
        options["$skipToken"] = token
    return {"subscriptions": [account.account_id], "query": query, "options": options}


def _rows(answer: Mapping[str, Any]) -> list[Row]:
    found = answer.get("data")
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in cast("list[object]", found)):
        raise Malformed("there are no rows in the answer of the graph")
    return cast("list[Row]", found)


def _total(answer: Mapping[str, Any]) -> int:
    total = answer.get("totalRecords")
    if not isinstance(total, int):
        raise Malformed("the graph does not say how many rows there are")
    return total


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))
