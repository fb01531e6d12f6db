"""Reads projects of GCP: all scopes by Cloud Asset Inventory in one list, each by its own API where that is better or off."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Any

import httpx

from escher.contract.estate import GLOBAL, Account, Resource
from escher.contract.vocabulary import Provider
from escher.errors import CredentialError
from escher.providers.declarations import DetailCall
from escher.providers.gcp.access import GcpAccess, GcpIdentity
from escher.providers.gcp.assets import OTHER, PERMISSION, AssetListing, is_inventoried, shares
from escher.providers.gcp.calls import GcpCalls
from escher.providers.gcp.changes import ChangeLog, is_unreadable
from escher.providers.gcp.failures import MALFORMED, READ_FAILURES, ApiError, code_of, read_failed
from escher.providers.gcp.listing import ServiceListing, filled
from escher.providers.gcp.names import Project
from escher.providers.gcp.permissions import PERMISSION as TEST_PERMISSION
from escher.providers.gcp.permissions import Permissions
from escher.providers.mapping import find, is_of_type, to_resource
from escher.providers.pacing import Pacer
from escher.providers.registry import resource_types
from escher.providers.source import Changes, Page, ReadFailed, Record, Sighting, Unit, Verdicts

FEW = 8
"""So few types are listed by their own APIs, which know of a change at once; the inventory may take minutes."""

_HOME = "us-central1"
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class GcpReader:
    """`Source` for GCP. `check` finds out whether Cloud Asset Inventory can be read; until then it is believed to be."""

    provider: Provider = "gcp"

    def __init__(
        self,
        access: GcpAccess,
        pacer: Pacer,
        clock: Callable[[], float] = time.time,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._access, self._clock = access, clock
        self._calls = GcpCalls(access, pacer, transport)
        self._assets, self._services = AssetListing(self._calls), ServiceListing(self._calls)
        self._identities: dict[Account, GcpIdentity] = {}
        self._off: dict[Account, ReadFailed] = {}

    async def check(self, account: Account) -> None:
        """Make sure that the project is there for the credentials, and learn how it can be read."""
        self._identities[account] = await asyncio.to_thread(self._access.describe, account)
        self._off.pop(account, None)
        try:
            await self._assets.answers(account)
        except READ_FAILURES as cause:
            failure = read_failed(cause, account, "Cloud Asset Inventory", PERMISSION)
            if isinstance(failure, CredentialError):
                raise failure from cause
            self._off[account] = failure

    async def regions(self, account: Account) -> tuple[str, ...]:
        """The account's own choice; without one, all of Google's: a project has every region, and every type is listed once."""
        return account.regions or (GLOBAL,)

    def home_region(self, account: Account) -> str:
        """The account's first region, or Google's oldest."""
        return account.regions[0] if account.regions else _HOME

    def batches(self, units: Sequence[Unit]) -> list[tuple[Unit, ...]]:
        """What Cloud Asset Inventory tells is one batch; a few types, and what it knows late or not, are one each."""
        alone: list[Unit] = []
        shared: dict[Account, list[Unit]] = {}
        counts = {
            account: sum(unit.account == account for unit in units) for account in {unit.account for unit in units}
        }
        for unit in units:
            few = counts[unit.account] <= FEW and not _is_roundabout(unit)
            if unit.declared.name != OTHER and (few or not self._is_inventoried(unit)):
                alone.append(unit)
            else:
                shared.setdefault(unit.account, []).append(unit)
        return [*((unit,) for unit in alone), *(group for found in shared.values() for group in shares(found))]

    async def pages(self, batch: tuple[Unit, ...]) -> AsyncIterator[Page]:
        """The records of a batch, page by page."""
        first = next(iter(batch))
        if len(batch) > 1 or (self._is_inventoried(first) and _is_roundabout(first)):
            pages, what, permission = self._shared_pages(batch), "Cloud Asset Inventory", PERMISSION
        else:
            pages, what = self._own_pages(first), f"the list of {first.declared.name}"
            permission = first.declared.listing.permission
        try:
            async for page in pages:
                yield page
        except READ_FAILURES as cause:
            raise read_failed(cause, first.account, what, permission) from cause

    async def _shared_pages(self, batch: tuple[Unit, ...]) -> AsyncIterator[Page]:
        account = next(iter(batch)).account
        if account in self._off:
            raise self._off[account]
        async for records in self._assets.pages(account, batch, self._project(account)):
            yield Page(records)

    async def _own_pages(self, unit: Unit) -> AsyncIterator[Page]:
        async for records in self._services.records(unit.account, unit.declared, self._project(unit.account)):
            yield Page({unit: records})

    async def look(self, unit: Unit, record: Record, *, details: bool = True) -> Sighting:
        """One record with its details, as a resource."""
        known = dict(record)
        failures: list[ReadFailed] = []
        for detail in unit.declared.details if details else ():
            try:
                await self._add_detail(known, detail, unit)
            except READ_FAILURES as cause:
                if isinstance(cause, ApiError) and (cause.status == 404 or code_of(cause) in unit.declared.gone):
                    return Sighting(None)
                failures.append(_detail_failed(cause, unit, detail))
        return self._sighting(unit, known, failures)

    async def changes(self, account: Account, regions: Sequence[str], since: int) -> Changes:
        """By the audit log, else by the inventory of then and of now; else nothing is known."""
        log = ChangeLog(self._calls)
        for ask in (log.logged, log.compared):
            try:
                return await ask(account, since)
            except READ_FAILURES as cause:
                failure = read_failed(cause, account, "changes")
                if isinstance(failure, CredentialError):
                    raise failure from cause
                if not is_unreadable(cause):
                    break
        return Changes(blind=frozenset({GLOBAL}))

    async def allowed(self, account: Account, resources: Sequence[Resource]) -> Verdicts:
        """What may be done with resources, asked of the project, then of single ones."""
        try:
            return await Permissions(self._calls).verdicts(account, resources)
        except READ_FAILURES as cause:
            raise read_failed(cause, account, "the permissions", TEST_PERMISSION) from cause

    async def close(self) -> None:
        """Give connections back."""
        await self._calls.close()

    def _project(self, account: Account) -> Project:
        known = self._identities.get(account)
        return Project(account.account_id, known.number if known else "")

    def _is_inventoried(self, unit: Unit) -> bool:
        return is_inventoried(unit.declared) and (unit.declared.name == OTHER or unit.account not in self._off)

    async def _add_detail(self, record: dict[str, Any], detail: DetailCall, unit: Unit) -> None:
        arguments = {name: find(path, record) for name, path in detail.arguments.items()}
        if None in arguments.values():
            # An earlier detail that this one builds on could not be read, and is reported already.
            return
        path = filled(detail.operation, arguments)
        service = detail.service or unit.declared.service
        try:
            answer = await self._calls.get(
                unit.account, service, path, detail.parameters, timeout_s=unit.declared.timeout_s
            )
            record[detail.into] = find(detail.result, answer)
        except ApiError as cause:
            if cause.reason not in detail.absent:
                raise
            record[detail.into] = {}

    def _sighting(self, unit: Unit, record: Record, failures: list[ReadFailed]) -> Sighting:
        if not failures and not is_of_type(record, unit.declared):
            return Sighting(None)
        try:
            resource = to_resource(record, unit.declared, unit.account, unit.region, int(self._clock()))
        except (AttributeError, KeyError, TypeError, ValueError):
            resource = None
        if resource is None and not failures:
            message = (
                f"{MALFORMED}: project {unit.account.account_id} described a {unit.declared.name} that cannot be read."
            )
            failures = [ReadFailed(message, native_code=MALFORMED)]
        if resource is not None and unit.declared.name == OTHER:
            resource = replace(resource, resource_type=other_type(record["native_type"]))
        return Sighting(resource, tuple(failures))


def other_type(native_type: str) -> str:
    """What a type that nobody declares is called: `gcp_cloudkms_import_job` for `cloudkms.googleapis.com/ImportJob`."""
    host, _, name = native_type.partition("/")
    service = re.sub(r"\W", "_", host.removesuffix(".googleapis.com"))
    derived = f"gcp_{service}_{_WORDS.sub('_', name)}".lower()
    return f"{derived}_asset" if derived in resource_types() else derived


def _is_roundabout(unit: Unit) -> bool:
    """Whether a type's own API lists it place by place, which takes dozens of calls, or not at all."""
    operation = unit.declared.listing.operation
    return not operation or "{" in operation.replace("{account_id}", "")


def _detail_failed(cause: Exception, unit: Unit, detail: DetailCall) -> ReadFailed:
    failure = read_failed(cause, unit.account, f"{detail.into} of a {unit.declared.name}", detail.permission)
    if isinstance(failure, CredentialError):
        raise failure from cause
    return failure
