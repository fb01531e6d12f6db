"""One call: built, paced, signed, sent and read; and set right once where that is possible.

What is set right: keys that have expired, a clock that is wrong, and a bucket that is in another region.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore import exceptions as boto

from escher.contract.estate import Account
from escher.providers.aws.session import AwsAccess
from escher.providers.aws.wire.answers import Reply
from escher.providers.aws.wire.buckets import is_elsewhere, region_in
from escher.providers.aws.wire.endpoints import endpoint, profile_of
from escher.providers.aws.wire.keys import KeyRing
from escher.providers.aws.wire.request import build
from escher.providers.aws.wire.service import aws_service
from escher.providers.aws.wire.signing import Keys, Request, signed_headers
from escher.providers.aws.wire.transport import Outgoing, Transport, Way
from escher.providers.aws.wire.troubles import EXPIRED, clock_offset, code_of, trouble, wait_hint
from escher.providers.pacing import OPEN_REQUESTS, Pacer, Place, TimedOut

Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """What is called, for whom and where."""

    account: Account
    region: str
    service: str
    name: str
    timeout_s: int = 120


class Sender:
    """Sends the calls of one scan."""

    def __init__(self, access: AwsAccess, pacer: Pacer) -> None:
        self._pacer = pacer
        self._keys = KeyRing(access)
        self._transport = Transport(OPEN_REQUESTS)
        self._buckets: dict[tuple[Account, str], str] = {}
        self._clock_offset_s = 0.0

    async def send(self, operation: Operation, parameters: Parameters) -> dict[str, Any]:
        """The answer. Raises what botocore would raise, after retries; NotCovered, CredentialError."""
        place = Place("aws", operation.account.account_id, operation.region, operation.service)
        model = aws_service(operation.service).operation(operation.name)
        try:
            return await self._pacer.call(
                place,
                lambda: self._attempt(operation, parameters),
                lambda cause: trouble(cause, model),
                wait_hint=wait_hint,
                timeout_s=operation.timeout_s,
            )
        except TimedOut as cause:
            raise boto.ReadTimeoutError(endpoint_url=self._request(operation, parameters).url, error=cause) from None

    async def close(self) -> None:
        """Give connections back."""
        await self._transport.close()

    async def _attempt(self, operation: Operation, parameters: Parameters) -> dict[str, Any]:
        reader = aws_service(operation.service).reader(operation.name)
        repairs: set[str] = set()
        while True:
            keys = await self._keys.keys(operation.account)
            at = time.time() + self._clock_offset_s
            reply = await self._once(operation, self._request(operation, parameters), keys, at)
            try:
                return reader.read(reply)
            except boto.ClientError as cause:
                repair = await self._repair(cause, operation, parameters, keys, at)
                if not repair or repair in repairs:
                    raise
                repairs.add(repair)

    async def _once(self, operation: Operation, request: Request, keys: Keys, at: float) -> Reply:
        headers = signed_headers(request, keys, at)
        way = Way.of(operation.account)
        outgoing = Outgoing(request.method, request.url, headers, request.body)
        return await self._transport.send(outgoing, way)

    def _request(self, operation: Operation, parameters: Parameters) -> Request:
        account = operation.account
        region = self._buckets.get((account, _bucket(operation, parameters)), operation.region)
        where = endpoint(operation.service, region, account.endpoint_url, profile_of(account))
        return build(where, operation.name, parameters)

    async def _repair(
        self, cause: boto.ClientError, operation: Operation, parameters: Parameters, keys: Keys, at: float
    ) -> str:
        """What was set right; empty when nothing can be."""
        offset = clock_offset(cause, at, time.time())
        if offset is not None:
            self._clock_offset_s = offset
            return "clock"
        if code_of(cause) in EXPIRED:
            return "keys" if await self._keys.renewed(operation.account, keys) else ""
        bucket = _bucket(operation, parameters)
        if bucket and is_elsewhere(cause, bucket):
            region = region_in(cause) or await self._region_of(bucket, operation, keys, at)
            self._buckets[operation.account, bucket] = region or operation.region
            return "region" if region else ""
        return ""

    async def _region_of(self, bucket: str, operation: Operation, keys: Keys, at: float) -> str:
        """The region that the bucket itself names, also to those who may not see it."""
        where = endpoint("s3", operation.region, operation.account.endpoint_url, profile_of(operation.account))
        reply = await self._once(operation, build(where, "HeadBucket", {"Bucket": bucket}), keys, at)
        return str(reply.headers.get("x-amz-bucket-region", ""))

    def __repr__(self) -> str:
        return f"Sender({self._keys!r})"


def _bucket(operation: Operation, parameters: Parameters) -> str:
    return str(parameters.get("Bucket", "")) if operation.service == "s3" else ""
