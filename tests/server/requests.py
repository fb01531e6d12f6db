"""Requests to every route that the server describes, with canaries in every place that is free."""

from __future__ import annotations

from typing import Any

import httpx

from escher_server.app import create_app
from tests.server.conftest import context

CANARIES = [f"canary{number:02d}zebra" for number in range(20)]
SCHEMA: dict[str, Any] = create_app().openapi()
OPERATIONS: list[tuple[str, str]] = [
    (method.upper(), path) for path, operations in SCHEMA["paths"].items() for method in operations
]
ROUTES = {path for _, path in OPERATIONS}


def filled(path: str, value: str) -> str:
    """A path with one value in all its places."""
    return "/".join(value if part.startswith("{") else part for part in path.split("/"))


async def ask_everything(http: httpx.AsyncClient) -> int:
    """Every operation with every canary, well-formed as far as a context is and not; how many requests that were."""
    asked = 0
    for canary in CANARIES:
        good = context(f"stop {canary} in us-east-1").model_dump(mode="json") | {"message_id": canary}
        headers = {"x-canary": canary, "cookie": canary, "user-agent": canary}
        bodies: list[dict[str, Any]] = [
            {"json": good},
            {"json": good | {canary: canary}},
            {"content": f'{{"prompt": "{canary}'.encode(), "headers": {"content-type": "application/json"}},
        ]
        for method, path in OPERATIONS:
            for body in bodies if method in ("POST", "PUT") else [{}]:
                extra = headers | body.pop("headers", {})
                await http.request(method, f"{filled(path, canary)}?q={canary}", headers=extra, **body)
                asked += 1
        await http.get(f"/v1/{canary}")
        asked += 1
    return asked
