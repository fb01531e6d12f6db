"""What was allowed beforehand runs without a question, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from escher.approval.preapproval import Pin, PreApproval, Where
from escher.contract.changes import Change, FieldChange
from escher.contract.estate import Resource, Scope
from escher.contract.plan import Plan
from escher.contract.policy import Policy, PolicyRule
from escher.errors import (
    ConsentFromCell,
    ConsentMissing,
    InvalidInput,
    NotFound,
    PolicyDenied,
    PreapprovalUnfit,
    StaleApproval,
)
from escher.store.history import put_changes
from escher.store.operations import OPERATIONS
from escher.store.records import Record
from tests.approval.conftest import LIBRARY, NOW, House, instance

STOP, GROW = "escher-aws-ec2-stop", "escher-aws-ebs-grow"
DEV = Where(kinds=("compute_instance",), tags={"env": "dev"})


def give(house: House, playbook: str = STOP, **changes: Any) -> PreApproval:
    """A pre-approval that covers stopping five development machines for a day."""
    usual: dict[str, Any] = {"pins": {}, "where": DEV, "at_most": 5, "max_risk": "medium", "typed": playbook}
    usual |= {"until": NOW + timedelta(days=1)}
    return house.approvals.preapproved.give(LIBRARY[playbook], **usual | changes)


def disk(number: int) -> Resource:
    """A disk of the made-up account."""
    identifier = f"vol-0a41c8e2d3f4a5b{number:02d}"
    return instance(
        number, resource_type="aws_ebs_volume", kind="disk", identifier=identifier, state="in_use",
        resource_id=f"arn:aws:ec2:us-east-1:111122223333:volume/{identifier}", attributes={"size_gib": 10},
    )  # fmt: skip


def shown(house: House, *targets: Resource, plan_id: str = "plan-1", playbook: str = STOP, **values: Any) -> Plan:
    draft = house.draft(*targets, playbook=playbook, **values).model_copy(update={"plan_id": plan_id})
    return house.approvals.show(draft, targets)


def test_a_plan_that_fits_is_approved_for_one_run_and_the_trail_says_by_what(house: House) -> None:
    """The approval is like any other: single use, and bound to everything."""
    given = give(house)
    plan = shown(house, instance(1), instance(2))
    approved = house.approvals.approve_unasked(plan.plan_id)
    assert approved is not None
    assert (approved.channel, approved.by) == ("preapproval", given.preapproval_id)
    assert house.approvals.consume(plan.plan_id, "run-1").plan == plan
    started = list(house.ledger.entries())[-1].event
    assert (started.type, started.details["by"]) == ("started", given.preapproval_id)


def test_without_a_pre_approval_a_person_is_asked(house: House) -> None:
    """Nothing stands for a person here."""
    assert house.approvals.approve_unasked(shown(house, instance(1)).plan_id) is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"where": Where(tags={"env": "test"})}, "not among those"),
        ({"where": Where(kinds=("disk",))}, "not among those"),
        ({"where": Where(regions=("eu-west-1",))}, "not among those"),
        ({"where": Where(accounts=("999988887777",))}, "not among those"),
        ({"at_most": 1}, "acts on 2 targets, at most 1"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused_with_what_does_not(
    house: House, changes: dict[str, Any], said: str
) -> None:
    """One respect is enough."""
    given = give(house, **changes)
    plan = shown(house, instance(1), instance(2))
    with pytest.raises(PreapprovalUnfit, match=said):
        house.approvals.approve_by(given.preapproval_id, plan.plan_id)
    assert house.approvals.approve_unasked(plan.plan_id) is None


def test_it_ends_on_its_day_also_for_what_it_approved_before(house: House) -> None:
    """Approved a minute before its end, the plan does not run after it."""
    given = give(house, until=NOW + timedelta(minutes=5))
    plan = shown(house, instance(1))
    house.approvals.approve_by(given.preapproval_id, plan.plan_id)
    house.now += timedelta(minutes=6)
    with pytest.raises(PreapprovalUnfit, match="was allowed until"):
        house.approvals.consume(plan.plan_id, "run-1")


def test_the_limit_is_for_a_day_not_for_a_run(house: House) -> None:
    """Two and four are six; the next day there is room again."""
    give(house, until=NOW + timedelta(days=3))
    first, second = [instance(one) for one in (1, 2)], [instance(one) for one in (3, 4, 5, 6)]
    assert house.approvals.approve_unasked(shown(house, *first, plan_id="plan-1").plan_id)
    assert house.approvals.approve_unasked(shown(house, *second, plan_id="plan-2").plan_id) is None
    house.now += timedelta(hours=25)
    assert house.approvals.approve_unasked(shown(house, *second, plan_id="plan-3").plan_id)


def test_a_riskier_plan_than_allowed_is_refused(house: House) -> None:
    """To grow a disk is of medium risk."""
    where = Where(kinds=("disk",))
    given = give(house, GROW, pins={"size_gib": Pin(maximum=50)}, where=where, max_risk="low")
    plan = shown(house, disk(1), playbook=GROW, size_gib=20)
    with pytest.raises(PreapprovalUnfit, match="its risk is medium, at most low"):
        house.approvals.approve_by(given.preapproval_id, plan.plan_id)


@pytest.mark.parametrize(("pin", "fits"), [(Pin(minimum=1, maximum=50), True), (Pin(maximum=19), False)])
def test_a_pin_narrows_a_value(house: House, pin: Pin, fits: bool) -> None:
    """The playbook takes up to 65 536; the pre-approval says what it may be here."""
    given = give(house, GROW, pins={"size_gib": pin}, where=Where(kinds=("disk",)))
    plan = shown(house, disk(1), playbook=GROW, size_gib=20)
    assert plan.parameters == {"size_gib": 20}
    if fits:
        assert house.approvals.approve_by(given.preapproval_id, plan.plan_id).by == given.preapproval_id
        return
    with pytest.raises(PreapprovalUnfit, match="size_gib is 20"):
        house.approvals.approve_by(given.preapproval_id, plan.plan_id)


def test_a_pin_never_widens_what_the_playbook_takes(house: House) -> None:
    """Bounds beyond the playbook's are cut; a value that it does not take, or has not, is refused."""
    given = give(house, GROW, pins={"size_gib": Pin(minimum=-5, maximum=10**9)}, where=Where(kinds=("disk",)))
    assert given.pins["size_gib"] == Pin(minimum=1, maximum=65536)
    with pytest.raises(InvalidInput, match="cannot be '4'"):
        give(house, "escher-aws-logs-set-retention", pins={"days": Pin(options=("4",))})
    with pytest.raises(InvalidInput, match="no parameter 'count'"):
        give(house, pins={"count": Pin(maximum=3)})
    with pytest.raises(InvalidInput, match="has no value of its own"):
        give(house, GROW)


