"""Wait for a run: Ctrl-C ends the waiting and not the run; a second one within a few seconds cancels it."""

from __future__ import annotations

import time
from collections.abc import Callable

from escher.commands.command import Invocation, Outcome
from escher.commands.interrupting import INTERRUPTED
from escher.contract.runs import RunEvent, RunResult, RunStarted

GRACE_S = 3.0
Wait = Callable[[Callable[[RunEvent], None]], RunResult]


def wait_for_run(call: Invocation, wait: Wait, run_id: str = "") -> RunResult | Outcome:
    """What `wait` returns, with each event told as it comes; or what to say when a person stopped waiting."""
    known = run_id

    def on_event(event: RunEvent) -> None:
        nonlocal known
        known = event.run_id if isinstance(event, RunStarted) else known
        call.emit(event.model_dump(mode="json"))

    try:
        return wait(on_event)
    except KeyboardInterrupt:
        return _left(call, known)


def _left(call: Invocation, run_id: str) -> RunResult | Outcome:
    """Leave the run alone, unless the person presses Ctrl-C once more."""
    where = f"escher runs follow {run_id}" if run_id else "escher runs"
    left = Outcome({"type": "run_left", "run_id": run_id}, f"It goes on without you: {where}", INTERRUPTED)
    if not run_id:
        return left
    try:
        message = "The run goes on. Press Ctrl-C again within 3 seconds to cancel it."
        call.emit({"type": "run_left", "run_id": run_id, "message": message})
        time.sleep(GRACE_S)
    except KeyboardInterrupt:
        call.session.runs.cancel(run_id)
        result = call.session.runs.wait_for(run_id)
        call.emit(result.model_dump(mode="json"))
        return result
    return left
