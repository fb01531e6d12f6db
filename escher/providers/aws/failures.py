"""What botocore raises, in the user's words: what failed, why, and the next move."""

from __future__ import annotations

from botocore import exceptions as boto
from botocore.parsers import ResponseParserError

from escher.contract.estate import Account
from escher.errors import CredentialError
from escher.providers.source import ReadFailed

CALL_FAILURES = (boto.BotoCoreError, boto.ClientError, ResponseParserError, OSError, RuntimeError)
"""All that a call may raise because of the other side, the way there, or the configuration.

An OSError comes from a profile's `credential_process`, a RuntimeError from new credentials that a wrong clock calls old.
"""

READ_FAILURES = (*CALL_FAILURES, AttributeError, KeyError, TypeError, ValueError)
"""The same with what parsers raise on an answer of another shape than the provider's model promises."""

_LOG_IN_CALLS = frozenset({"AssumeRole", "AssumeRoleWithWebIdentity", "GetSessionToken", "GetRoleCredentials"})

MALFORMED = "MalformedAnswer"

_DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "UnauthorizedException"}
)
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
_REFUSED_KEYS = frozenset(
    {
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "InvalidToken",
        "AuthFailure",
    }
)
_WRONG_CLOCK = frozenset({"RequestTimeTooSkewed", "RequestInTheFuture"})
_THROTTLED = frozenset({"RequestLimitExceeded", "TooManyRequestsException", "SlowDown", "LimitExceededException"})
_SSO = (boto.SSOError, boto.TokenRetrievalError, boto.NoAuthTokenError)
_LOG_IN_FAILURES = (
    *_SSO,
    boto.LoginError,
    boto.NoCredentialsError,
    boto.PartialCredentialsError,
    boto.CredentialRetrievalError,
    boto.RefreshWithMFAUnsupportedError,
    boto.ProfileNotFound,
    OSError,
    RuntimeError,
)
_UNREACHABLE = (boto.HTTPClientError, boto.ConnectionError)


def code_of(cause: BaseException) -> str:
    """The provider's error code, or the kind of failure when no answer came or none that makes sense."""
    if isinstance(cause, boto.ClientError):
        return str(cause.response.get("Error", {}).get("Code", "Unknown"))
    return type(cause).__name__ if isinstance(cause, boto.BotoCoreError) else MALFORMED


def read_failed(
    cause: Exception, account: Account, *, operation: str, region: str, permission: str
) -> ReadFailed | CredentialError:
    """Why a call of a scan failed: the log-in behind it, or the call, with the missing permission if that is the cause."""
    if _is_log_in_failure(cause):
        return credential_error(cause, account)
    code = code_of(cause)
    denied = is_denied(cause)
    return ReadFailed(
        f"{code}: {operation} in {region} {_what_happened(cause)}.",
        native_code=code,
        permission=permission if denied else "",
        hint=_next_move(cause),
    )


def is_denied(cause: BaseException) -> bool:
    """Whether the provider knows who asks and says no."""
    if not isinstance(cause, boto.ClientError):
        return False
    code = code_of(cause)
    status = cause.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return code in _DENIED or (status == 403 and code not in _EXPIRED | _REFUSED_KEYS | _WRONG_CLOCK | _THROTTLED)


def credential_error(cause: Exception, account: Account) -> CredentialError:
    """Why an account cannot be reached."""
    who = f"account {account.name or account.account_id}"
    log_in = f"aws sso login --profile {account.profile or 'default'}"
    match cause:
        case CredentialError():
            return cause
        case boto.ProfileNotFound():
            return CredentialError(
                f"there is no AWS profile {account.profile!r}, which {who} uses.",
                hint="See `aws configure list-profiles`, then correct it with `escher accounts add`.",
            )
        case boto.NoCredentialsError():
            return CredentialError(f"there are no AWS credentials for {who}.", hint="Log in, or name a profile.")
        case boto.LoginError():
            hint = f"Run `aws login --profile {account.profile or 'default'}`."
            return CredentialError(f"the log-in of {who} has expired.", hint=hint)
        case _ if isinstance(cause, _SSO):
            return CredentialError(f"the SSO log-in of {who} is missing or has expired.", hint=f"Run `{log_in}`.")
        case _ if isinstance(cause, _UNREACHABLE):
            return CredentialError(
                f"the log-in service of {who} cannot be reached ({code_of(cause)}).",
                hint="Check the network, and the account's proxy, ca_bundle and endpoint_url.",
            )
        case boto.ClientError():
            return _refused(cause, who, account)
        case _:
            return CredentialError(f"the credentials of {who} cannot be used: {cause}", hint="Correct the profile.")


def _is_log_in_failure(cause: Exception) -> bool:
    if isinstance(cause, boto.ClientError):
        return cause.operation_name in _LOG_IN_CALLS
    # Some of botocore's network errors are RuntimeErrors, too, and say nothing about the log-in.
    return isinstance(cause, _LOG_IN_FAILURES) and not isinstance(cause, _UNREACHABLE)


def _refused(cause: boto.ClientError, who: str, account: Account) -> CredentialError:
    code = code_of(cause)
    if code in _EXPIRED:
        return CredentialError(f"the credentials of {who} have expired.", hint="Log in again.")
    if code in _REFUSED_KEYS:
        return CredentialError(f"AWS does not accept the credentials of {who} ({code}).", hint="Log in again.")
    if cause.operation_name == "AssumeRole":
        roles = " then ".join(account.role_arns) or "the role of its profile"
        return CredentialError(
            f"{who} cannot be entered: {roles} could not be assumed ({code}).",
            hint="Grant sts:AssumeRole, and let the role trust who asks.",
        )
    return CredentialError(
        f"{cause.operation_name} for {who} was refused ({code}).", hint="Check its profile and role."
    )


def _what_happened(cause: Exception) -> str:
    code = code_of(cause)
    if is_denied(cause):
        return "was refused"
    if _is_throttled(code):
        return "was throttled"
    if code in _WRONG_CLOCK:
        return "failed, as the clock here is not AWS's"
    if code in _EXPIRED:
        return "failed, as the credentials have expired"
    if code in _REFUSED_KEYS:
        return "failed, as the credentials are not accepted there or the region is off"
    if isinstance(cause, _UNREACHABLE):
        return "got no answer"
    return "got an answer that cannot be read" if code == MALFORMED else "failed"


def _next_move(cause: Exception) -> str:
    """What the user can do about it, where that is not to grant something."""
    code = code_of(cause)
    if _is_throttled(code):
        return "Scan again later."
    if code in _WRONG_CLOCK:
        return "Set the clock of this machine."
    if code in _EXPIRED:
        return "Log in again."
    if code in _REFUSED_KEYS:
        return "Log in again, or leave the region out."
    return "Check the network, and scan again." if isinstance(cause, _UNREACHABLE) else ""


def _is_throttled(code: str) -> bool:
    return code in _THROTTLED or "throttl" in code.lower()
