"""What a failed call calls for, by botocore's own lists: slower and again, again, or nothing more."""

from __future__ import annotations

from email.utils import mktime_tz, parsedate_tz
from typing import Any

from botocore import exceptions as boto
from botocore.parsers import ResponseParserError
from botocore.retries.standard import ModeledRetryErrorDetector, ThrottledRetryableChecker, TransientRetryableChecker

from escher.providers.pacing import TimedOut, Trouble

_RETRIES: Any = ThrottledRetryableChecker, TransientRetryableChecker
THROTTLED = frozenset(_RETRIES[0]._THROTTLED_ERROR_CODES) | {"ProvisionedThroughputExceeded"}
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"})
SKEWED = frozenset({"RequestTimeTooSkewed", "RequestInTheFuture", "RequestExpired"})
PERHAPS_SKEWED = frozenset({"SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure"})

_TRANSIENT = frozenset(_RETRIES[1]._TRANSIENT_ERROR_CODES) | {"InternalError", "InternalFailure"}
_TRANSIENT_STATUS = frozenset({*_RETRIES[1]._TRANSIENT_STATUS_CODES, 429})
_SKEW_S = 240
_LONGEST_HINT_S = 20.0


def trouble(cause: Exception, model: Any = None) -> Trouble:
    """What a failure calls for; `model` is botocore's model of the operation, which may mark errors of its own."""
    match cause:
        case boto.ClientError():
            return _of_answer(cause, model)
        case boto.SSLError():
            # A certificate that is not trusted will not be the next time either.
            return "final"
        case boto.ConnectionError() | boto.HTTPClientError() | ResponseParserError() | TimedOut():
            return "transient"
        case _:
            return "final"


def wait_hint(cause: Exception) -> float:
    """How long the provider wants to be left alone, in seconds."""
    if not isinstance(cause, boto.ClientError):
        return 0.0
    given = headers_of(cause).get("retry-after", "")
    return min(float(given), _LONGEST_HINT_S) if given.isdecimal() else 0.0


def code_of(cause: boto.ClientError) -> str:
    """The provider's error code."""
    return str(cause.response.get("Error", {}).get("Code", ""))


def headers_of(cause: boto.ClientError) -> dict[str, str]:
    """The headers of the answer, their names in lower case."""
    return dict(cause.response.get("ResponseMetadata", {}).get("HTTPHeaders", {}))


def status_of(cause: boto.ClientError) -> int:
    """The status of the answer."""
    return int(cause.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def clock_offset(cause: boto.ClientError, signed_at: float, now: float) -> float | None:
    """How far the provider's clock is ahead of ours, in seconds, where that is why it refused; else None."""
    code = code_of(cause)
    if code not in SKEWED | PERHAPS_SKEWED:
        return None
    date = parsedate_tz(headers_of(cause).get("date", ""))
    if date is None:
        return None
    theirs = mktime_tz(date)
    return theirs - now if code in SKEWED or abs(theirs - signed_at) > _SKEW_S else None


def _of_answer(cause: boto.ClientError, model: Any) -> Trouble:
    code, status = code_of(cause), status_of(cause)
    marked = _marked(code, model)
    if code in THROTTLED or marked == ModeledRetryErrorDetector.THROTTLING_ERROR or status == 429:
        return "throttled"
    if code in _TRANSIENT or status in _TRANSIENT_STATUS or marked:
        return "transient"
    return "final"


def _marked(code: str, model: Any) -> str | None:
    """Botocore's verdict from the operation's own error shapes."""
    if model is None:
        return None
    return ModeledRetryErrorDetector().detect_error_type(_Answered(code, model))


class _Answered:
    """As much of botocore's retry context as its verdict takes."""

    def __init__(self, code: str, model: Any) -> None:
        self.operation_model = model
        self._code = code

    def get_error_code(self) -> str:
        return self._code
