"""Lists a type by its own API: the pages of one path, or of one for each location, region or parent.

Google leaves out of an answer what it could not reach, and says so in passing: such an answer is incomplete, and is taken
for a failure once everything that is there was given out.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any, cast

from escher.contract.estate import Account
from escher.errors import CredentialError
from escher.providers.declarations import ResourceType
from escher.providers.gcp.calls import Answer, GcpCalls
from escher.providers.gcp.failures import INCOMPLETE, READ_FAILURES, ApiError
from escher.providers.gcp.names import Project, record_of
from escher.providers.mapping import find, is_of_type, text
from escher.providers.registry import resource_types
from escher.providers.source import Record

_BLANK = re.compile(r"\{([\w.]+)\}")
_OLDER_LOCATIONS = {"run": "v1"}
"""APIs whose list of locations is in another version than their resources."""

_OLDER_PAGES = frozenset({"compute", "storage", "dns", "bigquery", "sqladmin"})
"""APIs that call the size of a page by its older name."""

_ENVELOPE = frozenset(
    {
        *("kind", "id", "etag", "selfLink", "nextPageToken", "unreachable", "unreachables", "readTime", "warning"),
        *("warnings", "missingZones", "failedLocations", "totalSize", "metadata", "apiVersion", "header"),
    }
)
"""What an answer may hold beside its records; Google leaves an empty list of them out."""


class ServiceListing:
    """Lists by the APIs of the services themselves."""

    def __init__(self, calls: GcpCalls) -> None:
        self._calls = calls

    async def records(self, account: Account, declared: ResourceType, project: Project) -> AsyncIterator[list[Record]]:
        """The records of a type, page by page. Raises as `GcpCalls.get` does, ValueError for an answer of another shape.

        A type whose API is off in this very project has none: Google turns no API off that is in use unless it is
        forced to, and then nothing of it can be reached any more. An API that is off where the log-in is at home says
        nothing about this project, and is a failure.
        """
        try:
            paths = await self._paths(account, declared, project)
        except ApiError as cause:
            if is_off_here(cause, project):
                return
            raise
        if len(paths) == 1:
            async for records in self._pages(account, declared, project, paths[0]):
                yield records
            return
        found = await asyncio.gather(
            *(self._whole(account, declared, project, path) for path in paths), return_exceptions=True
        )
        for records in found:
            if not isinstance(records, BaseException):
                yield records
        for cause in found:
            if isinstance(cause, BaseException):
                raise cause

    async def _paths(self, account: Account, declared: ResourceType, project: Project) -> list[str]:
        path = declared.listing.operation.replace("{account_id}", account.account_id)
        blank = _BLANK.search(path)
        if blank is None:
            return [path]
        fillings = await self._fillings(account, declared.service, path[: blank.start()], blank[1], project)
        return [f"{path[: blank.start()]}{filling}{path[blank.end() :]}" for filling in fillings]

    async def _fillings(self, account: Account, service: str, before: str, blank: str, project: Project) -> list[str]:
        """What a blank of a path stands for."""
        if blank == "region":
            return await self._names(
                account, "compute", f"compute/v1/projects/{account.account_id}/regions", "items[].name"
            )
        if blank == "location":
            version, _, rest = before.rstrip("/").partition("/")
            path = f"{_OLDER_LOCATIONS.get(service, version)}/{rest}"
            return await self._names(account, service, path, "locations[].locationId")
        parents = resource_types()[blank]
        return [text(record, "name") async for records in self.records(account, parents, project) for record in records]

    async def _names(self, account: Account, service: str, path: str, result: str) -> list[str]:
        return [name async for answer in self._calls.pages(account, service, path) for name in _results(answer, result)]

    async def _whole(self, account: Account, declared: ResourceType, project: Project, path: str) -> list[Record]:
        return [record async for records in self._pages(account, declared, project, path) for record in records]

    async def _pages(
        self, account: Account, declared: ResourceType, project: Project, path: str
    ) -> AsyncIterator[list[Record]]:
        listing = declared.listing
        query = {
            key: value.replace("{account_id}", account.account_id) if isinstance(value, str) else value
            for key, value in listing.parameters.items()
        }
        if listing.page_size:
            query["maxResults" if declared.service in _OLDER_PAGES else "pageSize"] = listing.page_size
        missing: list[str] = []
        try:
            async for answer in self._calls.pages(account, declared.service, path, query, timeout_s=declared.timeout_s):
                missing += left_out(answer)
                found = _results(answer, listing.result)
                if listing.each:
                    found = await self._each(account, declared, found)
                records = [record_of(one, declared, project) for one in found]
                yield [record for record in records if is_of_type(record, declared)]
        except ApiError as cause:
            if not is_off_here(cause, project):
                raise
        if missing:
            raise ApiError(200, INCOMPLETE, ", ".join(dict.fromkeys(missing)))

    async def _each(self, account: Account, declared: ResourceType, stubs: list[Any]) -> list[Any]:
        """The whole of what a list only names; what is gone by now is left out."""

        async def whole(stub: Mapping[str, Any]) -> Answer | None:
            path = filled(declared.listing.each, stub)
            try:
                return await self._calls.get(account, declared.service, path, timeout_s=declared.timeout_s)
            except ApiError as cause:
                if cause.status == 404:
                    return None
                raise

        answers = await asyncio.gather(*(whole(stub) for stub in stubs), return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, (*READ_FAILURES, CredentialError)):
                raise answer
        failed = [answer for answer in answers if isinstance(answer, BaseException)]
        if failed:
            raise failed[0]
        return [answer for answer in answers if answer is not None]


def filled(template: str, record: Mapping[str, Any]) -> str:
    """A path whose blanks are filled with what their paths lead to in a record. Raises KeyError for a blank without."""

    def value(blank: re.Match[str]) -> str:
        found = text(record, blank[1])
        if not found:
            raise KeyError(blank[1])
        return found

    return _BLANK.sub(value, template)


def is_off_here(cause: ApiError, project: Project) -> bool:
    """Whether an API is off in the project that is read, and not only where the log-in is at home."""
    consumer = cause.consumer.removeprefix("projects/")
    return cause.off and bool(consumer) and consumer in (project.number, project.project_id)


def left_out(answer: Answer) -> list[str]:
    """The places that an answer could not tell of."""
    missing: list[str] = []
    for key in ("unreachable", "unreachables", "missingZones", "failedLocations"):
        missing += [str(place).rpartition("/")[2] for place in answer.get(key) or ()]
    items = answer.get("items")
    scopes: list[Any] = list(cast("dict[str, Any]", items).items()) if isinstance(items, dict) else []
    for place, scope in [*scopes, ("", answer)]:
        warning = scope.get("warning") if isinstance(scope, dict) else None
        if isinstance(warning, dict) and warning.get("code") not in (None, "NO_RESULTS_ON_PAGE"):
            missing.append(f"{place.rpartition('/')[2]} {warning['code']}".strip())
    missing += [
        str(one.get("region") or one.get("code")) for one in answer.get("warnings") or () if isinstance(one, dict)
    ]
    return missing


def _results(answer: Answer, path: str) -> list[Any]:
    found = find(path, answer)
    if found is None:
        if path.partition("[")[0].partition(".")[0] in answer or set(answer) - _ENVELOPE:
            # Whoever answers something else is not Google; to believe it would delete all that is known.
            raise ValueError(f"there is no {path} in the answer")
        return []
    if not isinstance(found, list):
        raise ValueError(f"{path} is no list in the answer")
    return cast("list[Any]", found)
