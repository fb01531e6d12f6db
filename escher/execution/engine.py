"""Run an approved plan: step after step, live, to one record of how it ended.

The right to run comes from `Approvals.consume` alone, so nothing here can start a plan twice. A step that fails stops
the run where its playbook says so; what was not started stays pending.
"""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from escher.approval.approvals import Approvals, Consumed
from escher.contract.audit import AuditEvent, AuditType
from escher.contract.estate import Account
from escher.contract.plan import Step
from escher.contract.ports import CloudAccess
from escher.contract.runs import (
    RunEvent,
    RunResult,
    RunStarted,
    RunStatus,
    StepEnded,
    StepOutput,
    StepResult,
    StepStarted,
    StepStatus,
)
from escher.errors import CredentialError, EscherError
from escher.execution.machine import after_exit, move, run_status, stops_the_run, summary
from escher.execution.output import HeadAndTail, Masker, Output
from escher.execution.process import run_process
from escher.execution.surroundings import command, environment
from escher.ledger.ledger import Ledger
from escher.store.operations import OPERATIONS, run_record
from escher.store.vault import Store

FLUSH_S = 0.1
Emit = Callable[[RunEvent], None]


class Engine:
    """Runs plans. One engine a session; runs are independent of each other."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        approvals: Approvals,
        access: CloudAccess,
        accounts: Callable[[], Mapping[str, Account]],
    ) -> None:
        self._store, self._ledger, self._approvals = store, ledger, approvals
        self._access, self._accounts = access, accounts
        self._cancels: dict[str, asyncio.Event] = {}
        self._admission = threading.Condition()
        self._admitted = 0
        self._refusal: EscherError | None = None

    async def run(self, plan_id: str, emit: Emit) -> RunResult:
        """Consume the plan's approval and run it. Raises ApprovalError before anything has started."""
        with self._admitting():
            consumed = self._approvals.consume(plan_id, f"run-{secrets.token_hex(8)}")
            return await self.run_consumed(consumed, emit)

    async def run_consumed(self, consumed: Consumed, emit: Emit) -> RunResult:
        """Run what was just consumed, and record its end whatever happens."""
        run = _Run(consumed, emit, self._access, self._accounts())
        self._cancels[consumed.run_id] = run.cancel
        emit(run.started())
        try:
            stopped_by = await run.steps()
        except asyncio.CancelledError:
            self._close(consumed, run.result("cancelled"))
            raise
        except BaseException:
            self._close(consumed, run.result("interrupted"))
            raise
        finally:
            del self._cancels[consumed.run_id]
        result = self._close(consumed, run.result(run_status(stopped_by)))
        emit(result)
        return result

    @property
    def running(self) -> int:
        """How many runs are under way and not recorded yet."""
        return self._admitted

    def drain(self, refusal: EscherError) -> None:
        """Begin no more runs, but raise this; and wait until all that are under way have ended and are recorded."""
        with self._admission:
            self._refusal = refusal
            self._admission.wait_for(lambda: self._admitted == 0)

    @contextmanager
    def _admitting(self) -> Generator[None]:
        with self._admission:
            if self._refusal is not None:
                raise self._refusal
            self._admitted += 1
        try:
            yield
        finally:
            with self._admission:
                self._admitted -= 1
                self._admission.notify_all()

    def cancel(self, run_id: str) -> bool:
        """Ask a run of this process to stop; False when it is not running here."""
        event = self._cancels.get(run_id)
        if event is not None:
            event.set()
        return event is not None

    def _close(self, consumed: Consumed, result: RunResult) -> RunResult:
        """Write the run's record and its audit event together."""
        type_: AuditType = "failed" if result.status in ("pending", "running") else result.status
        with self._store.transaction() as within:
            event = AuditEvent(
                type=type_,
                at=result.completed_at,
                actor=consumed.approved.approver,
                subject=result.run_id,
                details={"plan_id": result.plan_id, "digest": consumed.plan.digest, "targets": len(result.targets)},
            )
            entry = self._ledger.append(event, within=within)
            result = result.model_copy(update={"audit_entry": entry})
            record = run_record(
                result,
                consumed.plan,
                approver=consumed.approved.approver,
                context_id=consumed.context_id,
                before=consumed.targets,
                mask=Masker(()),
            )
            within.put(OPERATIONS, record)
        return result


