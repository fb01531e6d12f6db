"""Lists what a scope holds: page by page, parent by parent where things are listed by a parent, described in batches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any, cast

from escher.providers.aws.calls import Answer, Calls
from escher.providers.aws.failures import CALL_FAILURES, READ_FAILURES, code_of, read_failed
from escher.providers.declarations import ListCall
from escher.providers.mapping import find, is_of_type
from escher.providers.source import Record, Unit

PARENT = "Parent"


class Listing:
    """The listing of one scope, with calls to one region."""

    def __init__(self, calls: Calls, unit: Unit, region: str) -> None:
        self._calls = calls
        self._unit = unit
        self._region = region

    async def records(self) -> AsyncIterator[list[Record]]:
        """The records of the type, as they come. Raises CredentialError, ReadFailed at the call that fails."""
        listing = self._unit.declared.listing
        async for found in self._children(listing) if listing.per else self._described(listing, {}):
            yield [record for record in found if is_of_type(record, self._unit.declared)]

    async def _children(self, listing: ListCall) -> AsyncIterator[list[Any]]:
        async for parents in self._found(cast("ListCall", listing.per), {}):
            for children in await asyncio.gather(*(self._of_parent(listing, parent) for parent in parents)):
                yield children

    async def _of_parent(self, listing: ListCall, parent: Any) -> list[Record]:
        arguments = {name: find(path, parent) for name, path in listing.arguments.items()}
        try:
            pages = [page async for page in self._described(listing, arguments)]
        except _Gone:
            # The parent was deleted after it was listed, and all that it had with it.
            return []
        return [{**record, PARENT: parent} for page in pages for record in page]

    async def _described(self, listing: ListCall, arguments: Mapping[str, Any]) -> AsyncIterator[list[Any]]:
        """What the list says, or what the batch call says of what is listed."""
        async for found in self._found(listing, arguments):
            if listing.batch is None:
                yield found
                continue
            size = listing.batch.size
            chunks = [found[start : start + size] for start in range(0, len(found), size)]
            for records in await asyncio.gather(*(self._batch(listing, arguments, chunk) for chunk in chunks)):
                yield records

    async def _batch(self, listing: ListCall, arguments: Mapping[str, Any], ids: list[Any]) -> list[Any]:
        batch = listing.batch
        assert batch is not None
        asked = {**arguments, **batch.parameters, batch.ids: ids if batch.size > 1 else ids[0]}
        try:
            answer = await self._whole(batch.operation, asked)
            return _results(answer, batch.result)
        except READ_FAILURES as cause:
            # Of several things without a parent only one may be gone, which is no reason to leave out the others.
            if code_of(cause) in self._unit.declared.gone and (arguments or batch.size == 1):
                return []
            raise self._failed(cause, batch.operation, batch.permission) from cause

    async def _found(self, listing: ListCall, arguments: Mapping[str, Any]) -> AsyncIterator[list[Any]]:
        try:
            async for answer in self._answers(listing, {**listing.parameters, **arguments}):
                yield _results(answer, listing.result)
        except CALL_FAILURES as cause:
            if arguments and code_of(cause) in self._unit.declared.gone:
                raise _Gone from cause
            raise self._failed(cause, listing.operation, listing.permission) from cause
        except READ_FAILURES as cause:
            raise self._failed(cause, listing.operation, listing.permission) from cause

    async def _answers(self, listing: ListCall, asked: dict[str, Any]) -> AsyncIterator[Answer]:
        if not listing.next_page:
            declared = self._unit.declared
            pages = self._calls.pages(
                self._unit.account, self._region, declared.service, listing.operation, asked,
                page_size=listing.page_size, timeout_s=declared.timeout_s,
            )  # fmt: skip
            async for answer in pages:
                yield answer
            return
        seen: set[Any] = set()
        token: Any = None
        while token is None or token not in seen:
            seen.add(token)
            answer = await self._whole(listing.operation, asked)
            yield answer
            token = asked[listing.next_page] = answer.get(listing.next_page)
            if not token:
                return
        raise ValueError(f"the page token of {listing.operation} loops")

    async def _whole(self, operation: str, asked: Mapping[str, Any]) -> Answer:
        declared = self._unit.declared
        return await self._calls.whole(
            self._unit.account, self._region, declared.service, operation, asked, timeout_s=declared.timeout_s
        )

    def _failed(self, cause: Exception, operation: str, permission: str) -> Exception:
        return read_failed(
            cause, self._unit.account, operation=operation, region=self._unit.region, permission=permission
        )


class _Gone(Exception):
    """A parent is not there any more."""


def _results(answer: Answer, path: str) -> list[Any]:
    found = find(path, answer)
    if not isinstance(found, list):
        # Whoever answers without even an empty list is not AWS; to believe it would delete all that is known.
        raise ValueError(f"there is no {path} in the answer")
    return cast("list[Any]", found)
