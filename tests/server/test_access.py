"""Who may ask, how much, and what a refusal says."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from escher.contract.context import LIMIT_BYTES
from escher_server.app import accepted_keys
from escher_server.settings import ServerSettings, load_settings
from tests.server.conftest import KEY, context

BODY = context("list all buckets").model_dump(mode="json")


async def exchange(app: FastAPI, headers: list[tuple[bytes, bytes]], path: str = "/v1/chat") -> tuple[int, int]:
    """Status, and how often the application asked for a piece of the body."""
    asked = 0
    status = 0

    async def receive() -> dict[str, Any]:
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": b"x" * 65_536, "more_body": True}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)

    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
    await app(scope, receive, send)
    return status, asked


@pytest.mark.parametrize(
    "headers", [[], [(b"authorization", b"Bearer wrong")], [(b"authorization", b"Basic " + KEY.encode())]]
)
async def test_without_the_key_no_byte_of_the_body_is_read(
    guarded: FastAPI, headers: list[tuple[bytes, bytes]]
) -> None:
    """401 before the body, which could be endless."""
    assert await exchange(guarded, headers) == (401, 0)


async def test_a_wrong_key_with_a_wrong_body_is_401(guarded_http: httpx.AsyncClient) -> None:
    """The key comes first, and nothing is echoed."""
    response = await guarded_http.post("/v1/chat", content=b'{"canary": "zebra"', headers={"authorization": "Bearer x"})
    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")
    assert "zebra" not in response.text
    assert response.headers["www-authenticate"] == "Bearer"


async def test_the_key_opens_the_door(guarded_http: httpx.AsyncClient) -> None:
    """With the key the question is answered."""
    response = await guarded_http.post("/v1/intent", json=BODY, headers={"authorization": f"Bearer {KEY}"})
    assert response.status_code == 200


async def test_liveness_needs_no_key(guarded_http: httpx.AsyncClient) -> None:
    """Health is open, everything else is not."""
    assert (await guarded_http.get("/v1/health")).json() == {"status": "ok"}
    closed = ["/v1/version", "/v1/capabilities", "/v1/openapi.json", "/v1/playbooks/x/1.0.0", "/v1/health/", "/nothing"]
    assert [(await guarded_http.get(path)).status_code for path in closed] == [401] * len(closed)


def test_a_websocket_without_the_key_is_refused(guarded: FastAPI) -> None:
    """The hand-shake fails."""
    with pytest.raises(WebSocketDisconnect), TestClient(guarded).websocket_connect("/v1/ws"):
        pass


async def test_an_endless_body_is_cut_at_the_limit(app: FastAPI) -> None:
    """413 as soon as the limit is passed, however the body was announced."""
    assert await exchange(app, []) == (413, LIMIT_BYTES // 65_536 + 1)
    assert await exchange(app, [(b"content-length", b"10")]) == (413, LIMIT_BYTES // 65_536 + 1)


async def test_a_body_that_says_it_is_too_large_is_not_read(app: FastAPI) -> None:
    """413 from the header alone."""
    assert await exchange(app, [(b"content-length", str(LIMIT_BYTES + 1).encode())]) == (413, 0)


async def test_a_body_at_the_limit_is_read(http: httpx.AsyncClient) -> None:
    """256 KiB are allowed, one byte more is not."""
    bare = len(json.dumps(BODY).encode())
    for extra, status in ((LIMIT_BYTES - bare, 200), (LIMIT_BYTES - bare + 1, 413)):
        body = json.dumps(BODY | {"padding": " " * extra}).encode()
        response = await http.post("/v1/intent", content=body, headers={"content-type": "application/json"})
        assert response.status_code == status
    assert response.json()["code"] == "too_large"


@pytest.mark.parametrize(
    "body",
    [
        b'{"zebra": 1}',
        b'{"prompt": "zebra"',
        b"zebra",
        b"\xff\xfezebra",
        b'["zebra"]',
        json.dumps(BODY | {"prompt": "zebra" * 1_000}).encode(),
        json.dumps(BODY | {"version": "zebra"}).encode(),
        json.dumps(BODY | {"summary": {"regions": [{"value": "zebra", "count": "zebra"}]}}).encode(),
    ],
)
@pytest.mark.parametrize("path", ["/v1/chat", "/v1/intent", "/v1/playbooks/search"])
async def test_a_refused_body_is_not_echoed(http: httpx.AsyncClient, path: str, body: bytes) -> None:
    """422, or 400 for another version of the contract, and no word of what was sent."""
    response = await http.post(path, content=body, headers={"content-type": "application/json"})
    refusals = {(422, "invalid_request"), (400, "invalid_request"), (400, "unsupported_version")}
    assert (response.status_code, response.json()["code"]) in refusals
    assert "zebra" not in response.text


async def test_what_is_not_there_is_said_without_its_name(http: httpx.AsyncClient) -> None:
    """An unknown route, playbook, version or method."""
    for method, path in [
        ("GET", "/v1/zebra"),
        ("GET", "/v1/playbooks/zebra/1.0.0"),
        ("GET", "/v1/playbooks/escher-aws-ec2-stop/9.9.9"),
        ("DELETE", "/v1/chat"),
    ]:
        response = await http.request(method, path)
        assert (response.status_code in (404, 405), response.json()["code"]) == (True, "not_found")
        assert "zebra" not in response.text


async def test_a_playbook_is_served_whole(http: httpx.AsyncClient) -> None:
    """With its scripts in both languages; the `v` of the version may stand or not."""
    for version in ("1.0.0", "v1.0.0"):
        body = (await http.get(f"/v1/playbooks/escher-aws-ec2-stop/{version}")).json()
        assert body["metadata"]["name"] == "Stop EC2 instances"
        assert set(body["scripts"]["aws-ec2-stop@1.0.0"]["code"]) == {"bash", "python"}


async def test_the_api_describes_itself(http: httpx.AsyncClient) -> None:
    """OpenAPI names every route; capabilities and version answer."""
    paths = set((await http.get("/v1/openapi.json")).json()["paths"])
    assert paths == {
        "/v1/alerts/analyse",
        "/v1/auth/token",
        "/v1/capabilities",
        "/v1/chat",
        "/v1/health",
        "/v1/intent",
        "/v1/operations/draft",
        "/v1/operations/plan",
        "/v1/operations/remediate",
        "/v1/playbooks",
        "/v1/playbooks/register",
        "/v1/playbooks/search",
        "/v1/playbooks/sync",
        "/v1/playbooks/uploads",
        "/v1/playbooks/uploads/{token}",
        "/v1/playbooks/{playbook_id}/{version}",
        "/v1/playbooks/{playbook_id}/{version}/stats",
        "/v1/playbooks/{playbook_id}/{version}/status",
        "/v1/recommendations",
        "/v1/reports/compose",
        "/v1/ui/enhance",
        "/v1/validate",
        "/v1/version",
    }
    capabilities = (await http.get("/v1/capabilities")).json()
    assert (capabilities["refused"], capabilities["limits"]["body_bytes"]) == (0, LIMIT_BYTES)
    assert capabilities["playbooks"] >= 12
    assert (await http.get("/v1/version")).json()["protocol"] == "1"


def test_two_keys_may_be_accepted_while_one_is_replaced() -> None:
    """Both keys of the environment open the door, and are the default tenant's; nothing else does."""
    keys = accepted_keys(ServerSettings(api_keys=load_settings({"ESCHER_API_KEY": "old-key, new-key"}).api_keys))
    found = [keys.find(key) for key in ("old-key", "new-key", "old-key,", "")]
    assert [caller.tenant if caller else None for caller in found] == ["default", "default", None, None]
