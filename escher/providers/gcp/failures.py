"""What Google answers when it does not do what it was asked, in the user's words: what failed, why, and the next move."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast

import httpx

from escher.contract.estate import Account
from escher.errors import CredentialError
from escher.providers.gcp.credentials import LOGIN
from escher.providers.pacing import TimedOut, Trouble
from escher.providers.source import ReadFailed

MALFORMED = "MalformedAnswer"
LOOPING = "LoopingPageToken"
INCOMPLETE = "IncompleteAnswer"
SERVICE_DISABLED = "SERVICE_DISABLED"

_THROTTLED = frozenset(
    {
        "rateLimitExceeded",
        "userRateLimitExceeded",
        "quotaExceeded",
        "RATE_LIMIT_EXCEEDED",
        "RESOURCE_EXHAUSTED",
        "concurrentLimitExceeded",
    }
)
_OFF = frozenset({SERVICE_DISABLED, "accessNotConfigured"})
_NOT_A_PERMISSION = frozenset({"SECURITY_POLICY_VIOLATED", "vpcServiceControls", "BILLING_DISABLED", "accountDisabled"})
_PERMISSION = re.compile(r"\b([a-z][A-Za-z]+(?:\.[a-zA-Z]+){2,3})\b")
_NEVER_USED = "before or it is disabled"
"""Some APIs say only in words that they are off."""

_NUMBER = re.compile(r"\bproject[ =]([\w-]+)")
LONGEST_HINT_S = 60.0


@dataclass(eq=False)
class ApiError(Exception):
    """An answer that is none. `reason` is Google's word for it; `consumer` the project whose quota the call counts to."""

    status: int
    reason: str
    message: str = ""
    permission: str = ""
    consumer: str = ""
    retry_after_s: float = 0.0

    @property
    def off(self) -> bool:
        """Whether the API is not turned on."""
        return self.reason in _OFF

    @property
    def throttled(self) -> bool:
        """Whether Google asks for fewer calls."""
        return self.status == 429 or (self.status in (403, 503) and self.reason in _THROTTLED)

    @property
    def denied(self) -> bool:
        """Whether Google knows who asks and says no, for want of a permission."""
        return self.status == 403 and not self.throttled and not self.off and self.reason not in _NOT_A_PERMISSION

    def __str__(self) -> str:
        return f"{self.status} {self.reason}"


READ_FAILURES = (
    ApiError,
    httpx.HTTPError,
    httpx.InvalidURL,
    TimedOut,
    OSError,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
)
"""All that a call and the reading of its answer may raise because of the other side or the way there."""


def trouble_of(cause: Exception) -> Trouble:
    """What a failed call calls for."""
    if isinstance(cause, ApiError):
        if cause.throttled:
            return "throttled"
        return "transient" if cause.status in (408, 500, 502, 503, 504) else "final"
    return "transient" if isinstance(cause, (httpx.TransportError, TimedOut)) else "final"


def wait_hint(cause: Exception) -> float:
    """How long Google wants to be left alone, in seconds."""
    return cause.retry_after_s if isinstance(cause, ApiError) else 0.0


def error_of(response: httpx.Response) -> ApiError:
    """The failure that an answer tells of, in either of the forms that Google has for it."""
    error = _error(response)
    details = [one for one in _list(error.get("details")) if isinstance(one, dict)]
    info = next((one for one in details if str(one.get("@type", "")).endswith("ErrorInfo")), {})
    about = cast("dict[str, Any]", info.get("metadata") or {})
    causes = [one for one in _list(error.get("errors")) if isinstance(one, dict)]
    message = str(error.get("message") or "")
    off = SERVICE_DISABLED if _NEVER_USED in message else ""
    reason = off or info.get("reason") or (causes[0].get("reason") if causes else "") or error.get("status")
    return ApiError(
        response.status_code,
        str(reason or f"HTTP{response.status_code}"),
        message,
        str(about.get("permission") or "") or _permission_in(message),
        str(about.get("consumer") or "") or _consumer_in(message),
        _retry_after(response, details),
    )


def read_failed(cause: Exception, account: Account, what: str, permission: str = "") -> ReadFailed | CredentialError:
    """Why `what` could not be read: the log-in behind it, or the call, with the missing permission if that is the cause."""
    if isinstance(cause, (CredentialError, ReadFailed)):
        return cause
    code = code_of(cause)
    project = account.account_id
    if not isinstance(cause, ApiError):
        happened = "got no answer" if _is_silence(cause) else "got an answer that cannot be read"
        return ReadFailed(f"{code}: {what} of project {project} {happened}.", native_code=code)
    if cause.status == 401:
        return CredentialError(f"Google no longer accepts the credentials of project {project} ({code}).", hint=LOGIN)
    permission = (cause.permission or permission) if cause.denied else ""
    return ReadFailed(
        f"{code}: {what} of project {project} {_happened(cause, project)}.", native_code=code, permission=permission
    )


def code_of(cause: Exception) -> str:
    """Google's word for a failure, or the kind of failure when no answer came or none that makes sense."""
    if isinstance(cause, ApiError):
        return cause.reason
    return type(cause).__name__ if _is_silence(cause) else MALFORMED


def _is_silence(cause: Exception) -> bool:
    return isinstance(cause, (httpx.HTTPError, TimedOut, OSError))


def _happened(cause: ApiError, project: str) -> str:
    if cause.throttled:
        return "was throttled"
    if cause.off:
        service = next(iter(re.findall(r"[a-z]+\.googleapis\.com", cause.message)), "")
        place = cause.consumer.removeprefix("projects/") or project
        return f"failed, as the API is off (`gcloud services enable {service or 'API'} --project {place}`)"
    if cause.reason == INCOMPLETE:
        return f"is incomplete: {cause.message}"
    if cause.reason == LOOPING:
        return "goes round in circles"
    return "was refused" if cause.status == 403 else "failed"


def _error(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    if isinstance(body, list) and body:
        body = body[0]
    error = body.get("error") if isinstance(body, dict) else None
    return cast("dict[str, Any]", error) if isinstance(error, dict) else {}


def _permission_in(message: str) -> str:
    found = [one for one in _PERMISSION.findall(message) if "googleapis" not in one]
    return found[0] if found and "ermission" in message else ""


def _consumer_in(message: str) -> str:
    found = _NUMBER.search(message)
    return f"projects/{found[1]}" if found else ""


def _retry_after(response: httpx.Response, details: list[Any]) -> float:
    given = response.headers.get("retry-after", "")
    delays = [str(one.get("retryDelay", "")).removesuffix("s") for one in details if "retryDelay" in one]
    for text in (given, *delays):
        with_seconds = re.fullmatch(r"\d+(\.\d+)?", text)
        if with_seconds:
            return min(float(text), LONGEST_HINT_S)
    try:
        moment = parsedate_to_datetime(given) if given else None
    except ValueError:
        return 0.0
    return max(0.0, min((moment - datetime.now(UTC)).total_seconds(), LONGEST_HINT_S)) if moment else 0.0


def _list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
