"""Calls to Google's APIs: JSON over https, pages, tokens that expire, and the pace that Google allows."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import httpx

from escher.contract.estate import Account
from escher.providers.gcp.access import GcpAccess
from escher.providers.gcp.addresses import url_of
from escher.providers.gcp.failures import LOOPING, MALFORMED, ApiError, error_of, trouble_of, wait_hint
from escher.providers.pacing import Pacer, Place

Answer = dict[str, Any]
Query = Mapping[str, Any]

CONNECT_S = 10.0
TIMEOUT_S = 120


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an API."""

    method: Literal["GET", "POST"]
    path: str
    query: Query = field(default_factory=dict)
    body: Mapping[str, Any] | None = None


class GcpCalls:
    """One event loop's calls. `transport` replaces the network, for tests."""

    def __init__(self, access: GcpAccess, pacer: Pacer, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._access, self._pacer, self._transport = access, pacer, transport
        self._clients: dict[tuple[str, str], httpx.AsyncClient] = {}

    async def get(
        self, account: Account, service: str, path: str, query: Query | None = None, *, timeout_s: int = TIMEOUT_S
    ) -> Answer:
        """What an API answers at a path. Raises ApiError, CredentialError, httpx.HTTPError, TimedOut."""
        return await self._call(account, service, Question("GET", path, query or {}), timeout_s)

    async def post(
        self, account: Account, service: str, path: str, body: Mapping[str, Any], *, timeout_s: int = TIMEOUT_S
    ) -> Answer:
        """What an API answers to a question that is sent as a body; asking again does no harm. Raises as `get`."""
        return await self._call(account, service, Question("POST", path, body=body), timeout_s)

    async def pages(
        self,
        account: Account,
        service: str,
        path: str,
        query: Query | None = None,
        *,
        body: Mapping[str, Any] | None = None,
        timeout_s: int = TIMEOUT_S,
    ) -> AsyncIterator[Answer]:
        """The answers of a list, page by page, by POST where there is a `body`. Raises as `get`, and for a token that loops."""
        seen: set[str] = set()
        token = ""
        while True:
            next_page = {"pageToken": token} if token else {}
            if body is None:
                answer = await self.get(account, service, path, {**(query or {}), **next_page}, timeout_s=timeout_s)
            else:
                answer = await self.post(account, service, path, {**body, **next_page}, timeout_s=timeout_s)
            token = answer.get("nextPageToken") or ""
            if not isinstance(token, str) or token in seen:
                # What the page that repeats itself holds was given out already, or leads nowhere.
                raise ApiError(200, LOOPING)
            yield answer
            if not token:
                return
            seen.add(token)

    async def close(self) -> None:
        """Give connections back."""
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.aclose()

    async def _call(self, account: Account, service: str, question: Question, timeout_s: int) -> Answer:
        url = url_of(account, service, question.path)

        async def send() -> Answer:
            return await self._send(account, url, question)

        place = Place("gcp", account.account_id, "", service)
        return await self._pacer.call(place, send, trouble_of, wait_hint=wait_hint, timeout_s=timeout_s)

    async def _send(self, account: Account, url: str, question: Question) -> Answer:
        client = self._client(account)
        headers = await self._headers(account)
        response = await client.request(
            question.method, url, params=question.query, json=question.body, headers=headers
        )
        if response.status_code == 401:
            # A token may end, or be taken back, at any time before its hour is over.
            headers = await self._headers(account, headers["authorization"].removeprefix("Bearer "))
            response = await client.request(
                question.method, url, params=question.query, json=question.body, headers=headers
            )
        if response.status_code != 200:
            raise error_of(response)
        return _read(response)

    async def _headers(self, account: Account, refused: str = "") -> dict[str, str]:
        login = self._access.login(account)
        ready = None if refused else login.ready()
        return ready if ready is not None else await asyncio.to_thread(login.headers, refused)

    def _client(self, account: Account) -> httpx.AsyncClient:
        key = (account.proxy, account.ca_bundle)
        if key not in self._clients:
            verify = ssl.create_default_context(cafile=account.ca_bundle) if account.ca_bundle else True
            self._clients[key] = httpx.AsyncClient(
                proxy=account.proxy or None,
                verify=verify,
                transport=self._transport,
                follow_redirects=False,
                # The time of a whole call is the pacer's to keep.
                timeout=httpx.Timeout(None, connect=CONNECT_S),
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=100),
            )
        return self._clients[key]

    def __repr__(self) -> str:
        return f"GcpCalls({len(self._clients)} clients)"


def _read(response: httpx.Response) -> Answer:
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or "error" in answer:
        raise ApiError(response.status_code, MALFORMED)
    return cast("Answer", answer)
