"""Two people: nothing that wants both runs with one, and no file but the right one is the other's yes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from escher.approval.second import Seconded, signed
from escher.contract.plan import Plan
from escher.contract.policy import Approver, Policy, When
from escher.contract.wire import canonical
from escher.errors import ApprovalError, ConsentMissing, PlanRefused, SecondPersonMissing, StaleApproval
from tests.approval.conftest import House, instance, opened


@pytest.fixture
def ben(tmp_path: Path) -> Iterator[House]:
    """The second person's machine, with a store of its own."""
    with opened(tmp_path / "ben") as made:
        yield made


@pytest.fixture
def plan(house: House, ben: House) -> Plan:
    """A plan that the policy wants two people for, of whom Ben is the other."""
    approver = Approver(name="ben", public_key=ben.approvals.public_key)
    house.policy = Policy(approvers=(approver,), second_person_for=(When(effects=("write",)),))
    return house.shown(instance(1))


def asked(house: House, plan: Plan) -> bytes:
    """The bytes of a request."""
    return canonical(house.approvals.seconding.ask(plan.plan_id, plan.digest))


def answered(ben: House, request: bytes) -> bytes:
    """The bytes of Ben's yes."""
    return canonical(ben.approvals.seconding.answer(ben.approvals.seconding.read(request)))


def complete(house: House, plan: Plan, answer: bytes) -> None:
    house.approvals.seconding.approve(plan.plan_id, plan.digest, "", answer)


def test_two_people_approve_what_one_cannot(house: House, ben: House, plan: Plan) -> None:
    """Alone it is refused; with the other's answer it runs once, and the trail names both."""
    assert plan.approvals_required == 2
    with pytest.raises(SecondPersonMissing, match="consent of a second person"):
        house.approvals.approve_at_terminal(plan.plan_id, plan.digest)
    with pytest.raises(ApprovalError, match="has not been approved"):
        house.approvals.consume(plan.plan_id, "run-0")
    complete(house, plan, answered(ben, asked(house, plan)))
    consumed = house.approvals.consume(plan.plan_id, "run-1")
    assert consumed.approved.seconded is not None
    assert consumed.approved.seconded.key == ben.approvals.public_key
    assert list(house.ledger.entries())[-1].event.details["seconded_by"] == consumed.approved.seconded.approver
    assert [entry.event.type for entry in ben.ledger.entries()][-1] == "approval_seconded"


def test_nobody_is_their_own_second_person(house: House, plan: Plan) -> None:
    """Neither by answering one's own request, nor with one's own key among the approvers."""
    request = house.approvals.seconding.read(asked(house, plan))
    with pytest.raises(SecondPersonMissing, match="is your own"):
        house.approvals.seconding.answer(request)


def test_who_is_not_among_the_approvers_does_not_count(house: House, plan: Plan, tmp_path: Path) -> None:
    """Anybody can sign; whom the policy does not name, signs in vain."""
    with opened(tmp_path / "eve") as eve, pytest.raises(SecondPersonMissing, match="not among the policy's approvers"):
        complete(house, plan, answered(eve, asked(house, plan)))


@pytest.mark.parametrize(
    "field", ["request", "plan_id", "digest", "nonce", "approver", "expires_at", "key", "signature"]
)
def test_an_altered_answer_is_refused(house: House, ben: House, plan: Plan, field: str) -> None:
    """Each field is signed."""
    document = json.loads(answered(ben, asked(house, plan)))
    document[field] = document[field][:-1] + ("0" if document[field][-1] != "0" else "1")
    with pytest.raises(SecondPersonMissing, match="altered"):
        complete(house, plan, json.dumps(document).encode())


@pytest.mark.parametrize("field", ["requester", "nonce", "asked_at", "expires_at", "targets", "plan"])
def test_an_altered_request_is_not_shown(house: House, ben: House, plan: Plan, field: str) -> None:
    """What the second person sees is what the first one was shown, or nothing."""
    document = json.loads(asked(house, plan))
    match document[field]:
        case str() as text:
            document[field] = text[:-1] + ("0" if text[-1] != "0" else "1")
        case list():
            document[field][0]["name"] = "something-harmless"
        case _:
            document[field]["title"] = "Something harmless"
    with pytest.raises(SecondPersonMissing, match="altered"):
        ben.approvals.seconding.read(json.dumps(document).encode())


