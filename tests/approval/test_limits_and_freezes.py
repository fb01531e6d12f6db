"""How much at once, and when nothing at all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from escher.approval.facts import Facts, facts_of
from escher.approval.freezes import is_in_force
from escher.approval.policy import assess
from escher.contract.estate import Resource
from escher.contract.policy import Freeze, Policy
from escher.errors import PolicyDenied
from tests.approval.conftest import NOW, House, instance
from tests.approval.test_policy_rules import DESCRIBE, STOP, calling

FOUR = tuple(instance(number) for number in range(4))
YEAR = {"name": "year's end", "from": "2026-12-20T00:00:00+01:00", "until": "2027-01-02T00:00:00Z"}
NIGHTS = {"name": "nights", "days": ["fri", "sun"], "start": "18:00", "end": "08:00", "zone": "Europe/Berlin"}


def refused(policy: dict[str, Any], targets: tuple[Resource, ...], total: int = 100, **given: Any) -> str:
    """Why stopping them is denied; empty when it is not."""
    facts = Facts(given.get("now", NOW), kinds={"compute_instance": total})
    try:
        assess(calling(given.get("call", STOP), targets=targets), targets, Policy.model_validate(policy), facts)
    except PolicyDenied as denied:
        return f"{denied}"
    return ""


@pytest.mark.parametrize(
    ("limit", "total", "beyond"),
    [
        ({"at_most": 4}, 100, False),
        ({"at_most": 3}, 100, True),
        ({"at_most": 3, "kind": "disk"}, 100, False),
        ({"at_most_percent": 10, "kind": "compute_instance"}, 40, False),
        ({"at_most_percent": 10, "kind": "compute_instance"}, 39, True),
        ({"at_most_percent": 10}, 40, False),
        ({"at_most_percent": 99, "kind": "compute_instance"}, 0, True),
    ],
)
def test_a_plan_changes_no_more_than_its_limit(limit: dict[str, Any], total: int, beyond: bool) -> None:
    """A number or a share of the kind; where nobody knows how many there are, it is all of them."""
    assert bool(refused({"limits": [{"name": "few", **limit}]}, FOUR, total)) is beyond


def test_the_refusal_says_how_far_and_what_to_do() -> None:
    """By the limit's name; reading has no limit."""
    policy = {"limits": [{"name": "few", "kind": "compute_instance", "at_most": 3}]}
    said = refused(policy, FOUR)
    assert "the limit 'few' of your policy forbids it: it changes 4 compute instances, and 3 are the most" in said
    assert "Change fewer at a time" in said
    assert not refused(policy, FOUR, call=DESCRIBE)


def test_targets_of_several_steps_are_counted_once() -> None:
    """Stopping and tagging the same four are four, not eight."""
    plan = calling(STOP, ("ec2", "create-tags", "write"), targets=FOUR)
    policy = Policy.model_validate({"limits": [{"name": "four", "at_most": 4}]})
    assert assess(plan, FOUR, policy, Facts(NOW)).requires_approval


def test_the_share_is_of_the_whole_estate() -> None:
    """All that the last scan knew of that kind, counted only where a limit asks for it."""
    estate = [instance(number) for number in range(7)]
    share = Policy.model_validate({"limits": [{"name": "x", "kind": "compute_instance", "at_most_percent": 50}]})
    assert facts_of(share, FOUR, estate, NOW).kinds == {"compute_instance": 7}
    assert facts_of(Policy(), FOUR, iter(estate), NOW).kinds == {}


@pytest.mark.parametrize(
    ("freeze", "moment", "on"),
    [
        (YEAR, "2026-12-19T22:59:59Z", False),
        (YEAR, "2026-12-19T23:00:00Z", True),
        (YEAR, "2027-01-02T00:00:00Z", False),
        (NIGHTS, "2026-11-27T17:00:00Z", True),  # Friday 18:00 in Berlin
        (NIGHTS, "2026-11-27T16:59:00Z", False),
        (NIGHTS, "2026-11-28T06:59:00Z", True),  # Saturday before eight: Friday's night still
        (NIGHTS, "2026-11-28T07:00:00Z", False),
        (NIGHTS, "2026-11-28T20:00:00Z", False),  # Saturday's own night is none
        (NIGHTS, "2026-07-03T16:00:00Z", True),  # in summer 18:00 is 16:00 UTC
        (NIGHTS | {"days": ["sun"]}, "2026-10-25T17:30:00Z", True),  # the day on which the clocks go back
        ({"name": "weekend", "days": ["sat", "sun"]}, "2026-11-28T00:00:00Z", True),
        ({"name": "weekend", "days": ["sat", "sun"]}, "2026-11-29T23:59:00Z", True),
        ({"name": "weekend", "days": ["sat", "sun"]}, "2026-11-30T00:00:00Z", False),
    ],
)
def test_a_freeze_is_on_when_it_says(freeze: dict[str, Any], moment: str, on: bool) -> None:
    """To the minute, in its own zone, over midnight and over the change of clocks."""
    assert is_in_force(Freeze.model_validate(freeze), datetime.fromisoformat(moment)) is on


def test_a_freeze_holds_changes_back_where_it_says() -> None:
    """In production only, reads never; until when, is said."""
    now = datetime(2026, 12, 24, tzinfo=UTC)
    prod = (instance(1, tags={"stage": "live"}),)
    policy = {"freezes": [YEAR | {"environments": ["prod"]}]}
    said = refused(policy, prod, now=now)
    assert 'the freeze "year\'s end" of your policy forbids ec2 stop-instances on web-dev-1 until 2027-01-02' in said
    assert not refused(policy, (instance(1),), now=now)
    assert not refused(policy, prod, now=now, call=DESCRIBE)
    assert not refused({"freezes": [YEAR | {"effects": ["destroy"]}]}, prod, now=now)


def test_a_freeze_that_begins_voids_what_was_approved(house: House) -> None:
    """The plan was shown and approved before; it does not run within the freeze."""
    until, start = "2026-11-25T00:00:00Z", "2026-11-24T12:05:00Z"
    house.policy = Policy.model_validate({"freezes": [{"name": "now", "from": start, "until": until}]})
    plan = house.shown(instance(1))
    house.approvals.approve_at_terminal(plan.plan_id, plan.digest)
    house.now = datetime(2026, 11, 24, 12, 6, tzinfo=UTC)
    with pytest.raises(PolicyDenied, match="freeze 'now'"):
        house.approvals.consume(plan.plan_id, "run-1")
