"""The client's own check: a plan whose whole, place or course is not what it says is refused with the difference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from escher.approval.check import environment_problems
from escher.contract.estate import Account, Resource
from escher.contract.plan import Plan, Step
from escher.errors import PlanRefused
from escher.procedures.surroundings import environment_for
from tests.approval.conftest import House, instance

TARGETS = (instance(1), instance(2))


def assert_refused(house: House, plan: Plan, said: str, *targets: Resource) -> None:
    """Assert that it is not even shown."""
    with pytest.raises(PlanRefused, match=said):
        house.approvals.show(plan, targets or TARGETS)


def with_step(plan: Plan, phase: str, **changes: Any) -> Plan:
    """The plan with something of its step of a phase changed."""
    return plan.model_copy(
        update={"steps": tuple(one.model_copy(update=changes) if one.phase == phase else one for one in plan.steps)}
    )


def again(plan: Plan, *changes: dict[str, Any]) -> Plan:
    """The plan with its change step once for each of these changes."""
    step = next(one for one in plan.steps if one.phase == "change")
    rest = [one for one in plan.steps if one.phase != "change"]
    return plan.model_copy(update={"steps": (*rest, *(step.model_copy(update=one) for one in changes))})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"effect": "read"}, "it says it reads"),
        ({"effect": "destroy"}, "it says it destroys"),
        ({"steps": ()}, "no step has a target"),
    ],
)
def test_a_whole_that_is_not_its_parts_is_refused(house: House, change: dict[str, Any], said: str) -> None:
    """The effect of a plan is that of its worst step, neither milder nor another."""
    assert_refused(house, house.draft(*TARGETS).model_copy(update=change), said)


def test_what_cannot_be_undone_does_not_say_that_it_can(house: House) -> None:
    """A change without an undo makes the whole irreversible."""
    plan = house.draft(*TARGETS)
    assert plan.reversible
    assert_refused(house, with_step(plan, "change", rollback=None), "nothing tells how")


def test_a_shown_target_that_nothing_is_done_to_is_refused(house: House) -> None:
    """Nobody is to believe that something is stopped which is not."""
    assert_refused(house, house.draft(instance(1)), "1 of the shown targets are in no step", *TARGETS)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AWS_REGION", "eu-west-1", "has another AWS_REGION than its account and region"),
        ("AWS_DEFAULT_REGION", "eu-west-1", "another AWS_DEFAULT_REGION"),
        ("AWS_ENDPOINT_URL", "https://evil.example", "another AWS_ENDPOINT_URL"),
        ("AWS_CA_BUNDLE", "/tmp/ca.pem", "another AWS_CA_BUNDLE"),
        ("HTTPS_PROXY", "http://evil.example:8080", "another HTTPS_PROXY"),
        ("AWS_PROFILE", "admin", "sets AWS_PROFILE"),
        ("BASH_ENV", "/tmp/x", "sets BASH_ENV"),
        ("LD_PRELOAD", "/tmp/x.so", "sets LD_PRELOAD"),
        ("PYTHONPATH", "/tmp", "sets PYTHONPATH"),
    ],
)
def test_a_step_goes_where_its_account_goes(house: House, name: str, value: str, said: str) -> None:
    """The place and the way are the account's own; the same name in another region is another thing."""
    plan = house.draft(*TARGETS)
    step = next(one for one in plan.steps if one.phase == "change")
    assert_refused(house, with_step(plan, "change", environment=step.environment | {name: value}), said)


def test_the_undo_is_held_to_the_same(house: House) -> None:
    """What would take a step back runs somewhere else, or does more than was shown."""
    plan = house.draft(*TARGETS)
    undo = next(one for one in plan.steps if one.rollback is not None).rollback
    assert undo is not None
    elsewhere = undo.model_copy(update={"environment": undo.environment | {"AWS_REGION": "eu-west-1"}})
    assert_refused(house, with_step(plan, "change", rollback=elsewhere), "the undo of step .* has another AWS_REGION")
    more = undo.model_copy(update={"arguments": (*undo.arguments, instance(9).identifier)})
    house.estate[instance(9).resource_id] = instance(9)
    assert_refused(house, with_step(plan, "change", rollback=more), "the undo of step .* calls other operations")


def test_the_difference_is_named(house: House) -> None:
    """Which operation is called and was not said, and which was said and is not called."""
    plan = house.draft(*TARGETS)
    step = next(one for one in plan.steps if one.phase == "change")
    hidden = step.script.replace("stop_instances", "terminate_instances")
    assert_refused(house, with_step(plan, "change", script=hidden), "it also calls ec2 terminate-instances")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda plan: again(plan, {"step_id": "2.1"}, {"step_id": "2.1"}), "two steps are called 2.1"),
        (lambda plan: again(plan, {"needs": ("9.9",)}), "waits for step 9.9, which is not there"),
        (
            lambda plan: again(plan, {"step_id": "a", "needs": ("b",)}, {"step_id": "b", "needs": ("a",)}),
            "wait for each other in a circle",
        ),
        (lambda plan: again(plan, {"step_id": "a", "needs": ("a",)}), "wait for each other in a circle"),
        (
            lambda plan: again(plan, {"step_id": "a", "wave": 1, "needs": ("b",)}, {"step_id": "b", "wave": 2}),
            "waits for step b of a later wave",
        ),
        (lambda plan: again(plan, {"wave": 2}), "the waves are not numbered from 1 on"),
        (
            lambda plan: again(plan, {"step_id": "a", "wave": 1}, {"step_id": "b", "wave": 2}),
            "a target is changed in more than one wave",
        ),
        (
            lambda plan: again(plan, {"step_id": "a", "wave": 0}, {"step_id": "b", "wave": 1}),
            "a target is changed in more than one wave",
        ),
        (lambda plan: again(plan, {"timeout_seconds": 0}), "may take 0 s"),
        (lambda plan: again(plan, {"timeout_seconds": 90_000}), "may take 90000 s"),
        (lambda plan: again(plan, {"targets": (TARGETS[0].resource_id,) * 2}), "names a target twice"),
    ],
)
def test_a_course_that_makes_no_sense_is_refused(house: House, make: Callable[[Plan], Plan], said: str) -> None:
    """Circles, gaps and doubles: nobody can agree to what cannot be followed."""
    assert_refused(house, make(house.draft(*TARGETS)), said)


@pytest.mark.parametrize("endpoint", ["", "http://127.0.0.1:9"])
def test_a_google_api_is_where_the_account_says(endpoint: str) -> None:
    """An override that the account did not bring is another place, also beside one that it did."""
    account = Account(provider="gcp", account_id="shop-1", name="shop", endpoint_url=endpoint)
    own = environment_for(account, "europe-west1")
    evil = "CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE"
    step = Step(
        title="stop", language="bash", script="", step_id="1.1", number=1, phase="change", effect="write",
        provider="gcp", account_id="shop-1", region="europe-west1", targets=(),
    )  # fmt: skip
    assert list(environment_problems("step", step, step.model_copy(update={"environment": own}), account)) == []
    altered = step.model_copy(update={"environment": own | {evil: "https://evil.example/"}})
    assert list(environment_problems("step", step, altered, account)) == [
        f"step has another {evil} than its account and region"
    ]
