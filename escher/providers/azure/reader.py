"""Reads Azure: everything of a subscription in a few queries of Resource Graph, the rest from the Resource Manager."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

import httpx

from escher.contract.estate import GLOBAL, Account, Resource
from escher.contract.vocabulary import Provider
from escher.errors import CredentialError
from escher.providers.azure.access import AzureAccess
from escher.providers.azure.allowed import allowed
from escher.providers.azure.calls import ArmCalls
from escher.providers.azure.changes import changes
from escher.providers.azure.failures import CALL_FAILURES, MALFORMED, code_of, read_failed
from escher.providers.azure.listing import OTHER, Listing
from escher.providers.azure.records import in_lower_case
from escher.providers.declarations import DetailCall, ResourceType
from escher.providers.mapping import find, is_of_type, to_resource
from escher.providers.pacing import Pacer
from escher.providers.registry import resource_types
from escher.providers.source import Changes, Page, ReadFailed, Record, Sighting, Unit, Verdicts

READS = (
    "Microsoft.Resources/subscriptions/read",
    "Microsoft.ResourceGraph/resources/read",
    "Microsoft.Authorization/permissions/read",
    "Microsoft.Authorization/roleAssignments/read",
    "Microsoft.Authorization/roleDefinitions/read",
    "Microsoft.Insights/eventtypes/values/read",
)
"""The permissions that a scan takes besides those of the types: for the graph, for what may be done, for changes."""


class AzureReader:
    """`Source` for Azure. `transport` takes the network's place."""

    provider: Provider = "azure"

    def __init__(
        self,
        access: AzureAccess,
        pacer: Pacer | None = None,
        clock: Callable[[], float] = time.time,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._access, self._clock = access, clock
        self._calls = ArmCalls(access, pacer or Pacer(), transport)
        self._types = {name: one for name, one in resource_types().items() if one.provider == "azure"}
        self._listing = Listing(self._calls, _in_graph(self._types))

    async def check(self, account: Account) -> None:
        """Make sure that the log-in is good, and that the subscription is there and open."""
        await asyncio.to_thread(self._access.describe, account)

    async def regions(self, account: Account) -> tuple[str, ...]:
        """The account's own choice: Azure is listed for all regions at once."""
        return account.regions

    def home_region(self, account: Account) -> str:
        """None that is any better than another."""
        return account.regions[0] if account.regions else GLOBAL

    def batches(self, units: Sequence[Unit]) -> list[tuple[Unit, ...]]:
        """One query for all types that the graph knows, one for those that nobody declares; the rest one by one."""
        together = tuple(unit for unit in units if _is_in_graph(unit.declared) and unit.declared.name != OTHER)
        alone = [(unit,) for unit in units if unit not in together]
        return [together, *alone] if together else alone

    def pages(self, batch: tuple[Unit, ...]) -> AsyncIterator[Page]:
        """The raw records of a batch, page by page."""
        return self._listing.pages(batch)

    async def look(self, unit: Unit, record: Record, *, details: bool = True) -> Sighting:
        """One record with its details, as a resource."""
        if not (details and unit.declared.details):
            return self._sighting(unit, record, [])
        known = dict(record)
        failures: list[ReadFailed] = []
        for detail in unit.declared.details:
            try:
                await self._add_detail(known, detail, unit)
            except CALL_FAILURES as cause:
                if code_of(cause) in unit.declared.gone:
                    return Sighting(None)
                failures.append(_detail_failed(cause, unit.account, detail))
        if not is_of_type(known, unit.declared):
            return Sighting(None)
        return self._sighting(unit, known, failures)

    async def changes(self, account: Account, regions: Sequence[str], since: int) -> Changes:
        """What Azure's own records say was changed; they are of the whole subscription."""
        return await changes(self._calls, account, self._types.values(), since, self._clock())

    async def allowed(self, account: Account, resources: Sequence[Resource]) -> Verdicts:
        """What the log-in's roles let it do."""
        if not resources:
            return {}
        claims = (await self._access.token(account)).claims()
        return await allowed(self._calls, account, str(claims.get("oid", "")), resources, self._types)

    async def close(self) -> None:
        """Give connections back."""
        await self._calls.close()

    async def _add_detail(self, record: dict[str, Any], detail: DetailCall, unit: Unit) -> None:
        arguments = {name: find(path, record) for name, path in detail.arguments.items()}
        if not all(isinstance(value, str) and value for value in arguments.values()):
            # The list said it already, or an earlier detail could not be read and is reported.
            return
        path = detail.operation.format(account_id=unit.account.account_id, **arguments)
        service = detail.service or unit.declared.service
        try:
            answer = await self._calls.get(
                unit.account, service, path, detail.parameters, timeout_s=unit.declared.timeout_s
            )
            record[detail.into] = find(detail.result, answer)
        except CALL_FAILURES as cause:
            if code_of(cause) not in detail.absent:
                raise
            record[detail.into] = {}

    def _sighting(self, unit: Unit, record: Record, failures: list[ReadFailed]) -> Sighting:
        try:
            resource = to_resource(record, unit.declared, unit.account, unit.region, int(self._clock()))
        except (AttributeError, KeyError, TypeError, ValueError):
            resource = None
        if resource is None:
            message = f"{MALFORMED}: a record of {unit.declared.name} cannot be read."
            return Sighting(None, (*failures, ReadFailed(message, native_code=MALFORMED)))
        return Sighting(in_lower_case(resource), tuple(failures))


def _is_in_graph(declared: ResourceType) -> bool:
    return declared.listing.in_inventory


def _in_graph(types: Mapping[str, ResourceType]) -> frozenset[str]:
    """The native types that the graph is asked for by name."""
    return frozenset(one.native_type for one in types.values() if _is_in_graph(one) and one.name != OTHER)


def _detail_failed(cause: Exception, account: Account, detail: DetailCall) -> ReadFailed:
    failure = read_failed(cause, account, operation=f"the {detail.into} of a resource", permission=detail.permission)
    if isinstance(failure, CredentialError):
        raise failure from None
    return failure
