"""Keeps runs: starts what was approved, one change of a resource at a time, and writes each run's journal."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from escher.approval.approvals import Approvals
from escher.approval.kept import granted
from escher.contract.plan import Plan
from escher.contract.runs import RunEvent, RunResult, RunStarted, StepOutput
from escher.errors import EscherError, NotFound, ResourceBusy, SupervisorUnavailable
from escher.execution.credentials import Credentials
from escher.execution.engine import Engine
from escher.execution.supervisor.journal import PURPOSE, Journal
from escher.store.operations import OperationStore
from escher.store.vault import Store

FLUSH_S = 0.05


@dataclass(slots=True)
class Kept:
    """A run under way."""

    run_id: str
    plan: Plan
    journal: Journal
    begun: asyncio.Future[None]
    task: asyncio.Task[RunResult] | None = None
    flushing: asyncio.TimerHandle | None = None
    changes: frozenset[str] = field(default_factory=frozenset[str])


class Keeper:
    """All runs of one home. For one event loop."""

    def __init__(
        self,
        *,
        store: Store,
        engine: Engine,
        approvals: Approvals,
        credentials: Credentials,
        journals: Path,
        most: int,
        confirm: Callable[[Plan], None],
    ) -> None:
        self._store, self._engine, self._approvals, self._credentials = store, engine, approvals, credentials
        self._journals, self._most, self._confirm = journals, most, confirm
        self._operations = OperationStore(store)
        self._runs: dict[str, Kept] = {}
        self._refusal: EscherError | None = None
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def running(self) -> int:
        """How many runs are under way."""
        return len(self._runs)

    def refuse(self, refusal: EscherError) -> None:
        """Start nothing any more."""
        self._refusal = refusal

    async def prepare(self, plan_id: str) -> None:
        """Read the credentials of a plan that was granted, so that its run starts at once. Raises CredentialError."""
        plan = await asyncio.to_thread(self._approvals.plan, plan_id)
        await self._credentials.freeze(plan, granted(self._store, plan).approved)

    async def start(self, plan_id: str) -> str:
        """Begin an approved plan; its run's id. Raises ApprovalError, ResourceBusy: then nothing has started."""
        plan = await asyncio.to_thread(self._approvals.plan, plan_id)
        kept = self._admitted(plan)
        try:
            await asyncio.to_thread(self._confirm, plan)
            kept.task = asyncio.create_task(
                self._engine.run(plan_id, lambda event: self._note(kept, event), kept.run_id)
            )
            await asyncio.wait({kept.task, kept.begun}, return_when=asyncio.FIRST_COMPLETED)
            if kept.task.done() and not kept.begun.done():
                kept.task.result()
        except BaseException:
            self._forget(kept)
            kept.journal.discard()
            raise
        kept.task.add_done_callback(lambda task: self._ended(kept, task))
        return kept.run_id

    def cancel(self, run_id: str, reason: str) -> bool:
        """Ask a run to end; False when it is not under way."""
        return self._engine.cancel(run_id, reason)

    def cancel_all(self, reason: str) -> list[str]:
        """Ask all to end; which they were."""
        return [run_id for run_id in tuple(self._runs) if self._engine.cancel(run_id, reason)]

    def pause(self, run_id: str) -> bool:
        """Let a run stand before its next step; False when it is not under way."""
        return self._engine.pause(run_id)

    def resume(self, run_id: str) -> bool:
        """Let a run go on; False when it is not under way."""
        return self._engine.resume(run_id)

    def listed(self) -> list[dict[str, str]]:
        """What is under way."""
        return [
            {"run_id": kept.run_id, "plan_id": kept.plan.plan_id, "title": kept.plan.title}
            for kept in self._runs.values()
        ]

    async def drained(self) -> None:
        """Wait until every run has ended and is recorded."""
        await self._empty.wait()

    def _admitted(self, plan: Plan) -> Kept:
        """A place for one more run, and the right to change its targets, from now on."""
        if self._refusal is not None:
            raise self._refusal
        if len(self._runs) >= self._most:
            raise ResourceBusy(f"{self._most} runs are under way.", hint="Wait for one to end: escher runs")
        changes = frozenset(target for step in plan.steps if step.effect != "read" for target in step.targets)
        for other in self._runs.values():
            if changes & other.changes:
                raise ResourceBusy(
                    f"{other.run_id} ({other.plan.title}) is changing {len(changes & other.changes)} of the same resources.",
                    hint=f"Wait for it: escher runs follow {other.run_id}",
                )
        run_id = f"run-{secrets.token_hex(8)}"
        journal = Journal(self._journals, self._store.derive(PURPOSE), run_id)
        kept = Kept(run_id, plan, journal, asyncio.get_running_loop().create_future(), changes=changes)
        self._runs[run_id] = kept
        self._empty.clear()
        return kept

    def _note(self, kept: Kept, event: RunEvent) -> None:
        """Into the journal: lines in batches, all else at once. What cannot be written breaks the run off."""
        full = kept.journal.add(event)
        if isinstance(event, StepOutput) and not full:
            if kept.flushing is None:
                kept.flushing = asyncio.get_running_loop().call_later(FLUSH_S, self._flush, kept)
            return
        self._flush(kept)
        if isinstance(event, RunStarted):
            kept.begun.set_result(None)

    def _flush(self, kept: Kept) -> None:
        if kept.flushing is not None:
            kept.flushing.cancel()
            kept.flushing = None
        try:
            kept.journal.flush()
        except OSError as cause:
            self._engine.cancel(kept.run_id, f"its journal cannot be written ({cause.strerror})")

    def _ended(self, kept: Kept, task: asyncio.Task[RunResult]) -> None:
        """The run is recorded: close its journal, note how much there is of it, and free its targets."""
        if kept.flushing is not None:
            kept.flushing.cancel()
        with suppress(asyncio.CancelledError):
            task.exception()
        try:
            whole = kept.journal.close()
            with suppress(NotFound):
                self._operations.note_journal(kept.run_id, whole.frames, whole.digest)
        finally:
            self._forget(kept)

    def _forget(self, kept: Kept) -> None:
        del self._runs[kept.run_id]
        if not self._runs:
            self._empty.set()


def stopping() -> SupervisorUnavailable:
    """The answer while the supervisor is on its way out."""
    return SupervisorUnavailable("the supervisor is ending.", hint="Try again in a moment.")
