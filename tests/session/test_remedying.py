"""After a failed run: what may help is asked of the server, which learns of which sort the failure was, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from escher.client.brain import embedded_brain
from escher.contract.runs import RunResult, StepResult
from escher.session.session import Session
from escher.session.wiring import Parts, assemble, embedded_app
from escher.settings import Settings
from escher.store.operations import run_record
from tests.approval.conftest import ACCOUNT, NOW, instance
from tests.session.test_own_playbooks import Cloud

STATE = "An error occurred (IncorrectInstanceState) when calling the StopInstances operation: zebra-secret-name is not running"


@pytest.fixture
def parts(settings: Settings) -> Iterator[Parts]:
    """A session's parts with one instance."""
    with assemble(settings) as made:
        vars(made)["access"] = Cloud()
        vars(made)["look"] = lambda targets: made.estate.snapshot().by_id
        made.estate.upsert([instance(1)])
        made.estate.put_account(ACCOUNT)
        yield made


def failed_run(parts: Parts, status: str = "failed") -> RunResult:
    """The record of a run in which the second step of a plan has failed."""
    plan = Session(parts).ask("stop web-dev-1").plan
    assert plan is not None
    at = NOW.isoformat()
    steps = tuple(
        StepResult(
            step_id=step.step_id, title=step.title, attempts=1, output=STATE if step.number == 2 else "",
            status=status if step.number == 2 else "completed",  # type: ignore[arg-type] the tests name states
        )
        for step in plan.steps
    )  # fmt: skip
    result = RunResult(
        run_id="run-1", plan_id=plan.plan_id, status="failed", summary="", steps=steps, targets=(), started_at=at,
        completed_at=at, duration_ms=1,
    )  # fmt: skip
    parts.operations.add(run_record(result, plan, approver="ana"))
    return result


def test_fixes_are_ranked_for_what_failed(parts: Parts) -> None:
    """The library's playbooks and one's own; of what was printed, and of names, no word leaves."""
    sent: list[bytes] = []
    vars(parts)["brain"] = embedded_brain(embedded_app(parts.embedder, parts.settings), sent.append)
    session = Session(parts)
    session.playbooks.create("user-start-mine", "escher-aws-ec2-start", "1.0.0")
    for state in ("ready", "active"):
        session.playbooks.move("user-start-mine", "", state)  # type: ignore[arg-type] the tests name states
    failed_run(parts)
    sent.clear()
    fixes = session.fixes("run-1")
    assert fixes is not None
    found = {(one.playbook_id, one.source) for one in fixes.playbooks}
    assert found == {("escher-aws-ec2-start", "library"), ("user-start-mine", "local")}
    assert fixes.fixes[0].resume == "restart"
    (body,) = sent
    assert b"wrong_state" in body and b"zebra" not in body and b"web-dev" not in body and b"i-0a41" not in body


def test_a_run_in_which_nothing_failed_asks_nobody(parts: Parts) -> None:
    """Nothing is sent."""
    failed_run(parts, "completed")
    vars(parts)["brain"] = None
    assert Session(parts).fixes("run-1") is None
