"""Nothing of a request stays: not in a log, not in a file."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from escher_server.runtime.request_log import RequestLog
from tests.server.conftest import context

CANARIES = [f"canary{number:02d}zebra" for number in range(20)]
WRITING = frozenset({"open", "os.rename", "os.mkdir", "os.remove", "os.link", "os.symlink"})


async def ask_everything(http: httpx.AsyncClient) -> None:
    """Every route, with canaries in every free place, well-formed and not."""
    headers = {"x-canary": CANARIES[0], "cookie": CANARIES[1]}
    for number, canary in enumerate(CANARIES):
        good = context(f"stop {canary} in us-east-1").model_dump(mode="json") | {"message_id": canary}
        for path in ("/v1/chat", "/v1/intent", "/v1/playbooks/search"):
            await http.post(path, json=good, headers=headers)
            await http.post(path, json=good | {canary: canary}, headers=headers)
            await http.post(path, content=f'{{"prompt": "{canary}'.encode())
        await http.get(f"/v1/playbooks/{canary}/{number}?q={canary}")
        await http.get(f"/v1/{canary}")


async def test_no_canary_reaches_a_log(http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    """Twenty canaries in bodies, headers, paths and queries: none is in any record of the server."""
    caplog.set_level(logging.WARNING, logger="httpx")  # the client's own log names the address it asks
    caplog.set_level(logging.DEBUG)
    await ask_everything(http)
    logged = "\n".join(f"{record.getMessage()} {record.exc_text} {record.args}" for record in caplog.records)
    assert "zebra" not in logged
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == "escher_server"]
    assert len(lines) == 20 * 11
    assert {line["route"] for line in lines} >= {"/v1/chat", "/v1/playbooks/{playbook_id}/{version}", "unmatched"}
    assert set(lines[0]) == {"event", "route", "kind", "status", "duration_ms", "bytes_in", "bytes_out"}


async def test_no_request_writes_a_file(
    http: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While requests are answered, nothing is opened for writing, and the working folder stays empty."""
    await ask_everything(http)  # whatever is loaded once is loaded now
    monkeypatch.chdir(tmp_path)
    written: list[object] = []
    watching = True

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event in WRITING and not (event == "open" and _reads(arguments)):
            written.append((event, arguments[0]))

    sys.addaudithook(watch)
    await ask_everything(http)
    watching = False
    assert (written, list(tmp_path.iterdir())) == ([], [])


def _reads(arguments: tuple[object, ...]) -> bool:
    mode, flags = arguments[1], arguments[2]
    return not any(letter in str(mode) for letter in "wax+") if mode else not (isinstance(flags, int) and flags & 0b11)


async def test_a_defect_is_logged_by_its_place_alone(caplog: pytest.LogCaptureFixture) -> None:
    """The words of an unexpected error may hold content, so only its type and place are told; the answer is a 500."""
    app = FastAPI()

    @app.get("/v1/broken")
    async def broken() -> None:
        raise ValueError(CANARIES[0])

    app.add_middleware(RequestLog)
    caplog.set_level(logging.DEBUG)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
        response = await client.get("/v1/broken")
    assert (response.status_code, response.json()["code"]) == (500, "internal")
    assert "zebra" not in caplog.text + response.text
    failure = json.loads(next(record.getMessage() for record in caplog.records if record.levelname == "ERROR"))
    assert failure["type"] == "ValueError"
    assert "test_traces.py" in failure["at"][-1]
