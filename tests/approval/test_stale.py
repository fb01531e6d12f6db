"""Whatever is not as it was shown and approved voids the approval, and says what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from escher.contract.estate import Resource
from escher.contract.plan import Plan
from escher.errors import ApprovalUsed, StaleApproval, TargetUnreadable
from escher.store.operations import OPERATIONS
from escher.store.records import Record
from escher.store.transaction import Transaction
from tests.approval.conftest import FakeAws, House, instance

PROD = {"env": "prod"}


def approved(house: House, *targets: Resource) -> Plan:
    """A plan that was shown and approved."""
    plan = house.shown(*targets)
    house.approvals.approve_at_terminal(plan.plan_id, plan.digest)
    return plan


def test_production_retagged_as_dev_between_approval_and_run_voids_it(house: House) -> None:
    """No scan has seen it; the live look before the run does, and names target and field, before and after."""
    plan = approved(house, instance(1, tags=PROD))
    house.cloud[instance(1).resource_id] = instance(1, tags={"env": "dev"})
    house.now += timedelta(seconds=11)
    with pytest.raises(StaleApproval, match=r"web-dev-1 has changed .*: tags.env was prod and is dev"):
        house.approvals.consume(plan.plan_id, "run-1")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": "stopped"}, "state was running and is stopped"),
        ({"tags": {}}, "tags.env was dev and is not there"),
        ({"tags": {"env": "dev", "role": "db"}}, "tags.role was not there and is db"),
        ({"attributes": {"created_at": 7}}, "attributes.created_at was not there and is 7"),
        ({"managed_by": "terraform"}, "managed_by was  and is terraform"),
    ],
)
def test_a_look_right_before_granting_finds_what_no_scan_saw(
    house: House, change: dict[str, object], said: str
) -> None:
    """The estate is as it was shown; the cloud is not."""
    plan = house.shown(instance(1))
    house.cloud[instance(1).resource_id] = replace(instance(1), **change)
    with pytest.raises(StaleApproval, match=said):
        house.approvals.approve_at_terminal(plan.plan_id, plan.digest)


def test_a_target_that_is_gone_from_the_cloud_voids_the_approval(house: House) -> None:
    """What the look does not find is not there."""
    plan = approved(house, instance(1), instance(2))
    house.gone.add(instance(2).resource_id)
    house.now += timedelta(seconds=11)
    with pytest.raises(StaleApproval, match=r"web-dev-2 has changed .*: it is gone"):
        house.approvals.consume(plan.plan_id, "run-1")


def test_a_look_is_good_for_ten_seconds(house: House) -> None:
    """A run right after the approval starts without another; a later one looks again."""
    plan = approved(house, instance(1))
    house.now += timedelta(seconds=10)
    house.approvals.consume(plan.plan_id, "run-1")
    assert house.looks == 1


def test_what_cannot_be_read_now_is_never_called_unchanged(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Throttled or refused: the refusal rises, it is in the trail, and the approval is not used up."""
    plan = approved(house, instance(1))

    def refuse(targets: Sequence[Resource]) -> dict[str, Resource]:
        raise TargetUnreadable("web-dev-1 cannot be read now: RequestLimitExceeded.")

    house.now += timedelta(seconds=11)
    with monkeypatch.context() as patched:
        patched.setattr(house, "look", refuse)
        with pytest.raises(TargetUnreadable):
            house.approvals.consume(plan.plan_id, "run-1")
    last = list(house.ledger.entries())[-1].event
    assert (last.type, last.details) == ("approval_refused", {"code": "target_unreadable", "run_id": "run-1"})
    assert house.approvals.consume(plan.plan_id, "run-2").run_id == "run-2"


