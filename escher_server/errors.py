"""What the server refuses, and with which HTTP status. A message never repeats anything that was sent."""

from __future__ import annotations

from escher.errors import EscherError


class ServerError(EscherError):
    """A refused request."""

    status = 500


class InvalidRequest(ServerError):
    """The body is not what the route takes."""

    code = "invalid_request"
    status = 422


class UnsupportedVersion(ServerError):
    """The request is of a version of the contract that this server does not speak."""

    code = "unsupported_version"
    status = 400


class ContentForbidden(ServerError):
    """The request holds something that looks like a credential."""

    code = "forbidden_content"
    status = 422


class KeyRefused(ServerError):
    """No API key, or a wrong one."""

    code = "unauthenticated"
    status = 401


class Forbidden(ServerError):
    """The key is right, and may not do this."""

    code = "forbidden"
    status = 403


class BodyTooSlow(ServerError):
    """The body did not arrive in time."""

    code = "timed_out"
    status = 408
    retryable = True


class TimedOut(ServerError):
    """The server took too long over this request, and gave up."""

    code = "timed_out"
    status = 503
    retryable = True


class RateLimited(ServerError):
    """The tenant asked too often; `retry_after_s` says when to come back."""

    code = "rate_limited"
    status = 429
    retryable = True

    def __init__(self, message: str, *, retry_after_s: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s


class BodyTooLarge(ServerError):
    """The body is over the limit."""

    code = "too_large"
    status = 413


class UnknownRoute(ServerError):
    """No such route, playbook or version."""

    code = "not_found"
    status = 404


class BrokenPlaybook(ServerError):
    """A playbook that cannot be served: the file and line, and why."""

    code = "broken_playbook"
    status = 422


class UnknownPlaybook(ServerError):
    """No such playbook or version, or none that this tenant may see."""

    code = "not_found"
    status = 404


class WithoutTenant(Forbidden):
    """The caller has no tenant, or the server has no home, so that nothing can be kept for them."""


class Conflict(ServerError):
    """What is published never changes, and a state has only the moves of its table."""

    code = "conflict"
    status = 409


class PublishRefused(ServerError):
    """A playbook that may not be published; `answer` says all that is to be mended."""

    code = "quality_threshold_not_met"
    status = 422

    def __init__(self, message: str, *, answer: dict[str, object], hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.answer = answer

    def document(self) -> dict[str, object]:
        """The refusal with the whole answer."""
        return super().document() | {"answer": self.answer}


class PublishForbidden(PublishRefused):
    """A playbook with a credential, an account id or an address in it."""

    code = "forbidden_content"


class SyncFailed(ServerError):
    """The library's source did not answer, or not with a library; what is served stays as it was."""

    code = "sync_failed"
    status = 502
    retryable = True
