"""One run while it lives: its steps in their order, paused and cancelled between them, and the result they add up to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from escher.approval.approvals import Consumed
from escher.contract.plan import Plan, Step
from escher.contract.runs import (
    RunEvent,
    RunPaused,
    RunResult,
    RunStarted,
    RunStatus,
    StepEnded,
    StepOutput,
    StepResult,
    StepStarted,
    StepStatus,
)
from escher.execution.attempts import Stepper
from escher.execution.credentials import Credentials
from escher.execution.machine import move, run_status, summary
from escher.execution.outcomes import outcomes, over_budget, undoable, waves
from escher.execution.output import Output
from escher.execution.scheduling import DEPENDENCY_FAILED, course, lost

FLUSH_S = 0.1


class Run:
    """The state of one run, for one event loop."""

    def __init__(
        self, consumed: Consumed, emit: Callable[[RunEvent], None], credentials: Credentials, pace: float = 1.0
    ) -> None:
        self._consumed, self._plan, self._emit = consumed, consumed.plan, emit
        self._course = course(consumed.plan)
        self._begun = time.monotonic()
        self._results = dict(pending(consumed.plan))
        self._running: dict[str, asyncio.Task[StepResult]] = {}
        self._output = Output(lambda lines: emit(StepOutput(run_id=consumed.run_id, lines=lines)))
        self._stepper = Stepper(consumed, credentials, emit, self._output, pace=pace)
        self._may_go = asyncio.Event()
        self._may_go.set()
        self._cancelled_by = self._stopped = ""
        self._wave = 0

    def cancel(self, reason: str) -> None:
        """End what runs, and start nothing more."""
        self._cancelled_by = self._cancelled_by or reason
        self._stepper.cancel.set()
        self._may_go.set()

    def pause(self) -> None:
        """Start no more steps; those under way end."""
        if not self._stepper.cancel.is_set():
            self._may_go.clear()

    def resume(self) -> None:
        """Go on after a pause."""
        self._may_go.set()

    def started(self) -> RunStarted:
        """The first event."""
        consumed = self._consumed
        return RunStarted(
            run_id=consumed.run_id,
            plan_id=self._plan.plan_id,
            at=consumed.started_at.isoformat(),
            steps=len(self._plan.steps),
            audit_entry=consumed.audit_entry,
        )

    async def steps(self) -> RunStatus:
        """Run every step whose turn comes; how the run has ended."""
        flusher = asyncio.create_task(self._flush_often())
        try:
            while await self._go_on():
                await asyncio.wait(self._running.values(), return_when=asyncio.FIRST_COMPLETED)
                self._collect()
        finally:
            await _end([flusher, *self._running.values()])
            self._output.flush()
        return self._status()

    async def _go_on(self) -> bool:
        """Start what may start now; whether anything runs then."""
        if not self._may_go.is_set() and not self._running:
            await self._stand()
        if not self._may_go.is_set() or self._stepper.cancel.is_set():
            return bool(self._running)
        self._give_up_lost()
        room = self._course.width - len(self._running)
        for step in self._course.startable(self._states)[:room]:
            if step.wave > self._wave and not self._next_wave(step.wave):
                break
            self._start(step)
        return bool(self._running)

    def _next_wave(self, wave: int) -> bool:
        self._stopped = self._stopped or (over_budget(self._plan, self._results, self._wave) if self._wave else "")
        self._wave = self._wave if self._stopped else wave
        return not self._stopped

    async def _stand(self) -> None:
        """Wait between two steps until the run may go on or is cancelled."""
        for paused in (True, False):
            at = datetime.now(UTC).isoformat()
            self._emit(RunPaused(run_id=self._consumed.run_id, paused=paused, at=at))
            await self._may_go.wait()

    def _give_up_lost(self) -> None:
        for step_id in lost(self._course, self._states):
            given_up = {"status": move("pending", "cancelled"), "reason": DEPENDENCY_FAILED}
            self._results[step_id] = self._results[step_id].model_copy(update=given_up)
            self._tell_end(self._results[step_id])

    def _start(self, step: Step) -> None:
        self._results[step.step_id] = self._results[step.step_id].model_copy(
            update={"status": move("pending", "running"), "attempts": 1}
        )
        self._emit(
            StepStarted(
                run_id=self._consumed.run_id,
                step_id=step.step_id,
                step_number=self._course.places[step.step_id],
                total_steps=len(self._plan.steps),
                step_name=step.title,
                account_id=step.account_id,
                region=step.region,
                at=datetime.now(UTC).isoformat(),
            )
        )
        self._running[step.step_id] = asyncio.create_task(self._stepper.run(step, lambda: self._results))

    def _collect(self) -> None:
        for step_id, task in tuple(self._running.items()):
            if task.done():
                result = task.result()
                move("running", result.status)
                reason = f"cancelled by {self._cancelled_by}" if result.status == "cancelled" else result.reason
                self._results[step_id] = result.model_copy(update={"reason": reason})
                del self._running[step_id]
                self._tell_end(self._results[step_id])

    def _tell_end(self, result: StepResult) -> None:
        self._emit(
            StepEnded(
                run_id=self._consumed.run_id,
                step_id=result.step_id,
                status=result.status,
                exit_code=result.exit_code,
                duration_ms=result.duration_ms,
                error=result.error or (result.reason if result.status == "cancelled" else ""),
            )
        )

    async def _flush_often(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_S)
            self._output.flush()

    @property
    def _states(self) -> dict[str, StepStatus]:
        return {step_id: result.status for step_id, result in self._results.items()}

    def _status(self) -> RunStatus:
        ignored = {step.step_id for step in self._plan.steps if step.failure_action == "ignore"}
        counted: list[StepStatus] = [
            one.status
            for one in self._results.values()
            if not (one.step_id in ignored and one.status == "failed") and one.reason != DEPENDENCY_FAILED
        ]
        unfinished = any(status in ("pending", "cancelled") for status in counted)
        return run_status(counted, cancelled=bool(self._cancelled_by) and unfinished)

    def result(self, status: RunStatus) -> RunResult:
        """What the steps add up to so far, under this status."""
        steps = tuple(self._results.values())
        found = outcomes(self._plan, self._results)
        in_waves = waves(self._plan, found)
        failed = next((step for step in steps if step.error), None)
        cancelled = f"cancelled by {self._cancelled_by}" if status == "cancelled" and self._cancelled_by else ""
        return RunResult(
            run_id=self._consumed.run_id,
            plan_id=self._plan.plan_id,
            status=status,
            summary=summary(status, steps, len(found), self._plan.title, in_waves),
            steps=steps,
            targets=tuple(one.resource_id for one in found),
            started_at=self._consumed.started_at.isoformat(),
            completed_at=datetime.now(UTC).isoformat(),
            duration_ms=round((time.monotonic() - self._begun) * 1000),
            error=self._stopped or (failed.error if failed else cancelled),
            protections=tuple(self._stepper.protections),
            outcomes=found,
            waves=in_waves,
            undoable=undoable(self._plan, self._results),
        )


def pending(plan: Plan) -> list[tuple[str, StepResult]]:
    """Every step, not started."""
    return [
        (step.step_id, StepResult(step_id=step.step_id, title=step.title, status="pending", wave=step.wave))
        for step in plan.steps
    ]


def beginning(consumed: Consumed) -> RunResult:
    """How a run stands at the moment of its start."""
    return RunResult(
        run_id=consumed.run_id,
        plan_id=consumed.plan.plan_id,
        status="running",
        summary=f"{consumed.plan.title}: running.",
        steps=tuple(step for _, step in pending(consumed.plan)),
        targets=tuple(sorted({target for step in consumed.plan.steps for target in step.targets})),
        started_at=consumed.started_at.isoformat(),
        completed_at="",
        duration_ms=0,
    )


async def _end(tasks: Sequence[asyncio.Task[Any]]) -> None:
    """End what is still under way; what a task raised was raised where it was collected."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
