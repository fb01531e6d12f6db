"""Plans that were made for a request, over several clouds, or for later, as the user gets them; and drafts to keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

import pytest

from escher.approval.facts import Facts
from escher.approval.policy import GENERATED, assess
from escher.contract.estate import Account
from escher.contract.policy import Policy
from escher.errors import ConsentMissing, InvalidInput
from escher.session.session import Session
from escher.session.wiring import assemble
from escher.settings import Settings
from tests.approval.conftest import ACCOUNT, NOW, instance
from tests.session.test_own_playbooks import Cloud, parts_of

SUBSCRIPTION = Account(provider="azure", account_id="00000000-1111-2222-3333-444444444444", name="shop")
GROUP_ID = f"/subscriptions/{SUBSCRIPTION.account_id}/resourceGroups/web"
MACHINE = replace(
    instance(3), provider="azure", account_id=SUBSCRIPTION.account_id, region="westeurope", name="vm-1",
    resource_type="azure_compute_virtual_machine", identifier="web/vm-1",
    resource_id=f"{GROUP_ID}/providers/Microsoft.Compute/virtualMachines/vm-1",
)  # fmt: skip
GROUP = replace(
    MACHINE, resource_type="azure_resource_group", kind="resource_group", identifier="web", name="web",
    resource_id=GROUP_ID, state="available",
)  # fmt: skip
CLUSTER = instance(
    4, resource_type="aws_redshift_cluster", kind="data_warehouse", identifier="dwh", name="dwh", state="available",
    resource_id="arn:aws:redshift:us-east-1:111122223333:cluster:dwh",
)  # fmt: skip


@pytest.fixture(params=["bash", "python"])
def session(settings: Settings, request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session with machines in two clouds, for each form of scripts; only the cloud's identity is made up."""
    parts = assemble(settings)
    vars(parts)["access"] = Cloud()
    vars(parts)["look"] = lambda targets: parts.estate.snapshot().by_id
    vars(parts)["languages"] = lambda provider="aws": (request.param, "python")
    parts.estate.upsert([instance(1), instance(2, state="stopped"), MACHINE, GROUP, CLUSTER])
    for account in (ACCOUNT, SUBSCRIPTION):
        parts.estate.put_account(account)
    with Session(parts) as opened:
        yield opened


def test_a_made_plan_is_marked_and_waits_for_approval(session: Session) -> None:
    """In the text, on the plan and where it is shown; it is resolved to the one target, with its undo."""
    reply = session.ask("pause the Redshift cluster dwh")
    plan = reply.plan
    assert plan is not None and GENERATED in reply.text
    assert (plan.generated, plan.requires_approval, plan.warnings[0]) == (True, True, GENERATED)
    (step,) = plan.steps
    assert step.commands == ("aws redshift pause-cluster --region us-east-1 --cluster-identifier dwh",)
    assert step.targets == (CLUSTER.resource_id,) and step.rollback is not None
    shown = next(one for one in reply.components if one["type"] == "execution_plan")
    assert "reviewed by nobody" in shown["props"]["subtitle"]


def test_a_made_plan_is_approved_even_if_it_only_reads(session: Session) -> None:
    """No policy lets it by; the same calls in a script that came with the client would run without a question."""
    plan = session.ask("pause the Redshift cluster dwh").plan
    assert plan is not None
    step = plan.steps[0]
    calls = tuple(operation.model_copy(update={"effect": "read"}) for operation in step.operations)
    reading = plan.model_copy(
        update={"effect": "read", "steps": (step.model_copy(update={"effect": "read", "operations": calls}),)}
    )
    facts = Facts(NOW, own_scripts=frozenset({sha256(step.script.encode()).hexdigest()}))
    assert assess(reading, [CLUSTER], Policy(), facts).requires_approval
    reviewed = reading.model_copy(update={"generated": False})
    assert not assess(reviewed, [CLUSTER], Policy(), facts).requires_approval
    assert assess(reviewed, [CLUSTER], Policy(), Facts(NOW)).requires_approval


def test_what_a_made_plan_destroys_has_to_be_typed(session: Session) -> None:
    """A click is not enough; data is kept where the command can keep it."""
    plan = session.ask("delete the Redshift cluster dwh").plan
    assert plan is not None and (plan.effect, plan.risk, plan.reversible) == ("destroy", "high", False)
    assert "final-cluster-snapshot-identifier" in plan.steps[0].commands[0]
    with pytest.raises(ConsentMissing):
        session.approve(plan.plan_id, plan.digest)


def test_one_plan_covers_the_machines_of_two_clouds(session: Session) -> None:
    """Each by its own cloud's commands, checks first; what does not run is left out in both."""
    reply = session.ask("stop all dev instances")
    assert reply.plan is not None and not reply.plan.generated
    assert {target.resource_id for target in reply.targets} == {instance(1).resource_id, MACHINE.resource_id}
    assert [(step.phase, step.provider) for step in reply.plan.steps] == [
        (phase, cloud) for phase in ("check", "change", "verify") for cloud in ("aws", "azure")
    ]


@pytest.mark.parametrize(
    "order", ["stop the dev EC2 instances every weekday at 20:00", "stop the dev EC2 instances tonight"]
)
def test_an_order_for_later_is_no_plan_for_now(session: Session, order: str) -> None:
    """Also when a playbook of one's own would do it: it says what would run, and when."""
    session.playbooks.create("user-stop-mine", "escher-aws-ec2-stop", "1.0.0")
    for state in ("ready", "active"):
        session.playbooks.move("user-stop-mine", "", state)
    reply = session.ask(order)
    assert reply.plan is None
    assert "is what would run" in reply.text and "automation" in reply.text


def test_a_draft_is_shown_and_kept_only_when_asked(session: Session) -> None:
    """It has the library's steps for what is there, validates, scores well, and becomes one's own by a command."""
    reply = session.ask("create a disaster-recovery playbook for dev")
    assert reply.plan is None and reply.draft is not None
    assert reply.draft.orchestration.targets.require.environments == ("dev",)
    assert "escher playbook draft user-disaster-recovery-dev" in reply.text
    assert parts_of(session).playbooks.all() == []
    row = session.playbooks.draft("user-dr", "create a disaster-recovery playbook for dev")
    assert (row.status, row.author) == ("draft", "ai_generated")
    answer = session.playbooks.check(session.playbooks.get("user-dr"))
    assert answer.score >= 70 and answer.required_fixes == ()


def test_a_draft_for_nothing_in_particular_is_asked_about(session: Session) -> None:
    """Nothing is kept."""
    with pytest.raises(InvalidInput, match="to be for"):
        session.playbooks.draft("user-x", "a playbook")