def test_a_request_whose_scripts_do_more_is_not_shown(house: House, ben: House, plan: Plan) -> None:
    """Signed by its sender and yet a lie: the second person's machine reads the scripts itself."""
    request = house.approvals.seconding.ask(plan.plan_id, plan.digest)
    step = plan.steps[-1].model_copy(update={"script": "import os\nos.system('id')"})
    lying = request.model_copy(update={"plan": plan.model_copy(update={"steps": (step,)}).sealed(), "key": "0" * 64})
    with pytest.raises(SecondPersonMissing, match="altered"):
        ben.approvals.seconding.read(canonical(lying))
    from escher.approval.kept import signer_of

    own = signer_of(house.store)
    lying = signed(lying.model_copy(update={"key": own.public_key}), own.signature)
    with pytest.raises(PlanRefused):
        ben.approvals.seconding.read(canonical(lying))


def test_an_answer_to_another_plan_or_an_older_request_is_refused(house: House, ben: House, plan: Plan) -> None:
    """A yes is to one request, and a newer one takes its place."""
    old = answered(ben, asked(house, plan))
    other = house.draft(instance(2)).model_copy(update={"plan_id": "plan-2"})
    shown = house.approvals.show(other, [instance(2)])
    with pytest.raises(SecondPersonMissing, match="not to the request"):
        complete(house, shown, old)
    asked(house, plan)
    with pytest.raises(SecondPersonMissing, match="not to the request"):
        complete(house, plan, old)


def test_an_answer_is_not_good_for_a_second_run(house: House, ben: House, plan: Plan) -> None:
    """Replayed after the run it is refused like any other approval of a plan that ran."""
    answer = answered(ben, asked(house, plan))
    complete(house, plan, answer)
    house.approvals.consume(plan.plan_id, "run-1")
    with pytest.raises(ApprovalError, match="has run already"):
        complete(house, plan, answer)


def test_requests_and_answers_expire_with_the_plan(house: House, ben: House, plan: Plan) -> None:
    """Too late for the second person to answer, and for the first one to use the answer."""
    request = asked(house, plan)
    answer = answered(ben, request)
    house.now += timedelta(minutes=15)
    ben.now += timedelta(minutes=15)
    with pytest.raises(SecondPersonMissing, match="expired"):
        ben.approvals.seconding.read(request)
    with pytest.raises((SecondPersonMissing, StaleApproval)):
        complete(house, plan, answer)


def test_both_type_what_a_plan_asks_to_be_typed(house: House, ben: House, plan: Plan) -> None:
    """The second person confirms for themselves; the first one's word is not in the request."""
    volume = instance(
        3, resource_type="aws_ebs_volume", kind="disk", identifier="vol-0a41c8e2d3f4a5b03", name="scratch",
        state="available", attributes={"attached": False},
        resource_id="arn:aws:ec2:us-east-1:111122223333:volume/vol-0a41c8e2d3f4a5b03",
    )  # fmt: skip
    draft = house.draft(volume, playbook="escher-aws-ebs-delete-unattached").model_copy(update={"plan_id": "plan-3"})
    destroying = house.approvals.show(draft, [volume])
    request = ben.approvals.seconding.read(asked(house, destroying))
    with pytest.raises(ConsentMissing):
        ben.approvals.seconding.answer(request)
    given = ben.approvals.seconding.answer(request, "scratch")
    with pytest.raises(ConsentMissing):
        complete(house, destroying, canonical(given))
    approved = house.approvals.seconding.approve(destroying.plan_id, destroying.digest, "scratch", canonical(given))
    assert isinstance(approved.seconded, Seconded)


def test_an_approver_who_was_struck_off_counts_no_more(house: House, ben: House, plan: Plan) -> None:
    """Between approval and run the policy changed."""
    complete(house, plan, answered(ben, asked(house, plan)))
    house.policy = Policy()
    with pytest.raises(ApprovalError):
        house.approvals.consume(plan.plan_id, "run-1")
