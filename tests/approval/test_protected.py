"""What the user protects no plan may change, whoever approves it."""

from __future__ import annotations

import pytest

from escher.contract.marks import mark
from escher.errors import PolicyDenied
from tests.approval.conftest import House, instance

PATTERNS = ("tag:env=dev", "tag:env", "name:web-*", "type:aws_ec2_instance", "kind:compute_*", "region:us-east-1")


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_plan_on_something_protected_is_not_even_shown(house: House, pattern: str) -> None:
    """It is refused with the name of what is protected and with the pattern; one protected target is enough."""
    house.marks.append(mark("protect", pattern))
    with pytest.raises(PolicyDenied) as refused:
        house.shown(instance(1, tags={}, name="other"), instance(2))
    assert pattern in refused.value.message
    assert refused.value.hint


def test_protecting_ends_what_was_shown_before(house: House) -> None:
    """A plan that was shown, or even approved, does not run once its target is protected."""
    plan = house.shown(instance(1))
    house.approvals.approve_at_terminal(plan.plan_id, plan.digest)
    house.marks.append(mark("protect", "name:web-dev-1"))
    with pytest.raises(PolicyDenied, match="web-dev-1 is protected by name:web-dev-1"):
        house.approvals.consume(plan.plan_id, "run-1")


def test_what_is_only_left_out_of_scans_is_not_protected(house: House) -> None:
    """The two lists are apart, and a pattern that fits nothing of a plan does not stop it."""
    house.marks += [mark("ignore", "tag:env=dev"), mark("protect", "tag:env=prod")]
    assert house.shown(instance(1)).steps