class _Run:
    """The state of one run while it lives."""

    def __init__(self, consumed: Consumed, emit: Emit, access: CloudAccess, accounts: Mapping[str, Account]) -> None:
        self._consumed, self._emit, self._access, self._accounts = consumed, emit, access, accounts
        self._plan = consumed.plan
        self._begun = time.monotonic()
        self._results = {
            step.step_id: StepResult(step_id=step.step_id, title=step.title, status="pending")
            for step in self._plan.steps
        }
        self._output = Output(lambda lines: emit(StepOutput(run_id=consumed.run_id, lines=lines)))
        self.cancel = asyncio.Event()

    def started(self) -> RunStarted:
        consumed = self._consumed
        return RunStarted(
            run_id=consumed.run_id,
            plan_id=self._plan.plan_id,
            at=consumed.started_at.isoformat(),
            steps=len(self._plan.steps),
            audit_entry=consumed.audit_entry,
        )

    async def steps(self) -> StepStatus | None:
        """Run the steps in order; the end that stopped the run, or None when all of it ran."""
        for number, step in enumerate(self._plan.steps, start=1):
            if self.cancel.is_set():
                return "cancelled"
            result = await self._step(step, number)
            if stops_the_run(result.status, step.failure_action):
                return result.status
        return None

    async def _step(self, step: Step, number: int) -> StepResult:
        self._emit(
            StepStarted(
                run_id=self._consumed.run_id,
                step_id=step.step_id,
                step_number=number,
                total_steps=len(self._plan.steps),
                step_name=step.title,
                account_id=step.account_id,
                region=step.region,
                at=datetime.now(UTC).isoformat(),
            )
        )
        begun = time.monotonic()
        status, code, kept, error = await self._execute(step)
        result = StepResult(
            step_id=step.step_id,
            title=step.title,
            status=move("running", status),
            exit_code=code,
            duration_ms=max(1, round((time.monotonic() - begun) * 1000)),
            output=kept.text(),
            error=error,
        )
        self._results[step.step_id] = result
        self._emit(
            StepEnded(
                run_id=self._consumed.run_id,
                step_id=step.step_id,
                status=result.status,
                exit_code=code,
                duration_ms=result.duration_ms,
                error=error,
            )
        )
        return result

    async def _execute(self, step: Step) -> tuple[StepStatus, int | None, HeadAndTail, str]:
        kept, last_error = HeadAndTail(), ""
        try:
            credentials = await asyncio.to_thread(self._credentials, step)
        except EscherError as cause:
            return "failed", None, kept, str(cause)
        mask = Masker(credentials.values())

        def on_line(stream: str, text: str) -> None:
            nonlocal last_error
            line = mask(text)
            kept.add(line)
            last_error = line if stream == "stderr" and line.strip() else last_error
            self._output.add(step.step_id, "stderr" if stream == "stderr" else "stdout", line)

        with tempfile.TemporaryDirectory(prefix="escher-step-") as home:
            tools = self._consumed.approved.tools
            surroundings = environment(step, credentials, Path(home), tools)
            flusher = asyncio.create_task(self._flush_often())
            try:
                ending = await run_process(
                    command(step, tools),
                    surroundings,
                    Path(home),
                    timeout_s=step.timeout_seconds,
                    cancel=self.cancel,
                    on_line=on_line,
                )
            finally:
                flusher.cancel()
                with suppress(asyncio.CancelledError):
                    await flusher
                self._output.flush()
        status = after_exit(ending.exit_code, timed_out=ending.timed_out, cancelled=ending.cancelled)
        return status, ending.exit_code, kept, "" if status == "completed" else last_error

    def _credentials(self, step: Step) -> dict[str, str]:
        """The step's account's credentials, after the provider confirmed once more whose they are."""
        account = self._accounts.get(step.account_id)
        if account is None:
            raise CredentialError(f"account {step.account_id} is no longer configured.", hint="escher accounts add")
        if self._access.identity(account) != self._consumed.approved.identities.get(step.account_id):
            raise CredentialError(
                f"the credentials for {account.name} are not those of the approval.", hint="Ask again and approve anew."
            )
        return self._access.environment(account, step.environment.get("AWS_REGION", step.region))

    async def _flush_often(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_S)
            self._output.flush()

    def result(self, status: RunStatus) -> RunResult:
        steps = tuple(self._results.values())
        targets = tuple(sorted({target for step in self._plan.steps for target in step.targets}))
        failed = next((step for step in steps if step.error), None)
        return RunResult(
            run_id=self._consumed.run_id,
            plan_id=self._plan.plan_id,
            status=status,
            summary=summary(status, steps, len(targets), self._plan.title),
            steps=steps,
            targets=targets,
            started_at=self._consumed.started_at.isoformat(),
            completed_at=datetime.now(UTC).isoformat(),
            duration_ms=round((time.monotonic() - self._begun) * 1000),
            error=failed.error if failed else "",
        )
