"""What only the demo has: faults, delays, the calls it has seen and the switch of each API, below `/_demo`."""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from escher.demo.clouds.gcp.call import Cloud
from escher.demo.clouds.gcp.errors import ApiError


def control_routes(cloud: Cloud) -> list[Route]:
    """The routes of the controls. They need no token and are not kept among the calls."""

    async def faults(request: Request) -> Response:
        if request.method == "DELETE":
            cloud.faults.clear()
            return JSONResponse({})
        try:
            given: Any = await request.json()
            cloud.faults.add([given] if isinstance(given, dict) else given)
        except (ValueError, TypeError, KeyError, re.error) as wrong:
            return JSONResponse({"error": f"not a rule: {wrong}"}, 400)
        return JSONResponse({"rules": len(cloud.faults.rules)})

    async def calls(request: Request) -> Response:
        if request.method == "DELETE":
            cloud.faults.calls.clear()
        return JSONResponse(cloud.faults.calls)

    async def delay(request: Request) -> Response:
        given: dict[str, int] = await request.json()
        cloud.faults.delay_ms = int(given.get("ms", cloud.faults.delay_ms))
        cloud.operations.lasting_ms = int(given.get("operation_ms", cloud.operations.lasting_ms))
        return JSONResponse({"ms": cloud.faults.delay_ms, "operation_ms": cloud.operations.lasting_ms})

    async def services(request: Request) -> Response:
        given: dict[str, Any] = await request.json()
        try:
            cloud.switch(given["project"], given["service"], bool(given["enabled"]))
        except ApiError as refused:
            return JSONResponse({"error": refused.message}, refused.code)
        return JSONResponse(given)

    return [
        Route("/_demo/faults", faults, methods=["POST", "DELETE"]),
        Route("/_demo/calls", calls, methods=["GET", "DELETE"]),
        Route("/_demo/delay", delay, methods=["POST"]),
        Route("/_demo/services", services, methods=["POST"]),
    ]
