"""Reads scopes of AWS as their declarations say: pages of a list call, then the details of each record."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from botocore.exceptions import ReadTimeoutError

from escher.contract.estate import GLOBAL, Account, Resource
from escher.contract.vocabulary import Provider
from escher.errors import CredentialError
from escher.providers.aws.calls import Calls
from escher.providers.aws.changes import changes
from escher.providers.aws.credentials import home_region
from escher.providers.aws.failures import (
    CALL_FAILURES,
    MALFORMED,
    READ_FAILURES,
    code_of,
    credential_error,
    read_failed,
)
from escher.providers.aws.listing import Listing
from escher.providers.aws.models import regions_of
from escher.providers.aws.other import OTHER, other_records
from escher.providers.aws.permissions import allowed
from escher.providers.aws.session import AwsAccess
from escher.providers.aws.wire.calls import LeanCalls
from escher.providers.aws.wire.troubles import trouble
from escher.providers.declarations import DetailCall, stages
from escher.providers.mapping import argument, find, is_of_type, text, to_resource
from escher.providers.pacing import Pacer, Place, TimedOut, Trouble
from escher.providers.source import Changes, Page, ReadFailed, Record, Sighting, Unit, Verdicts


class AwsReader:
    """`Source` for AWS."""

    provider: Provider = "aws"

    def __init__(
        self,
        access: AwsAccess,
        pacer: Pacer | None = None,
        clock: Callable[[], float] = time.time,
        *,
        calls: Calls | None = None,
    ) -> None:
        self._access, self._pacer = access, pacer or Pacer()
        self._calls = calls or LeanCalls(access, self._pacer)
        self._clock = clock

    async def check(self, account: Account) -> None:
        """Make sure that the credentials are those of this account; tried again as any call is."""
        try:
            await self._pacer.call(
                Place("aws", account.account_id, home_region(account), "sts"),
                lambda: asyncio.to_thread(self._access.describe, account),
                _log_in_trouble,
                # botocore gives up by itself, and a person who is asked for a code may take any time.
                timeout_s=math.inf,
            )
        except TimedOut as cause:
            raise credential_error(ReadTimeoutError(endpoint_url="sts", error=cause), account) from cause

    async def regions(self, account: Account) -> tuple[str, ...]:
        """The account's own choice, else the regions that are on."""
        if account.regions:
            return account.regions
        region = home_region(account)
        try:
            answer = await self._calls.whole(account, region, "ec2", "DescribeRegions", {})
            return tuple(sorted(found["RegionName"] for found in answer["Regions"]))
        except READ_FAILURES as cause:
            raise read_failed(
                cause, account, operation="DescribeRegions", region=region, permission="ec2:DescribeRegions"
            ) from cause

    def home_region(self, account: Account) -> str:
        """The region that is always there."""
        return home_region(account)

    def batches(self, units: Sequence[Unit]) -> list[tuple[Unit, ...]]:
        """Each scope has calls of its own."""
        return [(unit,) for unit in units]

    async def pages(self, batch: tuple[Unit, ...]) -> AsyncIterator[Page]:
        """The raw records of a scope, page by page."""
        (unit,) = batch
        listing = other_records if unit.declared.name == OTHER else listed_records
        try:
            async for records in listing(self._calls, unit, _home(unit)):
                yield Page({unit: records})
        except ReadFailed as failure:
            if not _is_nowhere(unit, failure):
                raise

    async def look(self, unit: Unit, record: Record, *, details: bool = True) -> Sighting:
        """One record with its details, as a resource."""
        if not (details and unit.declared.details):
            return self._sighting(unit, record, [])
        known = dict(record)
        failures: list[ReadFailed] = []
        for stage in stages(unit.declared):
            home = (text(known, unit.declared.home) if unit.declared.home else "") or unit.region
            causes = await asyncio.gather(*(self._tried(known, detail, unit, home) for detail in stage))
            if any(cause is not None and code_of(cause) in unit.declared.gone for cause in causes):
                return Sighting(None)
            failed = [(detail, cause) for detail, cause in zip(stage, causes, strict=True) if cause is not None]
            failures += [self._detail_failed(cause, unit.account, home, detail) for detail, cause in failed]
        if not is_of_type(known, unit.declared):
            return Sighting(None)
        return self._sighting(unit, known, failures)

    async def changes(self, account: Account, regions: Sequence[str], since: int) -> Changes:
        """What CloudTrail knows of."""
        return await changes(self._calls, account, regions, since)

    async def allowed(self, account: Account, resources: Sequence[Resource]) -> Verdicts:
        """What IAM's simulation says."""
        return await allowed(self._access, self._calls, account, resources)

    async def close(self) -> None:
        """Give connections back."""
        await self._calls.close()

    def _detail_failed(self, cause: Exception, account: Account, region: str, detail: DetailCall) -> ReadFailed:
        failure = read_failed(cause, account, operation=detail.operation, region=region, permission=detail.permission)
        if isinstance(failure, CredentialError):
            raise failure from cause
        return failure

    async def _tried(self, record: dict[str, Any], detail: DetailCall, unit: Unit, region: str) -> Exception | None:
        """Add a detail; why that was not possible, else None."""
        try:
            await self._add_detail(record, detail, unit, region)
        except READ_FAILURES as cause:
            return cause
        return None

    async def _add_detail(self, record: dict[str, Any], detail: DetailCall, unit: Unit, region: str) -> None:
        declared, account = unit.declared, unit.account
        arguments = {name: argument(path, record, declared, account, region) for name, path in detail.arguments.items()}
        if None in arguments.values():
            # An earlier detail that this one builds on could not be read, and is reported already.
            return
        region = home_region(unit.account) if region == GLOBAL else region
        service = detail.service or unit.declared.service
        try:
            answer = await self._calls.whole(
                unit.account, region, service, detail.operation, {**detail.parameters, **arguments},
                timeout_s=unit.declared.timeout_s,
            )  # fmt: skip
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
        if resource is None and not failures:
            operation = unit.declared.listing.operation
            message = f"{MALFORMED}: {operation} in {unit.region} described a {unit.declared.name} that cannot be read."
            failures = [ReadFailed(message, native_code=MALFORMED)]
        return Sighting(resource, tuple(failures))


def listed_records(calls: Calls, unit: Unit, region: str) -> AsyncIterator[list[Record]]:
    """The records of a declared type in a region."""
    return Listing(calls, unit, region).records()


def _log_in_trouble(cause: Exception) -> Trouble:
    """What a log-in that failed calls for: what is behind a CredentialError tells."""
    behind = cause.__cause__ if isinstance(cause, CredentialError) else None
    return trouble(behind if isinstance(behind, Exception) else cause)


def _is_nowhere(unit: Unit, failure: ReadFailed) -> bool:
    """Whether a service does not exist in a region: nobody answers there, and botocore knows of nobody.

    One of the two is not enough: a network may be down, and botocore's data may be older than the service.
    """
    known = regions_of(unit.declared.service, unit.account.partition)
    return failure.native_code == "EndpointConnectionError" and bool(known) and _home(unit) not in known


def _home(unit: Unit) -> str:
    return home_region(unit.account) if unit.region == GLOBAL else unit.region
