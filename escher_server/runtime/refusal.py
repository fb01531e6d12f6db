"""Every refusal is one JSON document: `{code, message, hint, retryable}`, and nothing of what was sent."""

from __future__ import annotations

import json

from starlette.types import Send

from escher_server.errors import (
    BodyTooLarge,
    BodyTooSlow,
    InvalidRequest,
    KeyRefused,
    RateLimited,
    ServerError,
    TimedOut,
    UnknownRoute,
)


def invalid_request() -> InvalidRequest:
    """The body or the path does not follow the contract."""
    return InvalidRequest("the request does not follow the contract.", hint="See /v1/openapi.json.")


def for_status(status: int) -> ServerError:
    """The refusal that stands for an HTTP status which the framework decided on."""
    known: dict[int, ServerError] = {
        401: KeyRefused("this server wants an API key.", hint="Set ESCHER_API_KEY."),
        404: UnknownRoute("there is nothing here by that name.", hint="See /v1/openapi.json."),
        405: UnknownRoute("this route has no such method.", hint="See /v1/openapi.json."),
        408: BodyTooSlow("the request did not arrive in time.", hint="Send it again."),
        413: BodyTooLarge("the request is larger than 256 KiB.", hint="Ask a shorter question."),
    }
    return known.get(status) or (invalid_request() if status < 500 else internal())


def internal() -> ServerError:
    """A defect of the server's own; the log has its place in the code, and no more."""
    return ServerError("the server failed on this request.", hint="Ask again; report it if it stays.")


def rate_limited(wait_s: int) -> RateLimited:
    """The tenant asked too often."""
    return RateLimited("too many requests within a minute.", retry_after_s=wait_s, hint=f"Ask again in {wait_s} s.")


def timed_out() -> TimedOut:
    """The server took too long, and says so."""
    return TimedOut("the server took too long over this request.", hint="Ask again.")


def headers_of(refusal: ServerError) -> dict[str, str]:
    """The headers that go with a refusal."""
    if isinstance(refusal, RateLimited):
        return {"retry-after": str(refusal.retry_after_s)}
    return {"www-authenticate": "Bearer"} if refusal.status == 401 else {}


async def send_refusal(send: Send, refusal: ServerError, status: int | None = None) -> None:
    """Answer with a refusal, below any framework."""
    body = json.dumps(refusal.document()).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    headers += [(name.encode(), value.encode()) for name, value in headers_of(refusal).items()]
    await send({"type": "http.response.start", "status": status or refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