def test_another_playbook_under_the_same_name_does_not_fit(house: House) -> None:
    """A server that sends the same id, version and scripts with steps left out gets nothing."""
    given, own = give(house), LIBRARY[STOP]
    fewer = own.orchestration.model_copy(update={"steps": own.orchestration.steps[1:]})
    plan = house.shown_of(own.model_copy(update={"orchestration": fewer}), instance(1))
    assert (plan.playbook_id, plan.version) == (given.playbook_id, given.version)
    with pytest.raises(PreapprovalUnfit, match="byte for byte"):
        house.approvals.approve_by(given.preapproval_id, plan.plan_id)


@pytest.mark.parametrize(
    "change",
    [
        {"effect": "destroy"},
        {"effect": "unknown"},
        {"generated": True},
        {"confirmation": ("web",)},
        {"approvals_required": 2},
    ],
)
def test_what_a_person_must_see_is_never_covered(house: House, change: dict[str, Any]) -> None:
    """What destroys, what nobody reviewed, what is typed, what two must agree to."""
    given = give(house)
    plan = shown(house, instance(1)).model_copy(update=change)
    with pytest.raises(PreapprovalUnfit):
        house.approvals.preapproved.must_cover(given.preapproval_id, plan, [instance(1)])


def test_a_policy_that_denies_wins(house: House) -> None:
    """Allowed beforehand and forbidden since: forbidden."""
    given = give(house)
    house.policy = Policy(rules=(PolicyRule(name="no stops", effect="deny", effects=("write",)),))
    plan = house.draft(instance(1))
    with pytest.raises(PolicyDenied):
        house.approvals.show(plan, [instance(1)])
    house.policy = Policy()
    plan = shown(house, instance(1))
    house.policy = Policy(rules=(PolicyRule(name="no stops", effect="deny", effects=("write",)),))
    with pytest.raises(PolicyDenied):
        house.approvals.approve_by(given.preapproval_id, plan.plan_id)


def retag(house: House, one: Resource, before: str, after: str) -> None:
    """What a scan writes when it finds a tag changed."""
    change = Change(
        "changed", one.natural_key, one.resource_id, one.name, one.resource_type, one.account_id, one.region,
        one.provider, (FieldChange("tags.env", before, after),),
    )  # fmt: skip
    scope = Scope("aws", one.account_id, one.region, one.resource_type, "complete", scan_id="scan-1")
    with house.store.transaction() as within:
        put_changes(within, scope, [change], int(house.now.timestamp()) + 60)


