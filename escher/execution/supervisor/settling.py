"""Runs whose supervisor died: recorded once as interrupted, then looked at in the cloud. None is ever repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from escher.contract.audit import AuditEvent
from escher.contract.estate import Resource
from escher.contract.runs import RunResult, StepEnded, StepResult, StepStarted
from escher.errors import EscherError, JournalUnreadable, NotFound
from escher.execution.supervisor.journal import PURPOSE, extent, read
from escher.ledger.ledger import Ledger
from escher.store.operations import OPERATIONS, OperationStore, operation_key
from escher.store.records import Record
from escher.store.vault import Store

UNKNOWN = "its supervisor ended meanwhile; whether it took effect is not known"
Look = Callable[[Sequence[Resource]], Mapping[str, Resource]]


@dataclass(frozen=True, slots=True)
class Settling:
    """Settles the runs of a home that nobody owns any more. Only for who owns the home's runs now."""

    store: Store
    ledger: Ledger
    journals: Path
    estate: Callable[[], Mapping[str, Resource]]
    look: Look

    def settle(self) -> list[str]:
        """Give every run without an end one; which they were."""
        bodies = OperationStore(self.store).query(status="running")
        return [self._interrupt(body) for body in bodies]

    def reconcile(self, run_ids: Sequence[str]) -> None:
        """Look at the targets of interrupted runs, and say with each run what was found."""
        for run_id in run_ids:
            self._reconcile(run_id)

    def _interrupt(self, body: Mapping[str, Any]) -> str:
        begun = RunResult.model_validate(body["result"])
        steps = tuple(self._steps(begun))
        at = datetime.now(UTC)
        done = sum(step.status == "completed" for step in steps)
        title = begun.summary.removesuffix(": running.")
        ended = begun.model_copy(
            update={
                "status": "interrupted",
                "steps": steps,
                "completed_at": at.isoformat(),
                "duration_ms": max(0, round((at - datetime.fromisoformat(begun.started_at)).total_seconds() * 1000)),
                "summary": f"{title}: interrupted, outcome unknown; {done} of {len(steps)} steps had completed.",
                "error": UNKNOWN,
                "undoable": any(step.status != "pending" for step in steps),
            }
        )
        with self.store.transaction() as within:
            details = {"plan_id": ended.plan_id, "steps_completed": done, "targets": len(ended.targets)}
            event = AuditEvent(
                type="interrupted", at=at.isoformat(), actor=body["approver"], subject=ended.run_id, details=details
            )
            entry = self.ledger.append(event, within=within)
            within.put(OPERATIONS, self._ended(body, ended.model_copy(update={"audit_entry": entry})))
        return ended.run_id

    def _ended(self, body: Mapping[str, Any], ended: RunResult) -> Record:
        written = extent(self.journals, ended.run_id)
        journal = {"frames": written.frames, "digest": written.digest} if written else {}
        fields = {
            "status": "interrupted",
            "completed_at": int(datetime.fromisoformat(ended.completed_at).timestamp()),
            "error": ended.error,
            "result": ended.model_dump(mode="json"),
            "journal": journal,
        }
        return Record(operation_key("run", ended.run_id), {**body, **fields})

    def _steps(self, begun: RunResult) -> Iterator[StepResult]:
        """How far each step had come, as far as the journal tells."""
        reached: dict[str, StepResult] = {step.step_id: step for step in begun.steps}
        try:
            for event in read(self.journals, self.store.derive(PURPOSE), begun.run_id):
                if isinstance(event, StepStarted):
                    begun_step = {"status": "failed", "reason": UNKNOWN, "attempts": 1}
                    reached[event.step_id] = reached[event.step_id].model_copy(update=begun_step)
                elif isinstance(event, StepEnded):
                    told = {"status": event.status, "exit_code": event.exit_code, "duration_ms": event.duration_ms}
                    told |= {"error": event.error, "reason": ""}
                    reached[event.step_id] = reached[event.step_id].model_copy(update=told)
        except (NotFound, JournalUnreadable):
            reached = {name: step.model_copy(update={"reason": UNKNOWN}) for name, step in reached.items()}
        yield from reached.values()

    def _reconcile(self, run_id: str) -> None:
        operations, estate = OperationStore(self.store), self.estate()
        result = operations.get_run(run_id)
        targets = [estate[target] for target in result.targets if target in estate]
        try:
            found = self.look(targets)
        except EscherError as cause:
            self._say(result, f"What it left could not be looked at: {cause.message}")
            return
        operations.note_after(run_id, found.values())
        self._say(result, _told(targets, found))

    def _say(self, result: RunResult, found: str) -> None:
        with self.store.transaction() as within:
            key = operation_key("run", result.run_id)
            record = within.get(OPERATIONS, key)
            if record is not None:
                told = result.model_copy(update={"summary": f"{result.summary} {found}"})
                within.put(OPERATIONS, Record(key, record.body | {"result": told.model_dump(mode="json")}))


def _told(before: Sequence[Resource], now: Mapping[str, Resource]) -> str:
    """What is there now, beside what the last scan before the run saw."""
    changed = [one for one in before if one.resource_id in now and now[one.resource_id].state != one.state]
    gone = [one for one in before if one.resource_id not in now]
    same = len(before) - len(changed) - len(gone)
    parts = [f"{same} of {len(before)} are in the state they were in"] if same else []
    parts += [f"{one.name} {one.state} -> {now[one.resource_id].state}" for one in changed[:10]]
    parts += [f"{len(changed) - 10} more changed"] if len(changed) > 10 else []
    parts += [f"{one.name} is gone" for one in gone[:10]]
    parts += [f"{len(gone) - 10} more are gone"] if len(gone) > 10 else []
    return f"Found afterwards: {', '.join(parts) or 'nothing'}."
