"""Every route of the OpenAPI document against every sort of key: 401 before anything is read, 403 before it is checked."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from escher.contract.context import LIMIT_BYTES
from escher_server.app import create_app
from escher_server.runtime.caller import INCLUDES, Right
from escher_server.runtime.key_file import KeyFile
from escher_server.settings import ServerSettings
from tests.server.requests import OPERATIONS, SCHEMA, filled

CLOSED = [operation for operation in OPERATIONS if operation[1] != "/v1/health"]
PROTECTED = [
    (method, path, tuple(SCHEMA["paths"][path][method.lower()]["x-scopes"]))
    for method, path in OPERATIONS
    if "x-scopes" in SCHEMA["paths"][path][method.lower()]
]
HEADERS = [
    ("no key", []),
    ("a wrong key", [(b"authorization", b"Bearer wrong")]),
    ("an unknown id", [(b"authorization", b"Bearer esk_00000000_zebra")]),
    ("two keys", [(b"authorization", b"Bearer a-key"), (b"authorization", b"Bearer another")]),
    ("another scheme", [(b"authorization", b"Basic d3Jvbmc6d3Jvbmc=")]),
]


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> tuple[FastAPI, dict[Right, str]]:
    """An application, and a key of each scope."""
    home = tmp_path_factory.mktemp("home")
    keys = {scope: KeyFile(home).create("acme", (scope,))[0] for scope in INCLUDES}
    return create_app(ServerSettings(home=home)), keys


async def ask(app: FastAPI, method: str, path: str, headers: list[tuple[bytes, bytes]]) -> tuple[int, int, bytes]:
    """Status, how often a piece of the body was asked for, and the answer; the body is endless rubbish."""
    asked, status, answer = 0, 0, b""

    async def receive() -> dict[str, Any]:
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": b'{"zebra": ' + b"x" * 65_536, "more_body": True}

    async def send(message: Any) -> None:
        nonlocal status, answer
        status, answer = message.get("status", status), answer + message.get("body", b"")

    scope = {"type": "http", "method": method, "path": path, "query_string": b"zebra", "headers": headers}
    await app(scope, receive, send)
    return status, asked, answer


@pytest.mark.parametrize(("sort", "headers"), HEADERS)
@pytest.mark.parametrize(("method", "path"), CLOSED)
async def test_without_a_right_key_nothing_is_read(
    keyed: tuple[FastAPI, dict[Right, str]], method: str, path: str, sort: str, headers: list[tuple[bytes, bytes]]
) -> None:
    """401 and nothing echoed, however bad the body, and also where it says that it is too large."""
    too_large = (b"content-length", str(LIMIT_BYTES * 2).encode())
    for more in ([], [too_large], [(b"content-type", b"application/json")]):
        status, asked, answer = await ask(keyed[0], method, filled(path, "zebra"), [*headers, *more])
        assert (status, asked, b"zebra" in answer) == (401, 0, False), sort


@pytest.mark.parametrize(("method", "path", "scopes"), PROTECTED)
async def test_a_key_without_the_scope_is_refused_before_the_body(
    keyed: tuple[FastAPI, dict[Right, str]], method: str, path: str, scopes: tuple[Right, ...]
) -> None:
    """403 for every scope that does not include the needed one; the others get past the door."""
    app, keys = keyed
    for scope, key in keys.items():
        headers = [(b"authorization", f"Bearer {key}".encode())]
        status, asked, _ = await ask(app, method, filled(path, "zebra"), headers)
        allowed = not INCLUDES[scope].isdisjoint(scopes)
        assert (status == 403, asked == 0) == (not allowed, not allowed), scope


def test_the_document_says_who_may_do_what(keyed: tuple[FastAPI, dict[Right, str]]) -> None:
    """A key for everything but liveness, and the scopes of what takes more than a user's."""
    schema = keyed[0].openapi()
    assert schema["security"] == [{"key": []}] and schema["paths"]["/v1/health"]["get"]["security"] == []
    assert {(method, path): scopes for method, path, scopes in PROTECTED} == {
        ("POST", "/v1/playbooks"): ("publisher",),
        ("POST", "/v1/playbooks/uploads"): ("publisher",),
        ("POST", "/v1/playbooks/{playbook_id}/{version}/status"): ("publisher", "reviewer"),
        ("DELETE", "/v1/playbooks/{playbook_id}/{version}"): ("publisher",),
        ("POST", "/v1/playbooks/sync"): ("admin",),
        ("POST", "/v1/playbooks/register"): ("admin",),
    }
