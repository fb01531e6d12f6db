"""Tokens of a sign-in, once there is one; until then the route says that there is none."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from escher.contract.wire import Wire
from escher_server.errors import Forbidden
from escher_server.routes.access import router


class TokenRequest(Wire):
    """A code of the sign-in page, or a refresh token, to be exchanged."""

    grant_type: Literal["authorization_code", "refresh_token"]
    code: str = Field(min_length=1, max_length=4_096)


class Token(Wire):
    """What a sign-in gives: a token and for how many seconds it is good."""

    access_token: str
    refresh_token: str
    expires_in: int


def sign_in_router() -> APIRouter:
    """The route of the sign-in."""
    routes = router("sign-in")

    @routes.post("/auth/token")
    async def token(_wanted: TokenRequest) -> Token:
        """Refused as long as sign-in is off; API keys are the way in."""
        raise Forbidden("sign-in is off on this server; its API keys are the way in.", hint="Send the key as bearer.")

    return routes
