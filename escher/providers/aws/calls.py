"""How AWS is called in a scan: pages of a list call, and whole answers; through botocore's own clients, in threads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol

from botocore import xform_name
from botocore.exceptions import ReadTimeoutError

from escher.contract.estate import Account
from escher.providers.aws.session import TRIES, AwsAccess
from escher.providers.pacing import OPEN_REQUESTS, Pacer, Place, TimedOut

Answer = Mapping[str, Any]


class Calls(Protocol):
    """Reads AWS. What is raised is what botocore raises, after retries."""

    def pages(
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
        """The answers of an operation, page by page where it has pages, as botocore's clients give them.

        ResponseMetadata is left out. Who takes a page may change it.
        """
        ...

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
        ...

    async def close(self) -> None:
        """Give connections back."""
        ...


class BotocoreCalls:
    """`Calls` through botocore's clients, paginators and retries; `pacer` only bounds how many are open."""

    def __init__(self, access: AwsAccess, pacer: Pacer | None = None) -> None:
        self._access, self._pacer = access, pacer or Pacer()
        self._threads = ThreadPoolExecutor(OPEN_REQUESTS // 4, thread_name_prefix="aws")

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
        place = Place("aws", account.account_id, region, service)
        client = await self._run(self._access.client, account, region, service, timeout_s)
        method = xform_name(operation)
        if not client.can_paginate(method):
            yield _bare(await self._paced(place, timeout_s, partial(getattr(client, method), **parameters)))
            return
        sizes = {"PageSize": page_size} if page_size else {}
        pages = iter(client.get_paginator(method).paginate(**parameters, PaginationConfig=sizes))
        while (page := await self._paced(place, timeout_s, next, pages, None)) is not None:
            yield _bare(page)

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
        place = Place("aws", account.account_id, region, service)
        client = await self._run(self._access.client, account, region, service, timeout_s)
        return await self._paced(place, timeout_s, _whole_answer, client, operation, parameters)

    async def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _paced(self, place: Place, timeout_s: int, work: Any, *arguments: Any) -> Any:
        """Work that waits for its turn. botocore tries again itself, so a failure is final; a page cannot be repeated."""
        longest_s = 2.0 * TRIES * timeout_s
        try:
            return await self._pacer.call(
                place, lambda: self._run(work, *arguments), lambda cause: "final", timeout_s=longest_s
            )
        except TimedOut as cause:
            raise ReadTimeoutError(endpoint_url=f"{place.service} in {place.region}", error=cause) from None

    async def _run(self, work: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)


def _whole_answer(client: Any, operation: str, parameters: Mapping[str, Any]) -> Any:
    method = xform_name(operation)
    if client.can_paginate(method):
        return client.get_paginator(method).paginate(**parameters).build_full_result()
    return _bare(getattr(client, method)(**parameters))


def _bare(answer: dict[str, Any]) -> dict[str, Any]:
    answer.pop("ResponseMetadata", None)
    return answer
