"""The calls of a scan without botocore's clients; with them where an operation is not covered here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Any

from escher.contract.estate import Account
from escher.providers.aws.calls import Answer, BotocoreCalls
from escher.providers.aws.session import AwsAccess
from escher.providers.aws.wire.endpoints import NotCovered
from escher.providers.aws.wire.paging import full_result, pages_of
from escher.providers.aws.wire.sending import Operation, Sender
from escher.providers.aws.wire.service import aws_service, covered
from escher.providers.pacing import Pacer


class LeanCalls:
    """`Calls` for one scan: every call goes through its pacer."""

    def __init__(self, access: AwsAccess, pacer: Pacer) -> None:
        self._sender = Sender(access, pacer)
        self._others = BotocoreCalls(access, pacer)
        self._not_covered: set[tuple[str, str]] = set()

    async def pages(
        self,
        account: Account,
        region: str,
        service: str,
        operation: str,
        parameters: Mapping[str, Any],
        *,
        page_size: int | None = None,
        timeout_s: int = 120,
    ) -> AsyncIterator[Answer]:
        """The answers of an operation, page by page where it has pages."""
        if self._covers(service, operation):
            send = partial(self._sender.send, Operation(account, region, service, operation, timeout_s))
            try:
                async for answer in pages_of(aws_service(service).paginator(operation), send, parameters, page_size):
                    yield answer
                return
            except NotCovered:
                # It says so before anything is sent.
                self._not_covered.add((service, operation))
        async for answer in self._others.pages(
            account, region, service, operation, parameters, page_size=page_size, timeout_s=timeout_s
        ):
            yield answer

    async def whole(
        self,
        account: Account,
        region: str,
        service: str,
        operation: str,
        parameters: Mapping[str, Any],
        *,
        timeout_s: int = 120,
    ) -> Answer:
        """The answer of an operation, its pages in one."""
        if self._covers(service, operation):
            send = partial(self._sender.send, Operation(account, region, service, operation, timeout_s))
            paginator = aws_service(service).paginator(operation)
            try:
                return await (full_result(paginator, send, parameters) if paginator else send(parameters))
            except NotCovered:
                self._not_covered.add((service, operation))
        return await self._others.whole(account, region, service, operation, parameters, timeout_s=timeout_s)

    async def close(self) -> None:
        """Give connections back, and let the threads of the other calls end."""
        await self._sender.close()
        await self._others.close()

    def _covers(self, service: str, operation: str) -> bool:
        return (service, operation) not in self._not_covered and covered(service, operation)

    def __repr__(self) -> str:
        return f"LeanCalls({self._sender!r})"
