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


class ContentForbidden(ServerError):
    """The request holds something that looks like a credential."""

    code = "forbidden_content"
    status = 422


class KeyRefused(ServerError):
    """No API key, or a wrong one."""

    code = "unauthenticated"
    status = 401


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
