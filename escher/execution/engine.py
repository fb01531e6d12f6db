"""Run an approved plan: step after step, live, to one record of how it ended.

The right to run comes from `Approvals.consume` alone, so nothing here can start a plan twice. The record of a run is
written with `running` in the transaction that consumes the approval, and once more at its end.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping

from escher.approval.approvals import Approvals, Consumed
from escher.contract.audit import AuditEvent, AuditType
from escher.contract.estate import Account
from escher.contract.ports import CloudAccess
from escher.contract.runs import RunEvent, RunResult, StepOutput
from escher.execution.credentials import Credentials
from escher.execution.handlers import only, safely
from escher.execution.output import Masker
from escher.execution.running import Run, beginning
from escher.execution.scheduling import course
from escher.ledger.ledger import Ledger
from escher.store.operations import OPERATIONS, run_record
from escher.store.records import Record
from escher.store.vault import Store, Transaction

Emit = Callable[[RunEvent], None]


class Engine:
    """Runs plans; runs are independent of each other.

    `streams` says whether output is told while it comes, or is in the result alone; `pace` scales every wait between
    attempts.
    """

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        approvals: Approvals,
        access: CloudAccess,
        accounts: Callable[[], Mapping[str, Account]],
        *,
        credentials: Credentials | None = None,
        streams: bool = True,
        pace: float = 1.0,
    ) -> None:
        self._store, self._ledger, self._approvals = store, ledger, approvals
        self._streams, self._pace = streams, pace
        self._credentials = credentials or Credentials(access, accounts)
        self._runs: dict[str, tuple[Run, asyncio.AbstractEventLoop]] = {}

    async def run(self, plan_id: str, emit: Emit, run_id: str | None = None) -> RunResult:
        """Consume the plan's approval and run it. Raises ApprovalError, PlanRefused before anything has started."""
        course(self._approvals.plan(plan_id))
        chosen = run_id or f"run-{secrets.token_hex(8)}"
        consumed = await asyncio.to_thread(self._approvals.consume, plan_id, chosen, self._begin)
        return await self.run_consumed(consumed, emit)

    async def run_consumed(self, consumed: Consumed, emit: Emit) -> RunResult:
        """Run what was just consumed, and record its end whatever happens. An error in `emit` is logged, no more."""
        tell = safely(emit if self._streams else only(lambda event: not isinstance(event, StepOutput), emit))
        run = Run(consumed, tell, self._credentials, self._pace)
        self._runs[consumed.run_id] = run, asyncio.get_running_loop()
        tell(run.started())
        try:
            status = await run.steps()
        except asyncio.CancelledError:
            self._close(consumed, run.result("cancelled"))
            raise
        except BaseException:
            self._close(consumed, run.result("interrupted"))
            raise
        finally:
            del self._runs[consumed.run_id]
            self._credentials.forget(consumed.plan)
        result = self._close(consumed, run.result(status))
        tell(result)
        return result

    def cancel(self, run_id: str, reason: str = "user") -> bool:
        """Ask a run of this process to stop, from any thread; False when it is not running here."""
        return self._ask(run_id, lambda run: run.cancel(reason))

    def pause(self, run_id: str) -> bool:
        """Let a run of this process stand before its next step; False when it is not running here."""
        return self._ask(run_id, Run.pause)

    def resume(self, run_id: str) -> bool:
        """Let a paused run go on; False when it is not running here."""
        return self._ask(run_id, Run.resume)

    def _ask(self, run_id: str, what: Callable[[Run], None]) -> bool:
        found = self._runs.get(run_id)
        if found is None:
            return False
        run, loop = found
        loop.call_soon_threadsafe(what, run)
        return True

    def _begin(self, within: Transaction, consumed: Consumed) -> None:
        """Write that the run is under way, in the transaction that uses its approval up."""
        within.put(OPERATIONS, _record(beginning(consumed), consumed))

    def _close(self, consumed: Consumed, result: RunResult) -> RunResult:
        """Write the run's record and its audit event together."""
        type_: AuditType = "failed" if result.status in ("pending", "running", "paused") else result.status
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
            within.put(OPERATIONS, _record(result, consumed))
        return result


def _record(result: RunResult, consumed: Consumed) -> Record:
    return run_record(
        result,
        consumed.plan,
        approver=consumed.approved.approver,
        approved=channel if (channel := consumed.approved.channel) in ("preapproval", "policy") else "user",
        context_id=consumed.context_id,
        before=consumed.targets,
        mask=Masker(()),
    )
