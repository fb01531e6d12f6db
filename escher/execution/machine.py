"""The states of runs and steps and the moves between them. Pure (spec/execution.md section 4)."""

from __future__ import annotations

from collections.abc import Sequence

from escher.contract.runs import RunStatus, StepResult, StepStatus

_MOVES: dict[StepStatus, frozenset[StepStatus]] = {
    "pending": frozenset({"running", "cancelled", "failed"}),
    "running": frozenset({"completed", "failed", "cancelled", "timeout"}),
    "completed": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
    "timeout": frozenset(),
}


def move(state: StepStatus, to: StepStatus) -> StepStatus:
    """The new state. Raises ValueError for a move that does not exist: a final state stays."""
    if to not in _MOVES[state]:
        raise ValueError(f"a {state} step cannot become {to}")
    return to


def after_exit(code: int | None, *, timed_out: bool, cancelled: bool) -> StepStatus:
    """How a process's end reads."""
    if cancelled:
        return "cancelled"
    if timed_out:
        return "timeout"
    return "completed" if code == 0 else "failed"


def stops_the_run(status: StepStatus, failure_action: str) -> bool:
    """Whether no further step may start after this one."""
    return status in ("cancelled", "timeout") or (status == "failed" and failure_action != "ignore")


def run_status(stopped_by: StepStatus | None) -> RunStatus:
    """The run's end: completed, unless a step's end stopped it."""
    return "completed" if stopped_by is None else stopped_by


def summary(status: RunStatus, steps: Sequence[StepResult], targets: int, title: str) -> str:
    """The end of a run in a sentence."""
    done = sum(step.status == "completed" for step in steps)
    noun = "resource" if targets == 1 else "resources"
    if status == "completed":
        return f"{title}: done on {targets} {noun}, {done} of {len(steps)} steps completed."
    failed = next((step for step in steps if step.status in ("failed", "timeout", "cancelled")), None)
    where = f" at step {failed.step_id} ({failed.title})" if failed else ""
    return f"{title}: {status}{where}; {done} of {len(steps)} steps completed, nothing after it was started."
