"""What a run tells while it runs and at its end: the JSON lines of `escher run`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from escher.contract.ui import OutputLine
from escher.contract.wire import Wire

StepStatus = Literal["pending", "running", "completed", "failed", "cancelled", "timeout"]
RunStatus = Literal["pending", "running", "paused", "completed", "failed", "cancelled", "timeout", "interrupted"]
TargetStatus = Literal["done", "failed", "partly", "untouched"]


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


class StepRetried(Wire):
    """A step failed in a way that passes, and is tried again after `wait_seconds`. `attempt` counts what is to come."""

    type: Literal["step_retried"] = "step_retried"
    run_id: str
    step_id: str
    attempt: int
    wait_seconds: float
    because: str
    at: str


class RunPaused(Wire):
    """A run stands between two steps (`paused`), or goes on."""

    type: Literal["execution_paused"] = "execution_paused"
    run_id: str
    paused: bool
    at: str


class StepResult(Wire):
    """How one step ended, with the last of its output.

    `attempts` is how often it was started. `reason` says why a step was not started or ended other than by itself:
    `dependency_failed`, who cancelled it, or that its verification decided after an unclear failure.
    """

    step_id: str
    title: str
    status: StepStatus
    exit_code: int | None = None
    duration_ms: int = 0
    output: str = ""
    error: str = ""
    attempts: int = 0
    reason: str = ""
    wave: int = 0


class TargetOutcome(Wire):
    """What became of one target. `partly`: some of its changes were made, and the others were not begun."""

    resource_id: str
    status: TargetStatus


class WaveResult(Wire):
    """What became of the targets of one wave, in numbers."""

    wave: int
    touched: int
    failed: int
    untouched: int


class RunResult(Wire):
    """The end of a run, always the last event. `summary` is a sentence.

    `protections` say in sentences what stood around its steps; `undoable` that something of it can be undone, `remediation`
    what was done about its failure by the user's own rules.
    """

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
    protections: tuple[str, ...] = ()
    outcomes: tuple[TargetOutcome, ...] = ()
    waves: tuple[WaveResult, ...] = ()
    undoable: bool = False
    remediation: str = ""


RunEvent = Annotated[
    RunStarted | StepStarted | StepOutput | StepRetried | StepEnded | RunPaused | RunResult, Field(discriminator="type")
]
