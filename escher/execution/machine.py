"""The states of runs and steps and the moves between them. Pure (spec/execution.md section 4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from escher.contract.runs import RunStatus, StepResult, StepStatus, WaveResult

_MOVES: dict[StepStatus, frozenset[StepStatus]] = {
    "pending": frozenset({"running", "cancelled", "failed"}),
    "running": frozenset({"completed", "failed", "cancelled", "timeout"}),
    "completed": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
    "timeout": frozenset(),
}
FAILED: frozenset[StepStatus] = frozenset({"failed", "timeout", "cancelled"})


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


def run_status(ends: Iterable[StepStatus], *, cancelled: bool = False) -> RunStatus:
    """The run's end from the ends of those steps that count: completed, unless one of them is not."""
    found = set(ends)
    if cancelled or "cancelled" in found:
        return "cancelled"
    if "failed" in found:
        return "failed"
    return "timeout" if "timeout" in found else "completed"


def summary(
    status: RunStatus, steps: Sequence[StepResult], targets: int, title: str, waves: Sequence[WaveResult] = ()
) -> str:
    """The end of a run in a sentence."""
    done = sum(step.status == "completed" for step in steps)
    noun = "resource" if targets == 1 else "resources"
    if status == "completed":
        return f"{title}: done on {targets} {noun}, {done} of {len(steps)} steps completed."
    if any(wave.touched for wave in waves):
        return f"{title}: {status}{_in_waves(waves)}; {done} of {len(steps)} steps completed."
    failed = next((step for step in steps if step.status in FAILED and step.reason != "dependency_failed"), None)
    where = f" at step {failed.step_id} ({failed.title})" if failed else ""
    pending = any(step.status == "pending" for step in steps)
    rest = ", nothing after it was started" if pending or failed is None or failed is steps[-1] else ""
    return f"{title}: {status}{where}; {done} of {len(steps)} steps completed{rest}."


def _in_waves(waves: Sequence[WaveResult]) -> str:
    touched, failed = sum(wave.touched for wave in waves), sum(wave.failed for wave in waves)
    untouched = sum(wave.untouched for wave in waves)
    last = max(wave.wave for wave in waves if wave.touched)
    total = touched + untouched
    return (
        f" in wave {last}: of {total} resources {touched} touched, {failed} of them failed, {untouched} never touched"
    )