def test_other_credentials_than_at_the_approval_void_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account is the same and who acts in it is not."""
    plan = approved(house, instance(1))
    house.now += timedelta(seconds=11)
    monkeypatch.setattr(FakeAws, "principal", "arn:aws:sts::111122223333:assumed-role/admin/escher")
    with pytest.raises(StaleApproval, match="credentials of an account are somebody else's"):
        house.approvals.consume(plan.plan_id, "run-1")


def test_another_sandbox_or_way_to_the_account_voids_it(house: House) -> None:
    """At once, without any look at the cloud."""
    plan = approved(house, instance(1))
    house.sandbox = "bubblewrap"
    with pytest.raises(StaleApproval, match="another sandbox"):
        house.approvals.consume(plan.plan_id, "run-1")
    house.sandbox, house.account = "process_group", replace(house.account, profile="other")
    with pytest.raises(StaleApproval, match="reached in another way"):
        house.approvals.consume(plan.plan_id, "run-1")


def test_a_clock_that_is_set_back_revives_nothing(house: House) -> None:
    """Expired once, by a look at the clock that was refused: it stays so, whatever the clock says afterwards."""
    plan = approved(house, instance(1))
    house.now += timedelta(minutes=16)
    with pytest.raises(StaleApproval, match="expired"):
        house.approvals.consume(plan.plan_id, "run-1")
    house.now -= timedelta(minutes=10)
    with pytest.raises(StaleApproval, match="expired"):
        house.approvals.consume(plan.plan_id, "run-2")


def test_what_else_was_done_meanwhile_tells_the_time_too(house: House) -> None:
    """Nobody tried the approval while it expired; another plan was shown then."""
    plan = approved(house, instance(1))
    house.now += timedelta(minutes=20)
    other = house.draft(instance(2)).model_copy(update={"plan_id": "plan-2"})
    house.approvals.show(other, [instance(2)])
    house.now -= timedelta(minutes=15)
    with pytest.raises(StaleApproval, match="expired"):
        house.approvals.consume(plan.plan_id, "run-1")


def test_a_clock_far_behind_the_approval_is_refused(house: House) -> None:
    """A few minutes are a clock that was set right; more are a clock that was set back."""
    plan = approved(house, instance(1))
    house.now -= timedelta(minutes=6)
    with pytest.raises(StaleApproval, match="set back"):
        house.approvals.consume(plan.plan_id, "run-1")
    house.now += timedelta(minutes=2)
    assert house.approvals.consume(plan.plan_id, "run-2").run_id == "run-2"


def test_a_clock_that_once_ran_ahead_locks_nobody_out(house: House) -> None:
    """What was seen before the approval does not count against it."""
    house.now += timedelta(days=900)
    house.approvals.show(house.draft(instance(3)).model_copy(update={"plan_id": "plan-0"}), [instance(3)])
    house.now -= timedelta(days=900)
    plan = approved(house, instance(1))
    assert house.approvals.consume(plan.plan_id, "run-1").run_id == "run-1"


def test_one_altered_record_does_not_bring_a_used_approval_back(house: House) -> None:
    """Whoever has the store's key and sets `used` back to `granted` still finds the nonce used."""
    plan = approved(house, instance(1))
    house.approvals.consume(plan.plan_id, "run-1")
    with house.store.transaction() as within:
        record = within.get(OPERATIONS, f"approval:{plan.plan_id}")
        assert record is not None
        within.put(OPERATIONS, Record(record.key, record.body | {"state": "granted", "run_id": ""}))
    with pytest.raises(ApprovalUsed, match="used before"):
        house.approvals.consume(plan.plan_id, "run-2")


def test_what_is_written_with_a_run_is_written_with_its_start_or_not_at_all(house: House) -> None:
    """The engine's record of a run stands in the transaction that uses the approval up."""
    plan = approved(house, instance(1))

    def fail(within: Transaction, consumed: object) -> None:
        raise RuntimeError("no room")

    with pytest.raises(RuntimeError):
        house.approvals.consume(plan.plan_id, "run-1", fail)
    seen: list[int] = []
    consumed = house.approvals.consume(plan.plan_id, "run-2", lambda within, one: seen.append(one.audit_entry))
    assert seen == [consumed.audit_entry]
