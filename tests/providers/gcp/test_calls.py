"""Calls, pages and failures, with a network that answers what a test says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from escher.contract.estate import Account
from escher.errors import CredentialError
from escher.providers.gcp.calls import GcpCalls
from escher.providers.gcp.failures import ApiError, error_of, read_failed, trouble_of, wait_hint
from escher.providers.pacing import Pacer, TimedOut
from tests.fixtures.gcp_answers import ACCOUNT, Answering

Handler = Callable[[httpx.Request], httpx.Response]


def calls_with(handler: Handler, pacer: Pacer | None = None) -> GcpCalls:
    """Calls over a network that is a function."""
    return GcpCalls(Answering(), pacer or Pacer(first_wait_s=0.001), httpx.MockTransport(handler))


def refusal(status: int, reason: str = "", message: str = "", **metadata: str) -> httpx.Response:
    """A refusal in the form of the younger APIs."""
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "metadata": metadata}
    return httpx.Response(status, json={"error": {"code": status, "message": message, "details": [info]}})


async def listed(calls: GcpCalls) -> list[Any]:
    """All pages of a list."""
    return [answer async for answer in calls.pages(ACCOUNT, "pubsub", "v1/projects/p/topics", {"pageSize": 2})]


async def test_pages_are_followed_to_the_last() -> None:
    """Each page is asked for with the token of the one before it."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        token = request.url.params.get("pageToken", "")
        asked.append(token)
        following = {"": "a", "a": "b"}.get(token)
        return httpx.Response(200, json={"topics": [token], **({"nextPageToken": following} if following else {})})

    assert [page["topics"] for page in await listed(calls_with(answer))] == [[""], ["a"], ["b"]]
    assert asked == ["", "a", "b"]


async def test_a_token_that_loops_is_a_failure() -> None:
    """A list that leads back to an earlier page ends as a failure, not never."""
    tokens = {"": "a", "a": "b", "b": "a"}

    def answer(request: httpx.Request) -> httpx.Response:
        token = request.url.params.get("pageToken", "")
        return httpx.Response(200, json={"topics": [], "nextPageToken": tokens[token]})

    with pytest.raises(ApiError, match="LoopingPageToken"):
        await listed(calls_with(answer))


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(429),
        refusal(429, "RATE_LIMIT_EXCEEDED"),
        httpx.Response(403, json={"error": {"code": 403, "errors": [{"reason": "rateLimitExceeded"}]}}),
        httpx.Response(403, json={"error": {"code": 403, "errors": [{"reason": "quotaExceeded"}]}}),
    ],
)
async def test_throttling_slows_down_and_tries_again(response: httpx.Response) -> None:
    """However Google says that it is too much, the call is made again, later, and counted as throttled."""
    answers = [httpx.Response(200, json={"topics": []}), response, response]
    pacer = Pacer(first_wait_s=0.001)
    assert await listed(calls_with(lambda _: answers.pop(), pacer)) == [{"topics": []}]
    assert (pacer.throttled, pacer.retried) == (2, 2)


async def test_a_reset_and_a_server_s_fault_are_tried_again() -> None:
    """Connections break and servers err now and then; neither is throttling."""
    answers: list[Any] = [httpx.Response(200, json={}), httpx.Response(503), httpx.ReadError("reset")]

    def answer(_: httpx.Request) -> httpx.Response:
        found = answers.pop()
        if isinstance(found, Exception):
            raise found
        return found

    pacer = Pacer(first_wait_s=0.001)
    assert await listed(calls_with(answer, pacer)) == [{}]
    assert (pacer.throttled, pacer.retried) == (0, 2)


@pytest.mark.parametrize("content", [b"<html>", b"[]", b'"a"', b"", b'{"error": {"code": 403}}'])
async def test_an_answer_that_is_no_object_is_malformed(content: bytes) -> None:
    """An answer that says 200 and is something else is a failure at once."""
    pacer = Pacer(first_wait_s=0.001)
    with pytest.raises(ApiError, match="MalformedAnswer"):
        await listed(calls_with(lambda _: httpx.Response(200, content=content), pacer))
    assert pacer.retried == 0


