"""What a run tells while it runs and at its end: the JSON lines of `escher run`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from escher.contract.ui import OutputLine
from escher.contract.wire import Wire

StepStatus = Literal["pending", "running", "completed", "failed", "cancelled", "timeout"]
RunStatus = Literal["pending", "running", "completed", "failed", "cancelled", "timeout", "interrupted"]


class RunStarted(Wire):
    """The approval was consumed and written to the audit trail; now the first step may start."""

    type: Literal["execution_started"] = "execution_started"
    run_id: str
    plan_id: str
    at: str
    steps: int
    audit_entry: int


class StepStarted(Wire):
    """A step's process starts."""

    type: Literal["playbook_step_start"] = "playbook_step_start"
    run_id: str
    step_id: str
    step_number: int
    total_steps: int
    step_name: str
    account_id: str
    region: str
    at: str


class StepOutput(Wire):
    """Lines a step printed, masked."""

    type: Literal["execution_output"] = "execution_output"
    run_id: str
    lines: tuple[OutputLine, ...]


class StepEnded(Wire):
    """A step's process ended."""

    type: Literal["playbook_step_complete"] = "playbook_step_complete"
    run_id: str
    step_id: str
    status: StepStatus
    exit_code: int | None
    duration_ms: int
    error: str = ""


class StepResult(Wire):
    """How one step ended, with the last of its output."""

    step_id: str
    title: str
    status: StepStatus
    exit_code: int | None = None
    duration_ms: int = 0
    output: str = ""
    error: str = ""


class RunResult(Wire):
    """The end of a run, always the last event. `summary` is a sentence."""

    type: Literal["result"] = "result"
    run_id: str
    plan_id: str
    status: RunStatus
    summary: str
    steps: tuple[StepResult, ...]
    targets: tuple[str, ...]
    started_at: str
    completed_at: str
    duration_ms: int
    error: str = ""
    audit_entry: int | None = None


RunEvent = Annotated[RunStarted | StepStarted | StepOutput | StepEnded | RunResult, Field(discriminator="type")]
