"""What goes wrong with a call of Azure, in the user's words: what failed, why, and the next move."""

from __future__ import annotations

import httpx

from escher.contract.estate import Account
from escher.errors import CredentialError
from escher.providers.azure.credentials import who
from escher.providers.pacing import TimedOut, Trouble
from escher.providers.source import ReadFailed

MALFORMED = "MalformedAnswer"
GONE = frozenset({"ResourceNotFound", "ResourceGroupNotFound", "ParentResourceNotFound", "NotFound"})
"""The codes that say that a thing was deleted."""

UNREGISTERED = frozenset({"InvalidResourceNamespace", "MissingSubscriptionRegistration", "SubscriptionNotRegistered"})
"""The codes that say that a service is not there, or not switched on in a subscription: it holds nothing."""

_THROTTLED = frozenset({"TooManyRequests", "RateLimiting", "OperationNotAllowedThrottled", "Throttled"})
_NO_SUBSCRIPTION = frozenset({"SubscriptionNotFound", "InvalidSubscriptionId"})
_OFF = frozenset({"DisabledSubscription", "ReadOnlyDisabledSubscription", "SubscriptionDisabled"})
_NOT_SERVED = frozenset(
    {
        "DisallowedProvider",
        "InvalidApiVersionParameter",
        "InvalidResourceType",
        "NoRegisteredProviderFound",
        "NotFound",
        "ResourceNotFound",
        *UNREGISTERED,
    }
)  # fmt: skip


class ArmError(Exception):
    """An answer that is an error, with Azure's own code; `retry_after_s` is how long it wants to be left alone."""

    def __init__(self, status: int, code: str, retry_after_s: float = 0.0) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.retry_after_s = status, code, retry_after_s


class Malformed(Exception):
    """An answer of another shape than Azure's; to believe it could delete all that is known."""


CALL_FAILURES = (ArmError, Malformed, httpx.HTTPError, httpx.InvalidURL, TimedOut)
"""All that a call may raise because of the other side or the way there."""


def trouble(cause: Exception) -> Trouble:
    """What a failed call calls for."""
    if isinstance(cause, ArmError):
        if (
            cause.status == 429
            or "Throttl" in cause.code
            or cause.code in _THROTTLED
            or "TooManyRequests" in cause.code
        ):
            return "throttled"
        return "transient" if cause.status in (408, 500, 502, 503, 504) else "final"
    return "transient" if isinstance(cause, httpx.TransportError | TimedOut) else "final"


def wait_hint(cause: Exception) -> float:
    """How long Azure wants to be left alone, in seconds."""
    return cause.retry_after_s if isinstance(cause, ArmError) else 0.0


def code_of(cause: BaseException) -> str:
    """Azure's error code, or the kind of failure when no answer came or none that makes sense."""
    if isinstance(cause, ArmError):
        return cause.code
    return MALFORMED if isinstance(cause, Malformed) else type(cause).__name__


def is_denied(cause: BaseException) -> bool:
    """Whether Azure knows who asks and says no."""
    return isinstance(cause, ArmError) and cause.status == 403 and cause.code not in _OFF | _NOT_SERVED


def is_not_served(cause: BaseException) -> bool:
    """Whether an API as a whole is not there for this caller: denied, switched off, not registered."""
    return is_denied(cause) or (isinstance(cause, ArmError) and cause.code in _NOT_SERVED)


def read_failed(cause: Exception, account: Account, *, operation: str, permission: str) -> ReadFailed | CredentialError:
    """Why a call of a scan failed: the log-in behind it, or the call, with the missing permission if that is the cause."""
    if isinstance(cause, ReadFailed | CredentialError):
        return cause
    if isinstance(cause, ArmError) and cause.status == 401:
        return CredentialError(
            f"Azure does not accept the log-in of {who(account)} ({cause.code}).", hint="Run `az login`."
        )
    code = code_of(cause)
    return ReadFailed(
        f"{code}: {operation} of {who(account)} {_what_happened(cause)}.",
        native_code=code,
        permission=permission if is_denied(cause) else "",
    )


def not_reached(cause: Exception, account: Account) -> CredentialError:
    """Why the first call to a subscription failed."""
    if isinstance(cause, CredentialError):
        return cause
    code = code_of(cause)
    if isinstance(cause, ArmError) and (code in _NO_SUBSCRIPTION or cause.status in (403, 404)):
        return CredentialError(
            f"{who(account)} does not exist, or this log-in cannot see it ({code}).",
            hint="Grant Reader on it, or name its tenant as the account's profile.",
        )
    if isinstance(cause, ArmError) and cause.status == 401:
        return CredentialError(f"Azure does not accept the log-in of {who(account)} ({code}).", hint="Run `az login`.")
    return CredentialError(
        f"{who(account)} cannot be reached ({code}).",
        hint="Check the network, and the account's proxy, ca_bundle and endpoint_url.",
    )


def _what_happened(cause: Exception) -> str:
    code = code_of(cause)
    if trouble(cause) == "throttled":
        return "was throttled"
    if code in _NO_SUBSCRIPTION | _OFF:
        return "failed, as the subscription is gone or disabled"
    if is_denied(cause):
        return "was refused"
    if isinstance(cause, httpx.TransportError | TimedOut):
        return "got no answer"
    return "got an answer that cannot be read" if code == MALFORMED else "failed"
