"""How the Resource Manager is called in a scan: paced, tried again, page by page; a refused token is renewed once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx

from escher.contract.estate import Account
from escher.providers.azure.access import AzureAccess
from escher.providers.azure.credentials import Login
from escher.providers.azure.endpoints import same_host
from escher.providers.azure.failures import Malformed, trouble, wait_hint
from escher.providers.azure.transport import answered, is_nearly_spent, new_client, rest_of
from escher.providers.pacing import TIMEOUT_S, Pacer, Place

Answer = Mapping[str, Any]

MOST_PAGES = 5_000
_SHORT_REST_S = 0.5


class ArmCalls:
    """Reads Azure from one event loop. What is raised is in `failures.CALL_FAILURES`, or a CredentialError."""

    def __init__(self, access: AzureAccess, pacer: Pacer, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._access, self._pacer, self._transport = access, pacer, transport
        self._clients: dict[Login, httpx.AsyncClient] = {}
        self._rest_until: dict[Place, float] = {}

    async def get(
        self, account: Account, service: str, path: str, parameters: Mapping[str, Any], *, timeout_s: float = TIMEOUT_S
    ) -> Answer:
        """The answer to a GET of a path below the Resource Manager."""
        return await self._call(account, service, _request("GET", path, parameters), timeout_s)

    async def post(
        self, account: Account, service: str, path: str, parameters: Mapping[str, Any], body: Mapping[str, Any]
    ) -> Answer:
        """The answer to a POST that only reads."""
        return await self._call(account, service, _request("POST", path, parameters, body), TIMEOUT_S)

    async def pages(
        self, account: Account, service: str, path: str, parameters: Mapping[str, Any], *, timeout_s: float = TIMEOUT_S
    ) -> AsyncIterator[Answer]:
        """The answers of a list, along their links. A link that leads elsewhere, or in a circle, is Malformed."""
        request = _request("GET", path, parameters)
        seen: set[str] = set()
        for _ in range(MOST_PAGES):
            answer = await self._call(account, service, request, timeout_s)
            yield answer
            link = answer.get("nextLink") or ""
            if not link:
                return
            if not isinstance(link, str) or not same_host(link, account):
                raise Malformed("the link to the next page leads elsewhere")
            if link in seen:
                raise Malformed("the links of the pages lead in a circle")
            seen.add(link)
            request = _request("GET", link, {})
        raise Malformed("the pages do not end")

    async def close(self) -> None:
        """Give connections back."""
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.aclose()

    async def _call(self, account: Account, service: str, request: dict[str, Any], timeout_s: float) -> Answer:
        place = Place("azure", account.account_id, "", service)
        return await self._pacer.call(
            place, lambda: self._attempt(place, account, request), trouble, wait_hint=wait_hint, timeout_s=timeout_s
        )

    async def _attempt(self, place: Place, account: Account, request: dict[str, Any]) -> Answer:
        await self._rest(place)
        client = self._client(account)
        token = await self._access.token(account)
        response = await client.request(**request, headers={"Authorization": f"Bearer {token.value}"})
        if response.status_code == 401:
            token = await self._access.renewed(account, token)
            response = await client.request(**request, headers={"Authorization": f"Bearer {token.value}"})
        self._heed(place, response)
        return answered(response)

    def _client(self, account: Account) -> httpx.AsyncClient:
        login = Login.of(account)
        if login not in self._clients:
            self._clients[login] = new_client(account, self._transport)
        return self._clients[login]

    def _heed(self, place: Place, response: httpx.Response) -> None:
        """Azure counts down before it throttles; who stops at zero is not refused at all."""
        rest = rest_of(response.headers) if response.is_success else 0.0
        if not rest and is_nearly_spent(response.headers):
            rest = _SHORT_REST_S
        if rest:
            self._rest_until[place] = asyncio.get_running_loop().time() + rest

    async def _rest(self, place: Place) -> None:
        rest = self._rest_until.get(place, 0.0) - asyncio.get_running_loop().time()
        if rest > 0:
            await asyncio.sleep(rest)


def _request(method: str, path: str, parameters: Mapping[str, Any], body: Any = None) -> dict[str, Any]:
    request: dict[str, Any] = {"method": method, "url": path}
    if parameters:
        request["params"] = dict(parameters)
    if body is not None:
        request["json"] = body
    return request
