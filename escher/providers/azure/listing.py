"""Lists what scopes hold: from Resource Graph, all types in one query; where that is not, type by type from ARM.

Resource Graph says nothing of what the caller may not read: it just has fewer rows. So the caller's own permissions are
asked for, once a subscription, and a type that they do not cover is reported, not taken for empty.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any, cast

from escher.contract.estate import Account
from escher.providers.azure import graph
from escher.providers.azure.calls import ArmCalls
from escher.providers.azure.failures import (
    CALL_FAILURES,
    GONE,
    UNREGISTERED,
    Malformed,
    code_of,
    is_not_served,
    read_failed,
)
from escher.providers.azure.permissions import Grant, allows, grants_of, reads_all
from escher.providers.azure.records import Record, normalised, undeclared
from escher.providers.declarations import ListCall, ResourceType
from escher.providers.mapping import find, is_of_type
from escher.providers.source import Page, ReadFailed, Unit

OTHER = "azure_other"
RIGHTS = "Microsoft.Authorization/permissions/read"
RIGHTS_PATH = "/providers/Microsoft.Authorization/permissions"
_RIGHTS_API = {"api-version": "2022-04-01"}
_CHILDREN_AT_ONCE = 50

Records = list[Record]


class Listing:
    """The listings of one scan. `declared` are the native types that have a declaration of their own."""

    def __init__(self, calls: ArmCalls, declared: frozenset[str]) -> None:
        self._calls, self._declared = calls, declared
        self._rights: dict[Account, tuple[Grant, ...] | None] = {}
        self._asking: dict[Account, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def pages(self, batch: tuple[Unit, ...]) -> AsyncIterator[Page]:
        """The records of a batch. Raises CredentialError, ReadFailed when the batch as a whole cannot be read."""
        account = batch[0].account
        grants = await self._rights_or_none(account)
        yield Page({}, {unit: _hidden(unit) for unit in batch if grants and not _covers(grants, unit.declared)})
        if grants and batch[0].declared.listing.in_inventory:
            try:
                async for page in self._from_graph(batch):
                    yield page
                return
            except _NotServed:
                # From here on as if there were no graph.
                pass
        async for page in self._from_arm(batch, sure=grants is not None):
            yield page

    async def rights(self, account: Account) -> tuple[Grant, ...]:
        """What the caller may do in a whole subscription. Raises `failures.CALL_FAILURES`, CredentialError."""
        return await rights_at(self._calls, account, f"/subscriptions/{account.account_id}")

    async def _rights_or_none(self, account: Account) -> tuple[Grant, ...] | None:
        """The same, asked for once a scan; None: they cannot be read, so that only ARM's own refusals tell."""
        async with self._asking[account]:
            if account not in self._rights:
                try:
                    self._rights[account] = await self.rights(account)
                except CALL_FAILURES:
                    self._rights[account] = None
            return self._rights[account]

    async def _from_graph(self, batch: tuple[Unit, ...]) -> AsyncIterator[Page]:
        account = batch[0].account
        begun = False
        try:
            async for rows in graph.rows(self._calls, account, self._query(batch)):
                begun = True
                yield Page(_by_unit(batch, rows))
        except CALL_FAILURES as cause:
            if not begun and is_not_served(cause):
                raise _NotServed from cause
            raise read_failed(
                cause,
                account,
                operation="the query of Resource Graph",
                permission="Microsoft.ResourceGraph/resources/read",
            ) from None

    def _query(self, batch: tuple[Unit, ...]) -> str:
        if batch[0].declared.name == OTHER:
            return graph.of_other_types(self._declared)
        return graph.of_types({unit.declared.native_type for unit in batch})

    async def _from_arm(self, batch: tuple[Unit, ...], *, sure: bool) -> AsyncIterator[Page]:
        """Each scope by lists of its own; what fails in one is a failure of that one only."""
        if len(batch) == 1:
            async for page in self._pages_of(batch[0], sure=sure):
                yield page
            return
        tasks = [asyncio.create_task(self._gathered(unit, sure=sure)) for unit in batch]
        try:
            for task in asyncio.as_completed(tasks):
                yield await task
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _gathered(self, unit: Unit, *, sure: bool) -> Page:
        records: Records = []
        failures: dict[Unit, ReadFailed] = {}
        async for page in self._pages_of(unit, sure=sure):
            records += page.records.get(unit, ())
            failures.update(page.failures)
        return Page({unit: records}, failures)

    async def _pages_of(self, unit: Unit, *, sure: bool) -> AsyncIterator[Page]:
        declared = unit.declared
        try:
            async for records in self._records_of(unit):
                kept = [record for record in records if self._is_wanted(record, declared)]
                yield Page({unit: kept})
            if declared.name == OTHER and not sure:
                # This list leaves out what may not be read, as the graph does; without the permissions nobody can tell.
                yield Page({}, {unit: _unsure(unit)})
        except ReadFailed as failure:
            yield Page({}, {unit: failure})

    def _is_wanted(self, record: Record, declared: ResourceType) -> bool:
        if declared.name == OTHER:
            return record["type"] not in self._declared
        return is_of_type(record, declared)

    async def _records_of(self, unit: Unit) -> AsyncIterator[Records]:
        listing = unit.declared.listing
        if listing.per is None:
            read = normalised if unit.declared.name != OTHER else undeclared
            async for found in self._found(unit, listing, {}):
                yield [read(record) for record in found]
            return
        async for parents in self._found(unit, listing.per, {}):
            known = [normalised(parent) for parent in parents]
            for start in range(0, len(known), _CHILDREN_AT_ONCE):
                async for children in self._of_parents(unit, listing, known[start : start + _CHILDREN_AT_ONCE]):
                    yield children

    async def _of_parents(self, unit: Unit, listing: ListCall, parents: Sequence[Record]) -> AsyncIterator[Records]:
        """The children of some parents; those of one that fails are missing, and the failure comes last."""
        found = await asyncio.gather(
            *(self._of_parent(unit, listing, parent) for parent in parents), return_exceptions=True
        )
        failed: list[BaseException] = []
        for one in found:
            if isinstance(one, BaseException):
                failed.append(one)
            else:
                yield one
        if failed:
            raise failed[0]

    async def _of_parent(self, unit: Unit, listing: ListCall, parent: Record) -> Records:
        if not listing.operation:
            return [normalised(child, parent) for child in _results(parent, listing.result, missing=[])]
        arguments = {name: find(path, parent) for name, path in listing.arguments.items()}
        try:
            return [normalised(one, parent) async for found in self._found(unit, listing, arguments) for one in found]
        except _Gone:
            return []

    async def _found(self, unit: Unit, listing: ListCall, arguments: Mapping[str, Any]) -> AsyncIterator[Records]:
        account, declared = unit.account, unit.declared
        path = listing.operation.format(account_id=account.account_id, **arguments)
        pages = self._calls.pages(account, declared.service, path, listing.parameters, timeout_s=declared.timeout_s)
        try:
            async for answer in pages:
                yield _results(answer, listing.result)
        except CALL_FAILURES as cause:
            if arguments and code_of(cause) in GONE:
                raise _Gone from cause
            if code_of(cause) in UNREGISTERED:
                return
            raise read_failed(
                cause, account, operation=f"the list of {_what(listing)}", permission=listing.permission
            ) from None


