"""Plans and runs in the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from escher.contract.estate import Resource
from escher.contract.plan import Operation, Plan, Step
from escher.contract.runs import RunResult, StepResult
from escher.errors import InvalidInput, NotFound, RecordExists
from escher.store.collections import COLLECTIONS
from escher.store.operations import OPERATIONS, OperationStore, operation_key, run_record
from escher.store.records import Record
from escher.store.vault import Store

STARTED = 1_700_000_000
Make = Callable[..., Resource]


@pytest.fixture
def operations(store: Store) -> OperationStore:
    """Nothing was run yet."""
    return OperationStore(store)


def _plan(plan_id: str = "plan-1") -> Plan:
    stop = Operation(
        provider="aws", service="ec2", operation="stop-instances", parameters={"InstanceIds": ["i-1"], "Note": "hush"},
        effect="write",
    )  # fmt: skip
    step = Step(
        step_id="s1", number=1, title="Stop", language="bash", script="aws", phase="change", effect="write",
        provider="aws", account_id="111111111111", region="us-east-1", targets=("arn:1",), operations=(stop,),
        commands=("aws ec2 stop-instances --note hush",),
    )  # fmt: skip
    return Plan(
        plan_id=plan_id, question="stop web", title="Stop", playbook_id="stop-ec2", version="1.0.0", risk="low",
        effect="write", reversible=True, policy_version="1", created_at="", expires_at="", steps=(step,),
    ).sealed()  # fmt: skip


def _run(number: int, status: str = "completed", started: int = STARTED) -> RunResult:
    at = datetime.fromtimestamp(started, UTC).isoformat()
    failed = status == "failed"
    steps = (
        StepResult(
            step_id="s1", title="Stop", status="failed" if failed else "completed", exit_code=3 if failed else 0
        ),
        StepResult(step_id="s2", title="Verify", status="pending"),
    )
    return RunResult(
        run_id=f"run-{number}", plan_id="plan-1", status=status, summary="done", steps=steps, targets=("arn:1",),
        started_at=at, completed_at=at, duration_ms=5, error="denied" if failed else "",
    )  # fmt: skip


def _record(result: RunResult, **values: object) -> Record:
    return run_record(result, _plan(), approver="ana", **values)  # type: ignore[arg-type] a test may give any


def test_a_run_can_be_found_by_every_field(operations: OperationStore, resource: Make) -> None:
    """Each declared field of a run's record is filled, or the declaration says why not."""
    operations.add(
        _record(_run(1), context_id="talk-1", before=[resource(1)], mask=lambda text: text.replace("hush", "<secret>"))
    )
    body = operations.get("run", "run-1")
    assert body is not None
    for name, field in COLLECTIONS[OPERATIONS].fields.items():
        assert body[name] not in (None, "", [], {}) or field.may_be_empty, name
    assert (body["execution_id"], body["kind"], body["provider"], body["service"]) == (
        "run-1",
        "playbook",
        ["aws"],
        ["ec2"],
    )
    assert (body["started_at"], body["exit_code"], body["approved"], body["approver"]) == (STARTED, 0, "user", "ana")
    assert body["commands"] == ["aws ec2 stop-instances --note <secret>"]
    assert body["parameters"][0]["parameters"] == {"InstanceIds": ["i-1"], "Note": "<secret>"}
    assert body["targets"] == [resource(1).natural_key] and body["before"] == {resource(1).natural_key: "running"}


def test_runs_are_found_newest_first_by_time_status_and_resource(operations: OperationStore, resource: Make) -> None:
    """The one that started last comes first; every filter narrows; an unknown one is named."""
    operations.add(_record(_run(1, started=STARTED + 20), before=[resource(1)]))
    operations.add(_record(_run(2, "failed", STARTED), before=[resource(2)], context_id="talk-2"))
    operations.add(_record(_run(3, started=STARTED + 10), before=[resource(1), resource(2)]))

    def ids(**filters: object) -> list[str]:
        return [body["execution_id"] for body in operations.query(**filters)]  # type: ignore[arg-type] any filter

    assert ids() == ["run-1", "run-3", "run-2"] and ids(limit=1) == ["run-1"]
    assert ids(since=STARTED + 10) == ["run-1", "run-3"] and ids(until=STARTED + 10) == ["run-2"]
    assert ids(status="failed") == ids(exit_code=3) == ids(context_id="talk-2") == ["run-2"]
    assert ids(resource=resource(1).natural_key) == ["run-1", "run-3"]
    assert len(ids(resource="arn:1")) == len(ids(service="ec2", provider="aws", playbook_id="stop-ec2")) == 3
    with pytest.raises(InvalidInput, match="no colour"):
        ids(colour="red")


def test_plans_are_not_among_the_runs(operations: OperationStore) -> None:
    """Runs come newest first, of those that started together the one written last; plans are kept apart."""
    operations.add(Record(operation_key("plan", "plan-1"), {"record": "plan"}))
    for run in (_run(1), _run(2)):
        operations.add(_record(run))
    assert operations.list_runs() == [_run(2), _run(1)]
    assert operations.get_run("run-2") == _run(2)


def test_a_run_is_added_once(operations: OperationStore) -> None:
    """A second record of the same run is refused; only the states after it are noted later."""
    operations.add(_record(_run(1)))
    with pytest.raises(RecordExists):
        operations.add(_record(_run(1, "failed")))
    assert operations.get_run("run-1").status == "completed"


def test_the_states_after_a_run_are_kept_with_it(operations: OperationStore, resource: Make) -> None:
    """What was seen before and after stands side by side."""
    operations.add(_record(_run(1), before=[resource(1)]))
    operations.note_after("run-1", [resource(1, state="stopped")])
    [body] = operations.query()
    assert (body["before"], body["after"]) == (
        {resource(1).natural_key: "running"},
        {resource(1).natural_key: "stopped"},
    )


def test_a_run_of_an_older_version_is_found_by_what_its_result_tells(operations: OperationStore) -> None:
    """Its record has no fields besides the result."""
    old = _run(1, "failed")
    operations.add(Record(operation_key("run", "run-1"), {"record": "run", "result": old.model_dump(mode="json")}))
    [found] = operations.query(status="failed", plan_id="plan-1", exit_code=3, since=STARTED, resource="arn:1")
    assert found["execution_id"] == "run-1" and operations.query(provider="aws") == []
    assert operations.list_runs() == [old]


def test_an_unknown_id_is_named(operations: OperationStore) -> None:
    """A run that is not there is a typed error."""
    with pytest.raises(NotFound, match="run 'x'"):
        operations.get_run("x")
    with pytest.raises(NotFound, match="run 'x'"):
        operations.note_after("x", [])


def test_what_a_transaction_wrote_is_found(store: Store, operations: OperationStore) -> None:
    """Another room's record under the agreed key is read through the same door."""
    body = {"record": "approval", "state": "granted"}
    with store.transaction() as within:
        within.insert(OPERATIONS, Record(operation_key("approval", "plan-1"), body))
    assert operations.get("approval", "plan-1") == body
    assert operations.get("run", "plan-1") is None
