"""Handlers of a run's events, alone and put together."""

from __future__ import annotations

import io
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from escher.contract.runs import RunEvent, RunResult, RunStatus, StepOutput, StepRetried
from escher.contract.ui import OutputLine
from escher.execution.handlers import (
    Metrics,
    buffered,
    console,
    fan_out,
    into_store,
    json_lines,
    nothing,
    only,
    to_file,
    webhook,
)

RETRIED = StepRetried(run_id="r", step_id="1.1", attempt=2, wait_seconds=1.5, because="Rate exceeded", at="")
PRINTED = StepOutput(run_id="r", lines=(OutputLine(seq=1, at="", step_id="1.1", stream="stdout", text="stopped"),))


def _result(status: RunStatus = "completed") -> RunResult:
    return RunResult(
        run_id="r", plan_id="p", status=status, summary="Stop it: done.", steps=(), targets=(), started_at="",
        completed_at="", duration_ms=40,
    )  # fmt: skip


def test_one_that_raises_does_not_keep_the_others_from_hearing(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, and every other handler gets every event."""
    heard: list[str] = []

    def broken(event: RunEvent) -> None:
        raise RuntimeError("nobody listens")

    both = fan_out(broken, nothing, lambda event: heard.append(event.type))
    both(PRINTED)
    both(_result())
    assert heard == ["execution_output", "result"]
    assert "nobody listens" in caplog.text


def test_a_filter_lets_only_the_wanted_through() -> None:
    """The others are not heard."""
    heard: list[RunEvent] = []
    few = only(lambda event: event.type == "result", heard.append)
    few(PRINTED)
    few(_result())
    assert heard == [_result()]


def test_events_are_handed_on_together() -> None:
    """When there are enough, and at the end of the run."""
    heard: list[tuple[RunEvent, ...]] = []
    handle = buffered(heard.append, most=2)
    for event in (PRINTED, RETRIED, PRINTED, _result()):
        handle(event)
    assert [len(events) for events in heard] == [2, 2]
    handle(_result())
    assert heard[-1] == (_result(),)


def test_the_console_says_what_happens() -> None:
    """Output, repeats and the end, as lines."""
    said: list[str] = []
    handle = console(said.append)
    for event in (PRINTED, RETRIED, _result()):
        handle(event)
    assert said == ["stopped", "  again in 1.5 s: Rate exceeded", "Stop it: done."]


def test_a_file_has_a_line_of_json_for_each_event(tmp_path: Path) -> None:
    """In their order, the result last; only its owner can read it."""
    handle = to_file(tmp_path / "events")
    handle(PRINTED)
    handle(_result())
    lines = [json.loads(line) for line in (tmp_path / "events").read_text().splitlines()]
    assert [line["type"] for line in lines] == ["execution_output", "result"]
    assert (tmp_path / "events").stat().st_mode & 0o777 == 0o600
    stream = io.StringIO()
    json_lines(stream)(RETRIED)
    assert json.loads(stream.getvalue())["because"] == "Rate exceeded"


def test_results_are_kept_and_counted() -> None:
    """By whoever keeps them, and in figures."""
    kept: list[RunResult] = []
    counted = Metrics()
    both = fan_out(into_store(kept.append), counted)
    for event in (PRINTED, RETRIED, _result(), _result("failed")):
        both(event)
    assert [one.status for one in kept] == ["completed", "failed"]
    assert json.loads(counted.document()) == {
        "total": 2, "completed": 1, "failed": 1, "retried_steps": 1, "mean_ms": 40.0,
    }  # fmt: skip


def test_a_webhook_is_told_of_a_failure_and_no_more() -> None:
    """Nothing that a step printed goes there."""
    got: list[dict[str, Any]] = []
    heard = threading.Event()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()
            heard.set()

        def log_message(self, format: str, *args: Any) -> None:
            """Print nothing."""

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        handle = webhook(f"http://127.0.0.1:{server.server_port}/")
        for event in (PRINTED, _result(), _result("failed")):
            handle(event)
        assert heard.wait(30)
        server.shutdown()
    assert got == [{"run_id": "r", "plan_id": "p", "status": "failed", "text": "Stop it: done."}]
