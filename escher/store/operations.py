"""Plans, approvals and runs in `executed_operations`, each under `record:id` with the kind of record in its body.

A run's record has every field that it can be found by, and beside its `result` (whose steps hold the last of their
output, in place of log files) what was called on what, who approved it, and the state of the targets before and after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

from escher.contract.estate import Resource
from escher.contract.plan import Plan
from escher.contract.runs import RunResult
from escher.errors import InvalidInput, NotFound
from escher.store.collections import COLLECTIONS, CollectionName
from escher.store.records import Record
from escher.store.vault import Store

OPERATIONS: CollectionName = "executed_operations"
OperationRecord = Literal["plan", "approval", "run", "nonce", "request", "preapproval", "clock"]


def operation_key(record: OperationRecord, id: str) -> str:
    """The natural key of an operation's record."""
    return f"{record}:{id}"


def run_record(
    result: RunResult,
    plan: Plan,
    *,
    approver: str,
    approved: str = "user",
    context_id: str = "",
    before: Iterable[Resource] = (),
    mask: Callable[[str], str] = str,
) -> Record:
    """The record of a run that ended, or stands. `approved` is who stood for it: `user`, `preapproval` or `policy`.

    `before` are its targets as they were; `mask` hides secrets in a text.
    """
    operations = [operation for step in plan.steps for operation in step.operations]
    body: dict[str, Any] = {
        "record": "run",
        "question": plan.question,
        **run_fields(result),
        "provider": sorted({step.provider for step in plan.steps}),
        "service": sorted({operation.service for operation in operations}),
        "playbook_id": plan.playbook_id,
        "version": plan.version,
        "approved": approved,
        "approver": approver,
        "context_id": context_id,
        "undoes": plan.undoes,
        "resumes": plan.resumes,
        "commands": [mask(command) for step in plan.steps for command in step.commands],
        "parameters": [_masked(operation.model_dump(mode="json"), mask) for operation in operations],
        "before": {resource.natural_key: resource.state for resource in before},
        "after": {},
        "result": result.model_dump(mode="json"),
    }
    body["targets"] = sorted(body["before"]) or body["targets"]
    return Record(operation_key("run", result.run_id), body)


def run_fields(result: RunResult) -> dict[str, Any]:
    """What of a run's fields its result alone tells. Times are Unix seconds."""
    codes = [step.exit_code for step in result.steps if step.exit_code is not None]
    return {
        "execution_id": result.run_id,
        "plan_id": result.plan_id,
        "kind": "playbook",
        "status": result.status,
        "started_at": _seconds(result.started_at),
        "completed_at": _seconds(result.completed_at),
        "exit_code": next((code for code in codes if code), codes[-1] if codes else None),
        "error": result.error,
        "targets": list(result.targets),
    }


class OperationStore:
    """Reads and writes operations. Who must write several at once does so through a transaction of the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, record: OperationRecord, id: str) -> dict[str, Any] | None:
        """The body kept under a kind of record and an id, or None."""
        found = self._store.get(OPERATIONS, operation_key(record, id))
        return None if found is None else found.body

    def add(self, record: Record) -> None:
        """Keep an operation that is new. Raises RecordExists."""
        with self._store.transaction() as transaction:
            transaction.insert(OPERATIONS, record)

    def note_after(self, run_id: str, targets: Iterable[Resource]) -> None:
        """Keep with a run the states in which its targets were found after it. Raises NotFound."""
        states = {resource.natural_key: resource.state for resource in targets}
        with self._store.transaction() as transaction:
            record = transaction.get(OPERATIONS, operation_key("run", run_id))
            if record is None:
                raise _unknown(run_id)
            transaction.put(OPERATIONS, Record(record.key, record.body | {"after": states}))

    def note_journal(self, run_id: str, frames: int, digest: str) -> None:
        """Keep with a run how much its journal holds, so that a cut one shows. Raises NotFound."""
        with self._store.transaction() as transaction:
            record = transaction.get(OPERATIONS, operation_key("run", run_id))
            if record is None:
                raise _unknown(run_id)
            journal = {"frames": frames, "digest": digest}
            transaction.put(OPERATIONS, Record(record.key, record.body | {"journal": journal}))

    def note_remediation(self, run_id: str, said: str) -> None:
        """Keep with a failed run what was done about it by itself. Raises NotFound."""
        with self._store.transaction() as transaction:
            record = transaction.get(OPERATIONS, operation_key("run", run_id))
            if record is None:
                raise _unknown(run_id)
            result = record.body["result"] | {"remediation": said}
            transaction.put(OPERATIONS, Record(record.key, record.body | {"result": result}))

    def get_run(self, run_id: str) -> RunResult:
        """How a run ended, or stands. Raises NotFound."""
        body = self.get("run", run_id)
        if body is None:
            raise _unknown(run_id)
        return RunResult.model_validate(body["result"])

    def list_runs(self) -> list[RunResult]:
        """Every run, the newest first."""
        return [RunResult.model_validate(body["result"]) for body in self.query()]

    def query(
        self,
        *,
        since: int | None = None,
        until: int | None = None,
        resource: str = "",
        limit: int | None = None,
        **filters: str | int,
    ) -> list[dict[str, Any]]:
        """The records of runs, those that started last first.

        `since` and `until` bound their start (Unix seconds, `until` not included); `resource` is a natural key or the
        provider's id of a target; `filters` are fields of the collection. Raises InvalidInput for another field.
        """
        known = COLLECTIONS[OPERATIONS].filters
        if filters.keys() - known.keys():
            raise InvalidInput(f"runs have no {', '.join(filters)}.", hint=f"Known: {', '.join(sorted(known))}.")
        found = [
            body
            for body in self._runs()
            if (since is None or body["started_at"] >= since)
            and (until is None or body["started_at"] < until)
            and (not resource or resource in body["targets"] or resource in body["result"]["targets"])
            and all(_holds(body.get(name), value) for name, value in filters.items())
        ]
        # Sorted, then reversed: of two that started in one second, the one that was written later is the newer.
        return sorted(found, key=lambda body: body["started_at"])[::-1][:limit]

    def _runs(self) -> Iterator[dict[str, Any]]:
        bodies = (record.body for record in self._store.records(OPERATIONS))
        return (_whole(body) for body in bodies if body.get("record") == "run")


def _whole(body: dict[str, Any]) -> dict[str, Any]:
    """A run's body; of one that an older version wrote, what its result alone tells."""
    return body if "execution_id" in body else run_fields(RunResult.model_validate(body["result"])) | body


def _holds(value: Any, wanted: str | int) -> bool:
    return wanted in value if isinstance(value, list) else value == wanted


def _masked(value: Any, mask: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {name: _masked(item, mask) for name, item in value.items()}
    if isinstance(value, list):
        return [_masked(item, mask) for item in value]
    return value


def _seconds(iso: str) -> int:
    return int(datetime.fromisoformat(iso).timestamp()) if iso else 0


def _unknown(run_id: str) -> NotFound:
    return NotFound(f"there is no run {run_id!r}.", hint="See: escher runs")
