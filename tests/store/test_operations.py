"""Plans and runs in the store."""

from __future__ import annotations

import pytest

from escher.contract.plan import Plan
from escher.contract.runs import RunResult
from escher.errors import NotFound
from escher.store.operations import OPERATIONS, OperationStore, operation_key
from escher.store.records import Record
from escher.store.vault import Store


def _plan() -> Plan:
    return Plan(
        plan_id="plan-1", question="stop web", title="Stop", playbook_id="stop-ec2", version="1.0.0", risk="low",
        effect="write", reversible=True, policy_version="1", created_at="", expires_at="", steps=(),
    ).sealed()  # fmt: skip


def _run(number: int, status: str = "completed") -> RunResult:
    return RunResult(
        run_id=f"run-{number}", plan_id="plan-1", status=status, summary="done", steps=(), targets=("arn:1",),
        started_at="", completed_at="", duration_ms=5,
    )  # fmt: skip


def test_a_plan_comes_back_with_its_digest(store: Store) -> None:
    """A plan is the same document after it was stored."""
    operations = OperationStore(store)
    operations.put_plan(_plan())
    assert operations.get_plan("plan-1") == _plan()
    assert operations.get_plan("plan-1").content_digest() == _plan().digest


def test_runs_are_listed_newest_first(store: Store) -> None:
    """A run is kept once, as it stands; plans are not among the runs."""
    operations = OperationStore(store)
    operations.put_plan(_plan())
    for run in (_run(1, "running"), _run(2), _run(1)):
        operations.put_run(run)
    assert operations.list_runs() == [_run(2), _run(1)]
    assert operations.get_run("run-2") == _run(2)


def test_an_unknown_id_is_named(store: Store) -> None:
    """A plan or run that is not there is a typed error."""
    operations = OperationStore(store)
    with pytest.raises(NotFound, match="plan 'x'"):
        operations.get_plan("x")
    with pytest.raises(NotFound, match="run 'x'"):
        operations.get_run("x")


def test_what_a_transaction_wrote_is_found_by_kind(store: Store) -> None:
    """Another room's record under the agreed key is read through the same door."""
    with store.transaction() as within:
        within.insert(OPERATIONS, Record(operation_key("approval", "plan-1"), {"kind": "approval", "state": "granted"}))
    operations = OperationStore(store)
    assert operations.get("approval", "plan-1") == {"kind": "approval", "state": "granted"}
    operations.put("approval", "plan-1", {"state": "used"})
    assert operations.get("approval", "plan-1") == {"kind": "approval", "state": "used"}
    assert operations.get("run", "plan-1") is None
