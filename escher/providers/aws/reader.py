"""Reads scopes of AWS as their declarations say: pages of a list call, then the details of each record."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from botocore import xform_name

from escher.contract.estate import GLOBAL, Account
from escher.contract.vocabulary import Provider
from escher.errors import CredentialError
from escher.providers.aws.credentials import home_region
from escher.providers.aws.failures import CALL_FAILURES, MALFORMED, READ_FAILURES, code_of, read_failed
from escher.providers.aws.mapping import find, text, to_resource
from escher.providers.aws.session import AwsAccess
from escher.providers.declarations import DetailCall, ResourceType
from escher.providers.source import ReadFailed, Record, Sighting


class AwsReader:
    """`Source` for AWS, through botocore's clients, paginators and retries."""

    provider: Provider = "aws"

    def __init__(self, access: AwsAccess, clock: Callable[[], float] = time.time) -> None:
        self._access = access
        self._clock = clock

    def check(self, account: Account) -> None:
        """Make sure that the credentials are those of this account."""
        self._access.describe(account)

    def regions(self, account: Account) -> tuple[str, ...]:
        """The account's own choice, else the regions that are on."""
        if account.regions:
            return account.regions
        region = home_region(account)
        client = self._access.client(account, region, "ec2")
        try:
            return tuple(sorted(found["RegionName"] for found in client.describe_regions()["Regions"]))
        except READ_FAILURES as cause:
            raise read_failed(
                cause, account, operation="DescribeRegions", region=region, permission="ec2:DescribeRegions"
            ) from cause

    def home_region(self, account: Account) -> str:
        """The region that is always there."""
        return home_region(account)

    def pages(self, account: Account, region: str, declared: ResourceType) -> Iterator[list[Record]]:
        """The raw records of a scope, page by page."""
        listing = declared.listing
        client = self._client(account, region, declared)
        try:
            for page in _pages(client, listing.operation, dict(listing.parameters), listing.page_size):
                yield _records(page, listing.result)
        except READ_FAILURES as cause:
            raise read_failed(
                cause, account, operation=listing.operation, region=region, permission=listing.permission
            ) from cause

    def look(self, account: Account, region: str, declared: ResourceType, record: Record) -> Sighting:
        """One record with its details, as a resource."""
        known = dict(record)
        failures: list[ReadFailed] = []
        for detail in declared.details:
            home = (text(known, declared.home) if declared.home else "") or region
            try:
                self._add_detail(known, detail, self._client(account, home, declared))
            except READ_FAILURES as cause:
                if code_of(cause) in declared.gone:
                    return Sighting(None)
                failures.append(self._detail_failed(cause, account, home, detail))
        return self._sighting(account, region, declared, known, failures)

    def _detail_failed(self, cause: Exception, account: Account, region: str, detail: DetailCall) -> ReadFailed:
        failure = read_failed(cause, account, operation=detail.operation, region=region, permission=detail.permission)
        if isinstance(failure, CredentialError):
            raise failure from cause
        return failure

    def _add_detail(self, record: dict[str, Any], detail: DetailCall, client: Any) -> None:
        arguments = {name: find(path, record) for name, path in detail.arguments.items()}
        if None in arguments.values():
            # An earlier detail that this one builds on could not be read, and is reported already.
            return
        try:
            answer = _whole_answer(client, detail.operation, arguments)
            record[detail.into] = find(detail.result, answer)
        except CALL_FAILURES as cause:
            if code_of(cause) not in detail.absent:
                raise
            record[detail.into] = {}

    def _sighting(
        self, account: Account, region: str, declared: ResourceType, record: Record, failures: list[ReadFailed]
    ) -> Sighting:
        try:
            resource = to_resource(record, declared, account, region, int(self._clock()))
        except (AttributeError, KeyError, TypeError, ValueError):
            resource = None
        if resource is None and not failures:
            operation = declared.listing.operation
            message = f"{MALFORMED}: {operation} in {region} described a {declared.name} that cannot be read."
            failures = [ReadFailed(message, native_code=MALFORMED)]
        return Sighting(resource, tuple(failures))

    def _client(self, account: Account, region: str, declared: ResourceType) -> Any:
        region = home_region(account) if region == GLOBAL else region
        return self._access.client(account, region, declared.service, declared.timeout_s)


def _records(page: Any, result: str) -> list[Record]:
    records = find(result, page)
    if records is None:
        # Whoever answers without even an empty list is not AWS; to believe it would delete all that is known.
        raise ValueError(f"there is no {result} in the answer")
    return records


def _pages(client: Any, operation: str, parameters: dict[str, Any], page_size: int | None = None) -> Iterator[Any]:
    method = xform_name(operation)
    if client.can_paginate(method):
        sizes = {"PageSize": page_size} if page_size else {}
        yield from client.get_paginator(method).paginate(**parameters, PaginationConfig=sizes)
    else:
        yield getattr(client, method)(**parameters)


def _whole_answer(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
    method = xform_name(operation)
    if client.can_paginate(method):
        return client.get_paginator(method).paginate(**arguments).build_full_result()
    answer = getattr(client, method)(**arguments)
    answer.pop("ResponseMetadata", None)
    return answer