def test_what_came_into_its_reach_by_a_new_tag_voids_it(house: House) -> None:
    """Production retagged as development before a scheduled run: it is good for nothing any more, also not later."""
    given = give(house)
    retag(house, instance(1), "prod", "dev")
    plan = shown(house, instance(1))
    with pytest.raises(PreapprovalUnfit, match="the tag env of web-dev-1 was changed to dev since"):
        house.approvals.approve_by(given.preapproval_id, plan.plan_id)
    assert "was changed to dev" in house.approvals.preapproved.all()[0].void
    other = shown(house, instance(2), plan_id="plan-2")
    assert house.approvals.approve_unasked(other.plan_id) is None


def test_what_left_its_reach_does_not(house: House) -> None:
    """A tag that makes it reach less is none of its business."""
    give(house)
    retag(house, instance(9), "dev", "prod")
    assert house.approvals.approve_unasked(shown(house, instance(1)).plan_id)


def test_retagged_in_the_cloud_and_not_scanned_is_found_by_the_look(house: House) -> None:
    """The estate still says dev, as the plan does; the cloud says prod."""
    give(house)
    plan = shown(house, instance(1))
    house.cloud[instance(1).resource_id] = replace(instance(1), tags={"env": "prod"})
    with pytest.raises(StaleApproval, match=r"tags.env was dev and is prod"):
        house.approvals.approve_unasked(plan.plan_id)


def test_taken_back_it_allows_nothing_also_not_what_it_approved(house: House) -> None:
    """An approval that it gave and that has not run is void with it."""
    given = give(house)
    plan = shown(house, instance(1))
    house.approvals.approve_by(given.preapproval_id, plan.plan_id)
    house.approvals.preapproved.remove(given.preapproval_id)
    with pytest.raises(NotFound):
        house.approvals.consume(plan.plan_id, "run-1")
    assert house.approvals.preapproved.all() == []


@pytest.mark.parametrize("field", ["at_most", "max_risk", "until", "where", "pins", "playbook_sha256", "made_at"])
def test_an_altered_one_is_refused(house: House, field: str) -> None:
    """Each field is signed by this store."""
    given = give(house)
    wider = {"at_most": 500, "max_risk": "high", "until": "2099-01-01T00:00:00+00:00", "where": {}, "pins": {"a": {}}}
    wider |= {"playbook_sha256": "0" * 64, "made_at": (NOW + timedelta(hours=1)).isoformat()}
    with house.store.transaction() as within:
        record = within.get(OPERATIONS, f"preapproval:{given.preapproval_id}")
        assert record is not None
        altered = record.body | {"given": record.body["given"] | {field: wider[field]}}
        within.put(OPERATIONS, Record(record.key, altered))
    with pytest.raises(StaleApproval, match="altered"):
        house.approvals.approve_by(given.preapproval_id, shown(house, instance(1)).plan_id)


def test_it_is_given_by_a_person_at_a_terminal(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by a cell, not without the playbook's id typed, not for longer than a month, not for a draft."""
    with pytest.raises(ConsentMissing, match=STOP):
        give(house, typed="yes")
    with pytest.raises(InvalidInput, match="not in time"):
        give(house, until=NOW + timedelta(days=31))
    monkeypatch.setenv("JPY_PARENT_PID", "1")
    with pytest.raises(ConsentFromCell):
        give(house)


def test_what_the_policy_lets_run_runs_at_a_terminal_only(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that allows is no click: from a cell nothing runs by it."""
    house.policy = Policy(rules=(PolicyRule(name="stops", effect="allow", actions=("aws ec2 *",)),))
    plan = shown(house, instance(1))
    assert plan.requires_approval is False
    with monkeypatch.context() as patched:
        patched.setenv("JPY_PARENT_PID", "1")
        assert house.approvals.approve_unasked(plan.plan_id) is None
        with pytest.raises(ConsentFromCell):
            house.approvals.approve_by_policy(plan.plan_id)
    approved = house.approvals.approve_unasked(plan.plan_id)
    assert approved is not None
    assert approved.channel == "policy"
    assert house.approvals.consume(plan.plan_id, "run-1").plan == plan


def test_the_policy_does_not_stand_for_a_person_where_it_asks(house: House) -> None:
    """Asked for by name it is refused."""
    plan = shown(house, instance(1))
    with pytest.raises(ConsentMissing):
        house.approvals.approve_by_policy(plan.plan_id)