class _NotServed(Exception):
    """Resource Graph is off, or not for this caller."""


class _Gone(Exception):
    """A parent was deleted after it was listed, and all that it had with it."""


async def rights_at(calls: ArmCalls, account: Account, scope: str) -> tuple[Grant, ...]:
    """What the caller may do at a scope, by all roles that hold there."""
    found: list[Grant] = []
    async for answer in calls.pages(account, "authorization", scope + RIGHTS_PATH, _RIGHTS_API):
        found += grants_of(answer.get("value"))
    return tuple(found)


def _by_unit(batch: tuple[Unit, ...], rows: Iterable[Record]) -> dict[Unit, Records]:
    if batch[0].declared.name == OTHER:
        return {batch[0]: [undeclared(row) for row in rows]}
    units: dict[str, list[Unit]] = defaultdict(list)
    for unit in batch:
        units[unit.declared.native_type].append(unit)
    found: dict[Unit, Records] = defaultdict(list)
    for row in rows:
        record = normalised(row)
        for unit in units[record["type"]]:
            if is_of_type(record, unit.declared):
                found[unit].append(record)
    return found


def _results(answer: Mapping[str, Any], path: str, missing: Any = None) -> Records:
    found = find(path, answer)
    if found is None:
        found = missing
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in cast("list[object]", found)):
        raise Malformed(f"there is no {path} in the answer")
    return cast("Records", found)


def _covers(grants: Sequence[Grant], declared: ResourceType) -> bool:
    if declared.name == OTHER:
        return reads_all(grants)
    return allows(grants, declared.listing.permission)


def _hidden(unit: Unit) -> ReadFailed:
    permission = unit.declared.listing.permission
    message = f"NotCovered: the roles in {unit.account.name or unit.account.account_id} let {unit.declared.name} be seen in parts, or not at all."
    return ReadFailed(message, native_code="NotCovered", permission=permission)


def _unsure(unit: Unit) -> ReadFailed:
    message = f"NotCovered: nobody can say whether all of {unit.account.name or unit.account.account_id} was shown."
    return ReadFailed(message, native_code="NotCovered", permission=RIGHTS)


def _what(listing: ListCall) -> str:
    """`Microsoft.Compute/virtualMachines`, of the permission to read them."""
    return listing.permission.rpartition("/")[0] or listing.permission
