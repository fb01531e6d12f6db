"""Plans, approvals and runs in `executed_operations`, each under `kind:id` with its kind in the body."""

from __future__ import annotations

from typing import Any, Literal

from escher.contract.plan import Plan
from escher.contract.runs import RunResult
from escher.errors import NotFound
from escher.store.collections import CollectionName
from escher.store.records import Record
from escher.store.vault import Store

OPERATIONS: CollectionName = "executed_operations"
OperationKind = Literal["plan", "approval", "run"]


def operation_key(kind: OperationKind, id: str) -> str:
    """The natural key of an operation's record."""
    return f"{kind}:{id}"


class OperationStore:
    """Reads and writes operations. Who must write several at once does so through a transaction of the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, kind: OperationKind, id: str) -> dict[str, Any] | None:
        """The body kept under a kind and an id, or None."""
        record = self._store.get(OPERATIONS, operation_key(kind, id))
        return None if record is None else record.body

    def put(self, kind: OperationKind, id: str, body: dict[str, Any]) -> None:
        """Keep a body under a kind and an id, in place of an older one."""
        with self._store.transaction() as transaction:
            transaction.put(OPERATIONS, Record(operation_key(kind, id), {"kind": kind} | body))

    def get_plan(self, plan_id: str) -> Plan:
        """A plan as it was shown. Raises NotFound."""
        return Plan.model_validate(self._found("plan", plan_id)["plan"])

    def put_plan(self, plan: Plan) -> None:
        """Keep a plan."""
        self.put("plan", plan.plan_id, {"plan": plan.model_dump(mode="json")})

    def get_run(self, run_id: str) -> RunResult:
        """How a run ended, or stands. Raises NotFound."""
        return RunResult.model_validate(self._found("run", run_id)["result"])

    def put_run(self, result: RunResult) -> None:
        """Keep how a run stands."""
        self.put("run", result.run_id, {"result": result.model_dump(mode="json")})

    def list_runs(self) -> list[RunResult]:
        """Every run, the newest first."""
        bodies = [record.body for record in self._store.records(OPERATIONS) if record.body["kind"] == "run"]
        return [RunResult.model_validate(body["result"]) for body in reversed(bodies)]

    def _found(self, kind: OperationKind, id: str) -> dict[str, Any]:
        body = self.get(kind, id)
        if body is None:
            raise NotFound(f"there is no {kind} {id!r}.", hint="See: escher runs")
        return body
