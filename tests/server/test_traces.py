"""Nothing of a request stays: not in a log, not in a file."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from escher_server.runtime.request_log import RequestLog
from tests.server.conftest import context
from tests.server.requests import ROUTES, ask_everything
from tests.server.served import KEY, serving

WRITING = frozenset({"open", "os.rename", "os.mkdir", "os.remove", "os.link", "os.symlink"})
_CALLS = "openat,creat,rename,renameat,renameat2,link,linkat,symlinkat,mkdirat,write,writev,pwrite64,pwritev,sendfile,sendto,sendmsg"
_CHANGES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|rename|link|mkdir|creat\(")
_LOCKED = re.compile(r'openat\([^"]*"[^"]*tenants/default/lock", ')


async def test_no_canary_reaches_a_log(http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    """Twenty canaries in bodies, headers, paths and queries: none is in any record of the server."""
    caplog.set_level(logging.WARNING, logger="httpx")  # the client's own log names the address it asks
    caplog.set_level(logging.DEBUG)
    asked = await ask_everything(http)
    logged = "\n".join(f"{record.getMessage()} {record.exc_text} {record.args}" for record in caplog.records)
    assert "zebra" not in logged
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == "escher_server"]
    assert len(lines) == asked
    assert {line["route"] for line in lines} == {*ROUTES, "unmatched"}
    assert set(lines[0]) == {"event", "at", "tenant", "route", "kind", "status", "duration_ms", "bytes_in", "bytes_out"}


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


async def test_a_trace_of_the_file_system_shows_no_write_with_content(
    requires: Callable[[str, str], str], tmp_path: Path
) -> None:
    """Over more than 500 requests: after the first, no file is opened to be written but the lock of the tenant's own
    folder, and that stays empty; only sockets get content.
    """
    strace = requires("strace", "strace")
    trace = tmp_path / "trace"
    spied = (strace, "-f", "-qq", "-y", "-s", "65536", "-e", f"trace={_CALLS}", "-o", str(trace))
    with serving(tmp_path / "home", "--per-minute", "0", before=spied) as server:
        headers = {"authorization": f"Bearer {KEY}"}
        async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60) as client:
            await ask_everything(client)  # whatever is loaded once is loaded now
            await client.post("/v1/chat", json=context("").model_dump(mode="json") | {"message_id": "from-here-on"})
            asked = await ask_everything(client)
    seen = trace.read_text("utf-8", "replace").splitlines()
    start = next(place for place, line in enumerate(seen) if "from-here-on" in line)
    opened = [line for line in seen[start:] if _CHANGES.search(line) and not _LOCKED.search(line)]
    leaks = [line for line in seen if "zebra" in line and "<socket:" not in line and "<TCP" not in line]
    assert not sum(path.stat().st_size for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert asked > 500 and any("zebra" in line for line in seen)
    assert (opened, leaks) == ([], [])
    assert "zebra" not in server.written


def _reads(arguments: tuple[object, ...]) -> bool:
    mode, flags = arguments[1], arguments[2]
    return not any(letter in str(mode) for letter in "wax+") if mode else not (isinstance(flags, int) and flags & 0b11)


async def test_a_defect_is_logged_by_its_place_alone(caplog: pytest.LogCaptureFixture) -> None:
    """The words of an unexpected error may hold content, so only its type and place are told; the answer is a 500."""
    app = FastAPI()

    @app.get("/v1/broken")
    async def broken() -> None:
        raise ValueError("canary-zebra")

    app.add_middleware(RequestLog)
    caplog.set_level(logging.DEBUG)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
        response = await client.get("/v1/broken")
    assert (response.status_code, response.json()["code"]) == (500, "internal")
    assert "zebra" not in caplog.text + response.text
    failure = json.loads(next(record.getMessage() for record in caplog.records if record.levelname == "ERROR"))
    assert failure["type"] == "ValueError"
    assert "test_traces.py" in failure["at"][-1]