async def test_a_redirect_is_not_followed() -> None:
    """A token goes to nobody but who was asked."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"location": "https://elsewhere.example.com/"})

    with pytest.raises(ApiError, match="302"):
        await listed(calls_with(answer))
    assert asked == ["pubsub.googleapis.com"]


@pytest.mark.parametrize("endpoint", ["http://proxy.example.com", "ftp://127.0.0.1", "http://127.0.0.1.example.com"])
async def test_a_token_goes_over_https_or_to_this_machine(endpoint: str) -> None:
    """Another endpoint is refused before anything is sent."""
    calls = calls_with(lambda _: httpx.Response(200, json={}))
    with pytest.raises(CredentialError, match="neither https nor on this machine"):
        await calls.get(Account("gcp", "p", "", endpoint_url=endpoint), "pubsub", "v1/projects/p/topics")


@pytest.mark.parametrize(
    ("response", "permission"),
    [
        (refusal(403, "IAM_PERMISSION_DENIED", permission="pubsub.topics.list"), "pubsub.topics.list"),
        (refusal(403, "", "Permission 'redis.instances.list' denied on resource 'x'"), "redis.instances.list"),
        (refusal(403, "", "Required 'compute.disks.list' permission for 'projects/p'"), "compute.disks.list"),
        (refusal(403, "", "The caller does not have permission"), "declared.by.us"),
        (refusal(403, "SECURITY_POLICY_VIOLATED", "Request is prohibited by organization's policy"), ""),
        (refusal(404), ""),
        (refusal(500), ""),
    ],
)
def test_the_missing_permission_is_named(response: httpx.Response, permission: str) -> None:
    """The one that Google names, else the one that the declaration knows; none where something else is the cause."""
    failure = read_failed(error_of(response), ACCOUNT, "a list", "declared.by.us")
    assert getattr(failure, "permission", None) == permission


def test_an_api_that_is_off_says_how_to_turn_it_on() -> None:
    """The hint names the API and the project in which it is off."""
    response = refusal(403, "SERVICE_DISABLED", "Cloud Tasks API x cloudtasks.googleapis.com", consumer="projects/42")
    failure = read_failed(error_of(response), ACCOUNT, "a list", "cloudtasks.queues.list")
    assert "gcloud services enable cloudtasks.googleapis.com --project 42" in str(failure)


def test_refused_credentials_are_the_account_s_failure() -> None:
    """A 401 concerns the whole project, not the one scope."""
    assert isinstance(read_failed(error_of(refusal(401)), ACCOUNT, "a list"), CredentialError)


@pytest.mark.parametrize(
    ("cause", "trouble"),
    [
        (ApiError(429, "x"), "throttled"),
        (ApiError(503, "backendError"), "transient"),
        (ApiError(408, "x"), "transient"),
        (ApiError(403, "forbidden"), "final"),
        (ApiError(403, "dailyLimitExceeded"), "final"),
        (ApiError(400, "badRequest"), "final"),
        (httpx.ConnectTimeout("x"), "transient"),
        (TimedOut("x"), "transient"),
        (ValueError("x"), "final"),
    ],
)
def test_what_a_failure_calls_for(cause: Exception, trouble: str) -> None:
    """Slower and again, again, or nothing more."""
    assert trouble_of(cause) == trouble


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("7", 7.0), ("100000", 60.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("soon", 0.0), ("", 0.0)],
)
def test_retry_after_is_heeded_within_reason(given: str, seconds: float) -> None:
    """Seconds or a date, at most a minute; nonsense is no hint."""
    assert wait_hint(error_of(httpx.Response(429, headers={"retry-after": given}))) == seconds


def test_google_s_own_delay_is_heeded() -> None:
    """The younger APIs tell the delay within the answer."""
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3.5s"}]
    response = httpx.Response(429, json={"error": {"code": 429, "details": details}})
    assert wait_hint(error_of(response)) == 3.5
