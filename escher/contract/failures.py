"""Of which sort a failure is, from what the clouds' CLIs and SDKs print. Pure.

Sources: the error codes of the EC2, RDS and IAM API references, the codes of Azure Resource Manager, google.rpc.Code and
the reasons of Google's error details, and how botocore, azure-core, google-api-core, `aws`, `az` and `gcloud` word them.
"""

from __future__ import annotations

import re
from typing import Literal

ErrorKind = Literal[
    "throttled", "denied", "no_credentials", "not_found", "wrong_state", "quota", "conflict", "timeout", "network",
    "invalid", "dependency", "protected", "provider", "unknown",
]  # fmt: skip

# In the order in which they are tried: what is said in particular comes before what is said of everything.
_SAID: tuple[tuple[ErrorKind, str], ...] = (
    (
        "no_credentials",
        r"Unable to locate credentials|NoCredentials|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|AuthFailure"
        r"|SignatureDoesNotMatch|az login|gcloud auth login|DefaultCredentialsError|CredentialUnavailable"
        r"|ExpiredAuthenticationToken|InvalidAuthenticationToken|AuthenticationFailed|\bUNAUTHENTICATED\b|\b401\b"
        r"|[Tt]oken (?:has|is) expired|RefreshError",
    ),
    (
        "throttled",
        r"Throttl|RequestLimitExceeded|TooManyRequests|SlowDown|Rate exceeded|[Rr]ate ?[Ll]imit|RATE_LIMIT_EXCEEDED"
        r"|\b429\b|PriorRequestNotComplete",
    ),
    (
        "protected",
        r"[Dd]eletion ?[Pp]rotection|termination protection|disableApiTermination|disableApiStop|stop protection"
        r"|ScopeLocked|[Cc]annot perform .{0,40}because following scope|[Rr]esource ?[Ll]ock|CannotDelete\b|ReadOnlyDisabled"
        r"|purge protection|retention ?[Pp]olicy|[Oo]bject [Ll]ock|is protected",
    ),
    (
        "quota",
        r"LimitExceeded|QuotaExceeded|QUOTA_EXCEEDED|[Qq]uota .{0,60}exceeded|exceeding approved|InsufficientInstanceCapacity"
        r"|Insufficient\w*(?:Capacity|Storage)|SkuNotAvailable|AllocationFailed|ZONE_RESOURCE_POOL_EXHAUSTED"
        r"|RESOURCE_EXHAUSTED|StorageQuotaExceeded|stockout|limit of .{0,40}reached",
    ),
    (
        "denied",
        r"AccessDenied|Access Denied|UnauthorizedOperation|AuthorizationFailed|not authorized to perform"
        r"|does not have authorization|PERMISSION_DENIED|\bForbidden\b|\b403\b|OperationNotPermitted|[Rr]equired '[\w.]+' permission"
        r"|RequestDisallowedByPolicy|constraints/|[Pp]ermission .{0,60}denied",
    ),
    (
        "dependency",
        r"DependencyViolation|\.InUse\b|InUseException|ResourceInUse|\bin use by\b|currently in use|(?:is|being) used by"
        r"|RESOURCE_IN_USE_BY_ANOTHER_RESOURCE|InUse\w*CannotBeDeleted|\w+InUse\b|still attached|is attached to|DeleteConflict"
        r"|BucketNotEmpty|not empty|has dependent|CannotDeleteResource|AttachedDiskFound|OperationNotAllowed.{0,80}attached",
    ),
    (
        "conflict",
        r"AnotherOperationInProgress|OperationInProgress|ConcurrentModification|\bConflict\w*\b|\b409\b|AlreadyExists|already exists"
        r"|\bABORTED\b|PreconditionFailed|\b412\b|conditionNotMet|resourceNotReady|being (?:updated|modified) by|RetryableError",
    ),
    (
        "not_found",
        r"NotFound|NoSuch\w+|[Nn]ot [Ff]ound|does not exist|could not be found|\bNOT_FOUND\b|\b404\b|ResourceGone|was deleted",
    ),
    (
        "wrong_state",
        r"Incorrect\w*State|Invalid\w*State|IncorrectState|IncorrectInstanceState|InvalidVolume\.ZoneMismatch|FAILED_PRECONDITION"
        r"|not in (?:the |a )?(?:correct|valid|available|running|stopped|required) ?state|is not in \w+ state|OperationNotAllowed"
        r"|must be (?:stopped|running|deallocated|TERMINATED|RUNNING)|not running|not stopped|is not (?:started|available|ready)"
        r"|cannot be (?:stopped|started|modified|resized) (?:while|when|in)|resourceInUseByAnotherOperation|InvalidOperation\w*"
        r"|PropertyChangeNotAllowed|ResourceNotReady",
    ),
    (
        "invalid",
        r"InvalidParameter|InvalidRequest|ValidationError|ValidationException|InvalidInput|INVALID_ARGUMENT|\bInvalid\w*\b"
        r"|MissingParameter|Malformed|ParamValidation|Parameter validation failed|unrecognized arguments|BadRequest|\b400\b"
        r"|UnsupportedOperation|Unsupported\b",
    ),
    (
        "network",
        r"Could not connect to the endpoint|EndpointConnectionError|[Cc]onnection (?:refused|reset|aborted|was closed)"
        r"|NameResolution|[Nn]ame or service not known|name resolution|Failed to establish a new connection|ConnectTimeout"
        r"|Unable to find the server|Network is unreachable|RemoteDisconnected|certificate verify failed|ProxyError",
    ),
    ("timeout", r"[Tt]imed? ?out|DEADLINE_EXCEEDED|RequestTimeout|GatewayTimeout|\b504\b|Max attempts exceeded"),
    (
        "provider",
        r"InternalError|InternalFailure|InternalServer|ServiceUnavailable|\bUNAVAILABLE\b|\bINTERNAL\b|backendError"
        r"|BadGateway|\b50[0-3]\b",
    ),
)
_SIGNS: tuple[tuple[ErrorKind, re.Pattern[str]], ...] = tuple((kind, re.compile(said)) for kind, said in _SAID)
_LAST = 4_000


def classify(said: str, *, timed_out: bool = False) -> ErrorKind:
    """The sort of a failure by the end of what was printed; `timed_out`: the step used up its time."""
    end = said[-_LAST:]
    for kind, sign in _SIGNS:
        if sign.search(end):
            return kind
    return "timeout" if timed_out else "unknown"
