"""The HTTP side: a request becomes a call, its answer a response; faults and delays come first."""

from __future__ import annotations

import asyncio
import json
import uuid

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from escher.demo.clouds.azure.cloud import Cloud
from escher.demo.clouds.azure.exchange import Answer, ArmError, Call
from escher.demo.clouds.azure.faults import Faults
from escher.demo.clouds.azure.routing import answer


def azure_app(cloud: Cloud) -> ASGIApp:
    """The control plane over a cloud. All that touches the state runs in one thread, one call after the other."""
    faults = Faults()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        request = Request(scope, receive)
        response = await _respond(cloud, faults, request)
        await response(scope, receive, send)

    return app


async def _respond(cloud: Cloud, faults: Faults, request: Request) -> Response:
    ids = {"x-ms-request-id": str(uuid.uuid4()), "x-ms-correlation-request-id": str(uuid.uuid4())}
    try:
        call = _call(request, await request.body())
        if call.path.startswith("/_demo/"):
            return _response(faults.steer(cloud, call), ids)
        struck = faults.struck(call)
        if faults.delay_ms:
            await asyncio.sleep(faults.delay_ms / 1000)
        return _response(struck or answer(cloud, call), ids)
    except ArmError as error:
        challenge = {"WWW-Authenticate": 'Bearer authorization_uri="https://localhost/"'} if error.status == 401 else {}
        return _response(error.answer(challenge), ids)


def _call(request: Request, content: bytes) -> Call:
    try:
        body = json.loads(content) if content else None
    except ValueError as cause:
        raise ArmError(400, "InvalidRequestContent", f"The request content was invalid: {cause}") from cause
    return Call(
        method=request.method,
        path=request.url.path,
        query={_spelled(name): value for name, value in request.query_params.items()},
        body=body,
        base=f"{request.url.scheme}://{request.url.netloc}",
        headers=dict(request.headers),
    )


def _spelled(name: str) -> str:
    """A parameter in the spelling that handlers know; ARM does not mind case."""
    known = {"$skiptoken": "$skiptoken", "$filter": "$filter", "$top": "$top", "api-version": "api-version"}
    return known.get(name.lower(), name)


def _response(given: Answer, ids: dict[str, str]) -> Response:
    headers = ids | given.headers
    if given.body is None:
        return Response(status_code=given.status, headers=headers)
    content = given.body if isinstance(given.body, str) else json.dumps(given.body, separators=(",", ":"))
    return Response(content, given.status, headers, media_type="application/json")
