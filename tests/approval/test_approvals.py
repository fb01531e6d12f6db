"""What was approved is what runs, once (design.md section 3, Approval)."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from escher.approval.approvals import Consumed
from escher.errors import ApprovalError, ApprovalUsed, ConsentFromCell, ConsentMissing, PlanRefused, StaleApproval
from tests.approval.conftest import House, instance


def test_an_approved_plan_runs_once(house: House) -> None:
    """The first use gets the plan as it was shown; the second is refused, and both are in the trail."""
    plan = house.shown(instance(1), instance(2))
    house.approvals.approve_at_terminal(plan.plan_id, plan.digest)
    assert house.approvals.consume(plan.plan_id, "run-1").plan == plan
    with pytest.raises(ApprovalUsed):
        house.approvals.consume(plan.plan_id, "run-2")
    with pytest.raises(ApprovalUsed):
        house.approvals.approve_at_terminal(plan.plan_id, plan.digest)
    types = [entry.event.type for entry in house.ledger.entries()]
    assert types[-5:] == ["plan_shown", "approved", "started", "approval_refused", "approval_refused"]


def test_of_many_at_once_exactly_one_consumes(house: House) -> None:
    """Eight threads want the same approval; one gets it."""
    plan = house.shown(instance(1))
    house.approvals.approve_at_terminal(plan.plan_id, plan.digest)
    got: list[Consumed] = []

    def consume(number: int) -> None:
        try:
            got.append(house.approvals.consume(plan.plan_id, f"run-{number}"))
        except ApprovalUsed:
            return

    threads = [threading.Thread(target=consume, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1


def test_a_plan_that_nobody_approved_does_not_run(house: House) -> None:
    """Showing is not consenting."""
    plan = house.shown(instance(1))
    with pytest.raises(ApprovalError, match="has not been approved"):
        house.approvals.consume(plan.plan_id, "run-1")


def test_another_digest_than_the_shown_one_is_refused(house: House) -> None:
    """Consent is to one exact plan."""
    plan = house.shown(instance(1))
    with pytest.raises(StaleApproval):
        house.approvals.approve_at_terminal(plan.plan_id, "0" * 64)


@pytest.mark.parametrize("change", [{"state": "stopped"}, {"tags": {"env": "prod"}}, {"name": "db-main"}])
def test_a_target_that_changed_since_voids_plan_and_approval(house: House, change: dict[str, object]) -> None:
    """Retagging, renaming or a new state between the look and the run means: look again."""
    plan = house.shown(instance(1))
    house.approvals.approve_at_terminal(plan.plan_id, plan.digest)
    changed = replace(instance(1), **change)
    house.estate[changed.resource_id] = changed
    with pytest.raises(StaleApproval, match="changed"):
        house.approvals.consume(plan.plan_id, "run-1")


def test_a_target_that_vanished_voids_the_approval(house: House) -> None:
    """A deleted target is a changed one."""
    plan = house.shown(instance(1))
    house.estate.clear()
    with pytest.raises(StaleApproval):
        house.approvals.approve_at_terminal(plan.plan_id, plan.digest)


def test_old_plans_and_old_approvals_expire(house: House) -> None:
    """Fifteen minutes to approve, fifteen to run."""
    plan = house.shown(instance(1))
    house.now += timedelta(minutes=10)
    house.approvals.approve_at_terminal(plan.plan_id, plan.digest)
    house.now += timedelta(minutes=15)
    with pytest.raises(StaleApproval, match="expired"):
        house.approvals.consume(plan.plan_id, "run-1")
    with pytest.raises(StaleApproval, match="too long ago"):
        house.approvals.approve_at_terminal(plan.plan_id, plan.digest)


def test_what_destroys_wants_the_name_typed(house: House) -> None:
    """A digest alone does not delete; the target's name does, whatever its case."""
    volume = instance(
        3, resource_type="aws_ebs_volume", kind="disk", identifier="vol-0a41c8e2d3f4a5b03", name="scratch",
        state="available", attributes={"attached": False},
        resource_id="arn:aws:ec2:us-east-1:111122223333:volume/vol-0a41c8e2d3f4a5b03",
    )  # fmt: skip
    plan = house.shown(volume, playbook="escher-aws-ebs-delete-unattached")
    assert plan.effect == "destroy"
    for typed in ("", "something else"):
        with pytest.raises(ConsentMissing):
            house.approvals.approve_at_terminal(plan.plan_id, plan.digest, typed)
    assert house.approvals.approve_at_terminal(plan.plan_id, plan.digest, "Scratch").plan_id == plan.plan_id


def test_a_click_that_no_page_made_is_no_consent(house: House) -> None:
    """Where there is no page, nothing can have been clicked."""
    plan = house.shown(instance(1))
    with pytest.raises(ConsentFromCell):
        house.approvals.approve_click(plan)


def test_production_raises_the_risk_and_dev_never_lowers_it(house: House) -> None:
    """Tags only raise: the same stop is riskier in production."""
    low = house.shown(instance(1))
    high = house.shown(instance(2, tags={"env": "prod"}))
    untagged = house.shown(instance(3, tags={}))
    order = ("low", "medium", "high", "critical")
    assert order.index(high.risk) == order.index(low.risk) + 1
    assert untagged.risk == low.risk


def test_a_plan_that_reaches_past_its_targets_is_refused(house: House) -> None:
    """A step that also stops an instance nobody saw is found by reading its arguments again."""
    house.estate[instance(9).resource_id] = instance(9)
    draft = house.draft(instance(1))
    change = next(step for step in draft.steps if step.phase == "change")
    wider = change.model_copy(update={"arguments": (*change.arguments, instance(9).identifier)})
    plan = draft.model_copy(update={"steps": tuple(wider if step is change else step for step in draft.steps)})
    with pytest.raises(PlanRefused, match="other operations than were shown"):
        house.approvals.show(plan, [instance(1)])


@pytest.mark.parametrize(
    "script",
    [
        "import os\nos.system('id')",
        "import sys\nimport boto3\nboto3.client('ec2').terminate_instances(InstanceIds=sys.argv[1:])",
        "import boto3\nboto3.client('ec2', endpoint_url='http://evil.example').stop_instances(InstanceIds=['i-1'])",
    ],
)
def test_a_script_that_does_more_than_its_plan_says_is_refused(house: House, script: str) -> None:
    """Whatever the plan claims, the script's own words decide."""
    draft = house.draft(instance(1))
    change = next(step for step in draft.steps if step.phase == "change")
    swapped = change.model_copy(update={"script": script})
    plan = draft.model_copy(update={"steps": tuple(swapped if step is change else step for step in draft.steps)})
    with pytest.raises(PlanRefused):
        house.approvals.show(plan, [instance(1)])


def test_an_altered_approval_is_refused(house: House) -> None:
    """An approval whose record was edited no longer bears its signature."""
    from escher.store.operations import OPERATIONS, OperationStore, operation_key
    from escher.store.records import Record

    plan = house.shown(instance(1))
    house.approvals.approve_at_terminal(plan.plan_id, plan.digest)
    operations = OperationStore(house.store)
    body = operations.get("approval", plan.plan_id)
    assert body is not None
    body["approved"]["expires_at"] = "2036-01-01T00:00:00+00:00"
    with house.store.transaction() as within:
        within.put(OPERATIONS, Record(operation_key("approval", plan.plan_id), body))
    with pytest.raises(StaleApproval, match="altered"):
        house.approvals.consume(plan.plan_id, "run-1")
