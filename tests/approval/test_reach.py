"""What the client itself sees in a plan beside its targets: levels, dependants, backups, rights, wildcards."""

from __future__ import annotations

from typing import Any

import pytest

from escher.approval.facts import Facts
from escher.approval.policy import Assessment
from escher.approval.policy import assess as assessed
from escher.contract.estate import Resource
from escher.contract.plan import Operation, Plan
from escher.contract.policy import Policy
from escher.errors import PlanRefused
from tests.approval.conftest import NOW, House, instance

RDS = {
    "resource_type": "aws_rds_db_instance", "kind": "database_instance", "identifier": "orders-db", "name": "orders-db",
    "resource_id": "arn:aws:rds:us-east-1:111122223333:db:orders-db", "state": "available",
}  # fmt: skip


def assess(plan: Plan, targets: list[Resource], policy: Policy) -> Assessment:
    """The verdict at the tests' time, with nothing else known."""
    return assessed(plan, targets, policy, Facts(NOW))


def calling(plan: Plan, *operations: Operation) -> Plan:
    """The plan whose change calls something else."""
    steps = tuple(
        step.model_copy(update={"operations": operations}) if step.phase == "change" else step for step in plan.steps
    )
    return plan.model_copy(update={"steps": steps})


def call(service: str, operation: str, **parameters: Any) -> Operation:
    """One write in AWS."""
    return Operation(provider="aws", service=service, operation=operation, parameters=parameters, effect="write")


def test_six_targets_are_riskier_than_five(house: House) -> None:
    """A level up, and another one when production is among them."""
    levels = []
    for number, tags in ((5, {}), (6, {}), (6, {"env": "prod"})):
        plan = house.draft(*(instance(one, tags=tags) for one in range(number)))
        levels.append(assess(plan, [instance(one, tags=tags) for one in range(number)], Policy()).risk)
    assert levels == ["low", "medium", "high"]


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        (call("ec2", "authorize-security-group-ingress", CidrIp="0.0.0.0/0"), "It opens something to everybody."),
        (call("iam", "attach-role-policy", RoleName="web"), "It changes who may do what."),
    ],
)
def test_what_opens_or_moves_rights_is_high_whatever_the_playbook_says(
    house: House, operation: Operation, said: str
) -> None:
    """The label `low` of the playbook does not count for it."""
    verdict = assess(calling(house.draft(instance(1)), operation), [instance(1)], Policy())
    assert (verdict.risk, said in verdict.warnings) == ("high", True)


def test_what_was_generated_is_never_low(house: House) -> None:
    """Medium at least, and always approved."""
    plan = house.draft(instance(1)).model_copy(update={"generated": True})
    verdict = assess(plan, [instance(1)], Policy())
    assert (verdict.risk, verdict.requires_approval) == ("medium", True)


def test_who_depends_on_the_targets_is_said(house: House) -> None:
    """As the last scan counted them; with nobody there is no word."""
    busy, lonely = instance(1, constraints={"dependants": 3}), instance(2, constraints={"dependants": 0})
    plan = house.draft(busy, lonely)
    assert "3 more depend on web-dev-1." in assess(plan, [busy, lonely], Policy()).warnings
    assert not any("depend" in said for said in assess(plan, [lonely], Policy()).warnings)


def test_data_without_a_backup_is_warned_of(house: House) -> None:
    """By name and with the way out; silent where a backup is known, or nobody looked."""
    texts = []
    for constraints in ({"has_backups": False}, {"has_backups": True}, {}):
        database = instance(1, **RDS, constraints=constraints)
        texts.append(assess(house.draft(database, playbook="escher-aws-rds-stop"), [database], Policy()).warnings)
    assert any("No backup of orders-db" in said and "snapshot" in said for said in texts[0])
    assert not any("backup" in said for said in (*texts[1], *texts[2]))


def test_a_wildcard_is_refused_beside_a_target(house: House) -> None:
    """Naming one's target does not make up for naming everything else."""
    plan = house.draft(instance(1))
    wide = calling(plan, call("ec2", "stop-instances", InstanceIds=[instance(1).identifier, "*"]))
    with pytest.raises(PlanRefused, match="wildcard"):
        house.approvals.show(wide, (instance(1),))
