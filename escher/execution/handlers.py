"""What can be done with the events of a run: each handler is a function of one event, and most wrap others.

A handler is quick and gets what a person may see: everything is masked. One that raises is logged by `safely` and by
`fan_out`, and changes nothing for the run or the others. The order of a run's events is kept, its result comes last.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TextIO

import httpx

from escher.contract.runs import RunEvent, RunResult, StepEnded, StepOutput, StepRetried, StepStarted

Handler = Callable[[RunEvent], None]
Said = Callable[[str], None]
WEBHOOK_TIMEOUT_S = 10.0
_log = logging.getLogger(__name__)


def nothing(event: RunEvent) -> None:
    """Ignore every event."""


def safely(handler: Handler) -> Handler:
    """The handler, whose errors are logged and go no further."""

    def handle(event: RunEvent) -> None:
        try:
            handler(event)
        except Exception as cause:  # noqa: BLE001 a listener may raise anything, and must not end a run
            # Whatever a listener got wrong, the run goes on and its record is kept; the log says what it was.
            _log.warning("a handler failed on %s: %s: %s", event.type, type(cause).__name__, cause)

    return handle


def fan_out(*handlers: Handler) -> Handler:
    """All of them, each in turn."""
    safe = [safely(handler) for handler in handlers]

    def handle(event: RunEvent) -> None:
        for handler in safe:
            handler(event)

    return handle


def only(wanted: Callable[[RunEvent], bool], handler: Handler) -> Handler:
    """The handler, for the wanted events alone."""

    def handle(event: RunEvent) -> None:
        if wanted(event):
            handler(event)

    return handle


def buffered(handler: Callable[[tuple[RunEvent, ...]], None], most: int = 100) -> Handler:
    """Events handed on together: as soon as there are `most`, and at the end of the run."""
    waiting: list[RunEvent] = []

    def handle(event: RunEvent) -> None:
        waiting.append(event)
        if len(waiting) >= most or isinstance(event, RunResult):
            events = tuple(waiting)
            waiting.clear()
            handler(events)

    return handle


def console(say: Said = print) -> Handler:
    """Each event as lines of text."""

    def handle(event: RunEvent) -> None:
        match event:
            case StepOutput(lines=lines):
                for line in lines:
                    say(line.text)
            case StepStarted():
                say(f"[{event.step_number}/{event.total_steps}] {event.step_name} ({event.account_id}, {event.region})")
            case StepRetried():
                say(f"  again in {event.wait_seconds:g} s: {event.because}")
            case StepEnded():
                say(f"  {event.status}{': ' + event.error if event.error else ''}")
            case RunResult():
                say(event.summary)
            case _:
                pass

    return handle


def json_lines(file: TextIO) -> Handler:
    """Each event as a line of JSON."""

    def handle(event: RunEvent) -> None:
        file.write(event.model_dump_json() + "\n")
        if isinstance(event, RunResult):
            file.flush()

    return handle


def to_file(path: Path) -> Handler:
    """`json_lines` into a file that only its owner can read, closed at the end of the run."""
    path.touch(mode=0o600)
    file = path.open("a", encoding="utf-8")
    write = json_lines(file)

    def handle(event: RunEvent) -> None:
        write(event)
        if isinstance(event, RunResult):
            file.close()

    return handle


def webhook(url: str, when: Literal["failure", "always"] = "failure") -> Handler:
    """A JSON document to an address when a run has ended: run, plan, status and summary, nothing that a step printed.

    It is sent by a thread of its own; what goes wrong there is logged.
    """

    def send(result: RunResult) -> None:
        told = {"run_id": result.run_id, "plan_id": result.plan_id, "status": result.status, "text": result.summary}
        try:
            httpx.post(url, json=told, timeout=WEBHOOK_TIMEOUT_S).raise_for_status()
        except httpx.HTTPError as cause:
            _log.warning("the webhook was not reached: %s", type(cause).__name__)

    def handle(event: RunEvent) -> None:
        if isinstance(event, RunResult) and (when == "always" or event.status != "completed"):
            threading.Thread(target=send, args=(event,)).start()

    return handle


def into_store(keep: Callable[[RunResult], None]) -> Handler:
    """The result alone, for whoever keeps it."""

    def handle(event: RunEvent) -> None:
        if isinstance(event, RunResult):
            keep(event)

    return handle


@dataclass
class Metrics:
    """A handler that counts runs: all that ended, how they ended, and how long they took on average."""

    total: int = 0
    completed: int = 0
    failed: int = 0
    retried_steps: int = 0
    _milliseconds: int = 0

    def __call__(self, event: RunEvent) -> None:
        """Count an event."""
        self.retried_steps += isinstance(event, StepRetried)
        if isinstance(event, RunResult):
            self.total += 1
            self.completed += event.status == "completed"
            self.failed += event.status != "completed"
            self._milliseconds += event.duration_ms

    @property
    def mean_ms(self) -> float:
        """The mean duration of the runs, in milliseconds; 0 before the first has ended."""
        return self._milliseconds / self.total if self.total else 0.0

    def document(self) -> str:
        """The counts as JSON."""
        counts = {"total": self.total, "completed": self.completed, "failed": self.failed}
        return json.dumps(counts | {"retried_steps": self.retried_steps, "mean_ms": round(self.mean_ms, 1)})
