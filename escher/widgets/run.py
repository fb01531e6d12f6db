"""A run as components: its tracker while it runs, and its result. Pure; the events come from `contract.runs`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

from escher.contract.agents import Fixes
from escher.contract.plan import Plan
from escher.contract.runs import (
    RunEvent,
    RunPaused,
    RunResult,
    RunStarted,
    RunStatus,
    StepEnded,
    StepOutput,
    StepStarted,
)
from escher.contract.ui import (
    Component,
    ExecutionResult,
    OutputLine,
    ProgressData,
    ProgressProps,
    ProgressTracker,
    Remedy,
    ResultData,
    ResultProps,
    TrackedStep,
)

FinalStatus = Literal["completed", "failed", "cancelled", "timeout", "interrupted"]
MOST_NAMED = 3
_TITLES: dict[FinalStatus, str] = {
    "completed": "Done",
    "failed": "Failed",
    "cancelled": "Cancelled",
    "timeout": "Out of time",
    "interrupted": "Interrupted",
}


def run_components(plan: Plan, events: Iterable[RunEvent]) -> tuple[Component, ...]:
    """Everything there is to show of a run after these events: the tracker with its lines, then the result."""
    tracker: ProgressTracker | None = None
    lines: list[OutputLine] = []
    shown: tuple[Component, ...] = ()
    for event in events:
        if isinstance(event, StepOutput):
            lines += event.lines
        elif isinstance(event, RunResult):
            shown = (result(plan, event),)
        tracker = track(plan, tracker, event)
    if tracker is None:
        return shown
    data = tracker.data.model_copy(update={"lines": tuple(lines[-2_000:])})
    return (tracker.model_copy(update={"data": data}), *shown)


def track(plan: Plan, tracker: ProgressTracker | None, event: RunEvent) -> ProgressTracker | None:
    """The tracker after one more event; None until the run has started. Lines of output are not part of it."""
    if isinstance(event, RunStarted):
        return _started(plan, event)
    if tracker is None:
        return None
    data = tracker.data
    if isinstance(event, StepStarted):
        data = _with_step(data, event.step_id, "running").model_copy(
            update={"status": "running", "elapsed_s": _seconds(data.started_at, event.at)}
        )
    elif isinstance(event, RunPaused):
        data = data.model_copy(update={"status": "paused" if event.paused else "running"})
    elif isinstance(event, StepEnded):
        data = _with_step(data, event.step_id, event.status)
    elif isinstance(event, RunResult):
        data = data.model_copy(update={"status": event.status, "elapsed_s": event.duration_ms / 1000})
    return tracker.model_copy(update={"data": data})


def result(plan: Plan, ended: RunResult, fixes: Fixes | None = None) -> ExecutionResult:
    """How a run ended, with the step that failed, what may help, and the next move."""
    places = {step.step_id: step for step in plan.steps}
    failed = next((step for step in ended.steps if step.status in ("failed", "timeout")), None)
    steps = tuple(
        TrackedStep(
            step_id=step.step_id,
            title=step.title,
            account=places[step.step_id].account_name or places[step.step_id].account_id,
            region=places[step.step_id].region,
            status=step.status,
        )
        for step in ended.steps
    )
    status = _final(ended.status)
    return ExecutionResult(
        id=f"result-{ended.run_id}",
        props=ResultProps(title=_TITLES[status]),
        data=ResultData(
            run_id=ended.run_id,
            plan_id=ended.plan_id,
            status=status,
            summary=" ".join(filter(None, (ended.summary, ended.remediation))),
            duration_s=ended.duration_ms / 1000,
            steps=steps,
            output=failed.output if failed else "",
            error=ended.error or (failed.error if failed else ""),
            audit_entry=ended.audit_entry,
            next_actions=_next_actions(ended, status),
            protections=ended.protections,
            remedies=tuple(_remedies(plan, ended, fixes)) if fixes else (),
        ),
    )


def tracker_id(run_id: str) -> str:
    """The id of the tracker of a run, for `View.append`."""
    return f"run-{run_id}"


def _started(plan: Plan, event: RunStarted) -> ProgressTracker:
    steps = tuple(
        TrackedStep(
            step_id=step.step_id, title=step.title, account=step.account_name or step.account_id, region=step.region
        )
        for step in plan.steps
    )
    return ProgressTracker(
        id=tracker_id(event.run_id),
        props=ProgressProps(title=plan.title),
        data=ProgressData(
            run_id=event.run_id,
            status="running",
            steps=steps,
            started_at=event.at,
            footer=f"Approved: audit entry {event.audit_entry}",
        ),
    )


def _with_step(data: ProgressData, step_id: str, status: str) -> ProgressData:
    steps = tuple(
        step.model_copy(update={"status": status}) if step.step_id == step_id else step for step in data.steps
    )
    return data.model_copy(update={"steps": steps})


def _final(status: RunStatus) -> FinalStatus:
    """A result that says its run still goes on is that of a run that nobody ended."""
    return "interrupted" if status in ("pending", "running", "paused") else status


def _next_actions(ended: RunResult, status: FinalStatus) -> tuple[str, ...]:
    """The commands that go on from here; each makes a plan that is shown and approved, or only looks."""
    go_on = f"Nothing is repeated by itself. What it has left: escher runs resume {ended.run_id}"
    undo = f"Undo: escher undo {ended.run_id}"
    return (
        *((go_on,) if status != "completed" else ()),
        *((undo,) if ended.undoable else ()),
        f"The whole record: escher runs show {ended.run_id}",
        "Prove what happened: escher audit verify",
    )


def _remedies(plan: Plan, ended: RunResult, fixes: Fixes) -> Iterator[Remedy]:
    """Playbooks first, with words to ask for them on the failed step's targets; then what else may help."""
    names = _failed_on(plan, ended)
    for one in fixes.playbooks:
        prompt = f"{one.name} on {names}" if names else one.name
        yield Remedy(title=f"{one.name} ({one.playbook_id})", reason=one.reason, risk=one.risk, prompt=prompt)
    yield from (Remedy(title=one.title, reason=one.reason, risk=one.risk) for one in fixes.fixes)


def _failed_on(plan: Plan, ended: RunResult) -> str:
    """The last part of each id of at most three targets of the step that failed; of more, nothing: the user names them."""
    failed = next((one.step_id for one in ended.steps if one.status in ("failed", "timeout")), "")
    targets = next((step.targets for step in plan.steps if step.step_id == failed), ())
    return ", ".join(re.split(r"[/:]", target)[-1] for target in targets) if len(targets) <= MOST_NAMED else ""


def _seconds(start: str, end: str) -> float:
    return max(0.0, (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds())
