"""How the Resource Manager is called: along its links, at its pace, with a token that nobody else sees."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from escher.contract.estate import Account
from escher.errors import CredentialError
from escher.providers.azure.access import AzureAccess
from escher.providers.azure.calls import Answer, ArmCalls
from escher.providers.azure.credentials import Token
from escher.providers.azure.failures import ArmError, Malformed
from escher.providers.azure.transport import rest_of
from escher.providers.pacing import TRIES, Pacer
from tests.fixtures.azure_answers import ACCOUNT, refused

FIRST, SECOND = "canary-first-token", "canary-second-token"
HOST = "https://management.azure.com"
Handler = Callable[[httpx.Request], httpx.Response]


class TwoTokens(AzureAccess):
    """A log-in whose token is renewed once it was refused."""

    def __init__(self) -> None:
        super().__init__()
        self.renewals = 0

    async def token(self, account: Account) -> Token:
        return Token(SECOND if self.renewals else FIRST, 1 << 40)

    async def renewed(self, account: Account, spent: Token) -> Token:
        self.renewals += 1
        return Token(SECOND, 1 << 40)


def pages(handler: Handler, access: AzureAccess | None = None, pacer: Pacer | None = None) -> list[Answer]:
    """All pages of a list."""

    async def listed() -> list[Answer]:
        pacing = pacer or Pacer(first_wait_s=0.001)
        calls = ArmCalls(access or TwoTokens(), pacing, httpx.MockTransport(handler))
        found = [answer async for answer in calls.pages(ACCOUNT, "compute", "/things", {"api-version": "1"})]
        await calls.close()
        return found

    return asyncio.run(listed())


def linked(*links: str) -> tuple[Handler, list[str]]:
    """A cloud whose answers lead on to these links in turn, and the addresses that were asked for."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        place = min(len(asked) - 1, len(links))
        return httpx.Response(200, json={"value": [], "nextLink": links[place] if place < len(links) else None})

    return answer, asked


def test_links_are_followed_as_they_are() -> None:
    """The first call has our parameters, each next one only its link's own."""
    handler, asked = linked(f"{HOST}/things?api-version=1&$skiptoken=a%2Fb", f"{HOST}:443/things?page=3")
    assert len(pages(handler)) == 3
    assert asked == [
        f"{HOST}/things?api-version=1",
        f"{HOST}/things?api-version=1&$skiptoken=a%2Fb",
        f"{HOST}/things?page=3",
    ]


@pytest.mark.parametrize(
    "link", ["https://elsewhere.example/things", "http://management.azure.com/things", f"{HOST}:444/things"]
)
def test_a_link_to_another_host_gets_no_token(link: str) -> None:
    """Neither another host, nor another port, nor plain text."""
    handler, asked = linked(link)
    with pytest.raises(Malformed):
        pages(handler)
    assert len(asked) == 1


def test_links_in_a_circle_end() -> None:
    """Also when the circle is longer than one page."""
    handler, asked = linked(*([f"{HOST}/a", f"{HOST}/b"] * 5))
    with pytest.raises(Malformed):
        pages(handler)
    assert len(asked) == 3


def test_a_redirect_is_not_followed() -> None:
    """It would carry the token to wherever it leads."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(307, headers={"Location": "https://elsewhere.example/"})

    with pytest.raises(ArmError, match="UnexpectedRedirect"):
        pages(answer)
    assert len(asked) == 1


def test_a_refused_token_is_renewed_once() -> None:
    """It ran out in the middle; the call goes on with another."""
    access = TwoTokens()

    def answer(request: httpx.Request) -> httpx.Response:
        fresh = request.headers["Authorization"] == f"Bearer {SECOND}"
        return httpx.Response(200, json={"value": []}) if fresh else refused(401, "ExpiredAuthenticationToken")

    assert pages(answer, access) == [{"value": []}]
    assert access.renewals == 1


def test_a_token_that_is_refused_twice_is_given_up() -> None:
    """A third would be refused as well."""
    access = TwoTokens()
    with pytest.raises(ArmError, match="401"):
        pages(lambda _: refused(401, "InvalidAuthenticationToken"), access)
    assert access.renewals == 1


def test_throttling_and_passing_trouble_are_tried_again() -> None:
    """Throttling is counted, as it slows down what comes after."""
    answers = [refused(429, "TooManyRequests"), refused(503, "ServiceUnavailable"), httpx.Response(200, json={})]
    pacer = Pacer(first_wait_s=0.001)
    assert pages(lambda _: answers.pop(0), pacer=pacer) == [{}]
    assert (pacer.throttled, pacer.retried) == (1, 2)


def test_a_reset_is_tried_again_a_few_times() -> None:
    """One passes; a connection that is always reset is given up."""

    def reset(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        if len(asked) <= resets:
            raise httpx.ReadError("reset by the other side", request=request)
        return httpx.Response(200, json={})

    asked, resets = list[str](), 1
    assert pages(reset, pacer=Pacer(first_wait_s=0.001)) == [{}]
    asked, resets = [], TRIES + 1
    with pytest.raises(httpx.ReadError):
        pages(reset, pacer=Pacer(first_wait_s=0.001))
    assert len(asked) == TRIES


def test_what_will_not_change_is_not_tried_again() -> None:
    """A refusal stays one."""
    asked: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(1)
        return refused(403, "AuthorizationFailed")

    with pytest.raises(ArmError, match="AuthorizationFailed"):
        pages(answer)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "17"}, 17),
        ({"retry-after": "1.5"}, 1.5),
        ({"x-ms-retry-after-ms": "2500"}, 2.5),
        ({"x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "00:00:05"}, 5),
        ({"x-ms-user-quota-remaining": "3", "x-ms-user-quota-resets-after": "00:00:05"}, 0),
        ({"retry-after": "86400"}, 60),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
        ({"retry-after": "soon"}, 0),
        ({}, 0),
    ],
)
def test_how_long_azure_wants_to_be_left_alone(headers: dict[str, str], seconds: float) -> None:
    """In any of its words, and never for more than a minute."""
    assert rest_of(headers) == seconds


def test_only_this_machine_is_spoken_to_in_plain_text() -> None:
    """A token in plain text would be anybody's."""

    async def ask(account: Account) -> Answer:
        calls = ArmCalls(TwoTokens(), Pacer(), httpx.MockTransport(lambda _: httpx.Response(200, json={"a": 1})))
        return await calls.get(account, "compute", "/things", {})

    with pytest.raises(CredentialError, match="https"):
        asyncio.run(ask(replace(ACCOUNT, endpoint_url="http://azure.example")))
    assert asyncio.run(ask(replace(ACCOUNT, endpoint_url="http://127.0.0.1:1"))) == {"a": 1}


def test_a_token_is_in_no_log_repr_or_error(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever goes wrong, at the finest level of logging."""
    caplog.set_level(logging.DEBUG)

    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    seen: list[str] = [repr(Token(FIRST, 1)), repr(TwoTokens())]
    handlers: list[Handler] = [broken, lambda _: refused(401, "Expired"), lambda _: httpx.Response(200, text="?")]
    for handler in handlers:
        with pytest.raises((ArmError, Malformed, httpx.ConnectError)) as caught:
            pages(handler)
        seen.append(f"{caught.value!r} {caught.value} {caught.value.__cause__!r}")
    assert "canary" not in f"{seen} {caplog.text}"
