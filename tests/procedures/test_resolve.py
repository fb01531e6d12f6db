"""A template becomes exact steps: which call, where, on which targets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from escher.contract.estate import Account, Resource
from escher.contract.plan import Plan, PlanTemplate
from escher.contract.understanding import Parameter, Selector
from escher.contract.vocabulary import Language
from escher.errors import PlanRefused
from escher.procedures.resolve import Resolution, resolve
from escher.procedures.values import settle
from escher.scripts.reader import Reader
from tests.approval.conftest import ACCOUNT, LIBRARY, NOW, instance

SANDBOX = Account(provider="aws", account_id="444455556666", name="sandbox")


def _plan(
    *targets: Resource,
    playbook: str = "escher-aws-ec2-stop",
    accounts: tuple[Account, ...] = (ACCOUNT, SANDBOX),
    languages: tuple[Language, ...] = ("bash", "python"),
    **values: str,
) -> Plan:
    template = PlanTemplate(playbook=LIBRARY[playbook], selector=Selector())
    given = Resolution(
        plan_id="plan-1",
        question="do it",
        template=template,
        values=values,
        targets=targets,
        accounts={account.account_id: account for account in accounts},
        languages=languages,
        now=NOW,
        valid_for=timedelta(minutes=15),
    )
    return resolve(given, Reader())


def _database() -> Resource:
    return instance(
        1, resource_type="aws_rds_db_instance", kind="database_instance", identifier="orders", state="available",
        resource_id="arn:aws:rds:us-east-1:111122223333:db:orders",
    )  # fmt: skip


def test_every_check_comes_before_the_first_change() -> None:
    """Two accounts and two regions: a step each, and all checks first."""
    other = instance(2, account_id=SANDBOX.account_id, resource_id="arn:aws:ec2:us-east-1:444455556666:instance/i-2")
    away = instance(3, region="eu-west-1", resource_id="arn:aws:ec2:eu-west-1:111122223333:instance/i-3")
    plan = _plan(instance(1), other, away)
    assert [step.phase for step in plan.steps] == ["check"] * 3 + ["change"] * 3 + ["verify"] * 3
    places = {(step.account_id, step.region) for step in plan.steps if step.phase == "change"}
    assert places == {("111122223333", "us-east-1"), ("111122223333", "eu-west-1"), ("444455556666", "us-east-1")}


def test_a_step_has_at_most_fifty_targets() -> None:
    """Many targets become several calls, and none is lost."""
    plan = _plan(*(instance(number) for number in range(10, 99)), *(instance(number) for number in range(100, 125)))
    changes = [step.targets for step in plan.steps if step.phase == "change"]
    assert max(map(len, changes)) == 50
    assert len({target for targets in changes for target in targets}) == 89 + 25


def test_commands_are_what_a_person_would_type() -> None:
    """The script takes arguments; the command shows them in place, and so does its undo."""
    change = next(step for step in _plan(instance(1)).steps if step.phase == "change")
    assert change.commands == (f"aws ec2 stop-instances --region us-east-1 --instance-ids {instance(1).identifier}",)
    assert change.rollback is not None
    assert change.rollback.commands[0].startswith("aws ec2 start-instances")


def test_an_endpoint_of_its_own_is_never_left() -> None:
    """Where the CLI would go to AWS itself in spite of the account's endpoint, the Python form runs."""
    pinned = replace(ACCOUNT, endpoint_url="http://127.0.0.1:5000")
    assert {step.language for step in _plan(_database(), playbook="escher-aws-rds-stop").steps} == {"bash"}
    steps = _plan(_database(), playbook="escher-aws-rds-stop", accounts=(pinned,)).steps
    assert {step.language for step in steps} == {"python"}
    assert all(step.environment["AWS_ENDPOINT_URL"] == pinned.endpoint_url for step in steps)


def test_an_account_that_is_not_configured_refuses_the_plan() -> None:
    """There is nobody to run it as."""
    with pytest.raises(PlanRefused, match="not configured"):
        _plan(instance(1), accounts=(SANDBOX,))


def test_a_missing_parameter_is_asked_for_and_a_wrong_one_named() -> None:
    """Resizing needs a type, and a type looks like one."""

    class Nobody:
        def names(self, word: str) -> tuple[str, ...]:
            return ()

        def value(self, word: str) -> str:
            return word

        def alias_of(self, resource_id: str) -> str:
            return "r0001"

    template = PlanTemplate(playbook=LIBRARY["escher-aws-ec2-resize"], selector=Selector())
    _, asked = settle(template, Nobody())
    assert asked is not None
    wrong = template.model_copy(update={"parameters": {"instance_type": Parameter(value="a large one")}})
    _, told = settle(wrong, Nobody())
    assert told is not None
    right = template.model_copy(update={"parameters": {"instance_type": Parameter(value="t3.large")}})
    assert settle(right, Nobody()) == ({"instance_type": "t3.large"}, None)


def test_a_change_of_many_goes_in_waves() -> None:
    """Every check comes first; then 1, 2, 4 … targets, each wave with its change and its verification."""
    plan = _plan(*(instance(number) for number in range(10, 20)))
    assert [(step.wave, step.phase, len(step.targets)) for step in plan.steps] == [
        (0, "check", 10),
        *((wave, phase, size) for wave, size in ((1, 1), (2, 2), (3, 4), (4, 3)) for phase in ("change", "verify")),
    ]
    changed = [target for step in plan.steps if step.phase == "change" for target in step.targets]
    assert len(set(changed)) == len(changed) == 10


def test_what_is_changed_singly_is_verified_singly_in_waves() -> None:
    """So one target's failure is not another's."""
    volumes = [
        replace(instance(number), resource_type="aws_ebs_volume", state="available", attributes={"volume_type": "gp2"})
        for number in range(10, 17)
    ]
    plan = _plan(*volumes, playbook="escher-aws-ebs-gp2-to-gp3", languages=("python",))
    assert {len(step.targets) for step in plan.steps if step.wave} == {1}
    assert max(step.wave for step in plan.steps) == 3


def test_a_few_targets_need_no_waves() -> None:
    """Five are changed at once."""
    assert {step.wave for step in _plan(*(instance(number) for number in range(10, 15))).steps} == {0}


def test_a_steps_token_is_its_own_and_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same plan gives the same token, so it is part of what is approved; every step has another."""
    playbook = LIBRARY["escher-aws-ec2-stop"]
    steps = [
        step.model_copy(update={"arguments": (*step.arguments, "${plan.token}")}) if step.phase == "change" else step
        for step in playbook.orchestration.steps
    ]
    orchestration = playbook.orchestration.model_copy(update={"steps": tuple(steps)})
    monkeypatch.setitem(LIBRARY, "with-token", playbook.model_copy(update={"orchestration": orchestration}))
    away = instance(3, region="eu-west-1", resource_id="arn:aws:ec2:eu-west-1:111122223333:instance/i-3")
    first, again = (
        [step.arguments[-1] for step in _plan(instance(1), away, playbook="with-token").steps if step.phase == "change"]
        for _ in range(2)
    )
    assert first == again and len(set(first)) == 2
