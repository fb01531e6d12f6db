"""Deny over ask over allow, tags only raise, order means nothing: on single cases and on policies made up at random."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escher.approval.facts import Facts
from escher.approval.policy import Assessment, assess
from escher.contract.estate import Resource
from escher.contract.plan import Operation, Plan, Step
from escher.contract.policy import Policy, PolicyRule
from escher.contract.vocabulary import Provider
from escher.errors import PolicyDenied
from tests.approval.conftest import NOW, instance

READING = "print('reads')"
OWN = frozenset({sha256(READING.encode()).hexdigest()})
STOP = ("ec2", "stop-instances", "write")
TERMINATE = ("ec2", "terminate-instances", "destroy")
DESCRIBE = ("ec2", "describe-instances", "read")
ORDER = {"allow": 0, "ask": 1, "deny": 2}


def calling(
    *calls: tuple[str, str, Any], targets: tuple[Resource, ...] = (), provider: Provider = "aws", **more: Any
) -> Plan:
    """A plan with a step for each call, on all targets."""
    steps = tuple(
        Step(
            title=name, language="python", script=READING if effect == "read" else f"print({name!r})", step_id=str(number),
            number=number, phase="check" if effect == "read" else "change", effect=effect, provider=provider,
            account_id="111122223333", account_name="web-shop", region="us-east-1",
            targets=tuple(one.resource_id for one in targets),
            operations=(Operation(provider=provider, service=service, operation=name, effect=effect),),
        )
        for number, (service, name, effect) in enumerate(calls, start=1)
    )  # fmt: skip
    effect = max((one[2] for one in calls), key=("read", "write", "secret", "destroy", "unknown").index)
    fields = {
        "plan_id": "p", "question": "", "title": "Stop them", "playbook_id": "escher-aws-ec2-stop", "version": "1.0.0",
        "risk": "low", "effect": effect, "reversible": True, "policy_version": "", "created_at": "", "expires_at": "",
    }  # fmt: skip
    return Plan(**(fields | more), steps=steps)


def verdict(plan: Plan, targets: tuple[Resource, ...], policy: Policy, **known: Any) -> Assessment:
    """What is decided, with the scripts that read known as the client's own."""
    return assess(plan, targets, policy, Facts(NOW, own_scripts=OWN, **known))


def decision(plan: Plan, targets: tuple[Resource, ...], policy: Policy) -> str:
    """Allow, ask or deny."""
    try:
        return "ask" if verdict(plan, targets, policy).requires_approval else "allow"
    except PolicyDenied:
        return "deny"


def policy_of(*rules: dict[str, Any], **more: Any) -> Policy:
    """A policy of these rules, named by their place."""
    return Policy.model_validate(
        {"rules": [{"name": f"r{number}"} | rule for number, rule in enumerate(rules)], **more}
    )


WEB = instance(1)
PROD = instance(2, tags={"env": "prod"})
ALLOW_STOP = {"effect": "allow", "actions": ["aws ec2 stop-instances"]}


def test_without_rules_changes_ask_and_own_reads_run() -> None:
    """The built-in policy; a read in other bytes than ours is approved like any script."""
    assert decision(calling(STOP, targets=(WEB,)), (WEB,), Policy()) == "ask"
    assert decision(calling(DESCRIBE, targets=(WEB,)), (WEB,), Policy()) == "allow"
    assert assess(calling(DESCRIBE, targets=(WEB,)), (WEB,), Policy(), Facts(NOW)).requires_approval


def test_deny_stands_over_ask_over_allow() -> None:
    """On one and the same call; the rule that denies is named, with the next move."""
    plan = calling(DESCRIBE, STOP, targets=(WEB,))
    asking, denying = {"effect": "ask"}, {"effect": "deny", "kinds": ["compute_instance"]}
    assert decision(plan, (WEB,), policy_of(ALLOW_STOP)) == "allow"
    assert decision(plan, (WEB,), policy_of(ALLOW_STOP, asking)) == "ask"
    with pytest.raises(
        PolicyDenied, match=r"the rule 'r2' of your policy forbids ec2 stop-instances on web-dev-1"
    ) as no:
        verdict(plan, (WEB,), policy_of(ALLOW_STOP, asking, denying))
    assert (no.value.rules, "escher policy edit" in no.value.hint) == (("r2",), True)


def test_a_plan_is_as_free_as_its_strictest_call() -> None:
    """One call that no rule allows, or one target in an account that it is not for, and all of it asks."""
    assert (
        decision(calling(STOP, ("ec2", "reboot-instances", "write"), targets=(WEB,)), (WEB,), policy_of(ALLOW_STOP))
        == "ask"
    )
    elsewhere = ALLOW_STOP | {"accounts": ["999*"]}
    assert decision(calling(STOP, targets=(WEB,)), (WEB,), policy_of(elsewhere)) == "ask"


@pytest.mark.parametrize(
    "call", [TERMINATE, ("secretsmanager", "get-secret-value", "secret"), ("ssm", "send-command", "unknown")]
)
def test_what_destroys_or_hands_out_secrets_or_is_unknown_is_never_allowed(call: tuple[str, str, Any]) -> None:
    """Not even by a rule for everything."""
    assert decision(calling(call, targets=(WEB,)), (WEB,), policy_of({"effect": "allow", "actions": ["*"]})) == "ask"


def test_a_made_plan_is_never_allowed() -> None:
    """Nor does any rule lift what must be typed."""
    everything = policy_of({"effect": "allow", "actions": ["aws *"]}, type_from="low")
    assert decision(calling(STOP, targets=(WEB,), generated=True), (WEB,), policy_of(ALLOW_STOP)) == "ask"
    found = verdict(calling(STOP, targets=(WEB,)), (WEB,), everything)
    assert (found.requires_approval, found.confirmation[0]) == (True, "web-dev-1")


@pytest.mark.parametrize(
    ("rule", "denied"),
    [
        ({"environments": ["production"]}, (False, True)),
        ({"tags": ["env=pro*"]}, (False, True)),
        ({"tags": ["env"]}, (True, True)),
        ({"actions": ["aws ec2 *-instances"], "regions": ["us-*"]}, (True, True)),
        ({"actions": ["aws rds *"]}, (False, False)),
        ({"effects": ["destroy"]}, (False, False)),
        ({"accounts": ["web-shop"]}, (True, True)),
        ({"playbooks": ["escher-aws-ec2-*"], "kinds": ["database_instance"]}, (False, False)),
        ({"more_than": 1}, (False, False)),
        ({"more_than": 0}, (True, True)),
    ],
)
def test_every_condition_counts(rule: dict[str, Any], denied: tuple[bool, bool]) -> None:
    """All that a rule says must be met, on at least one target."""
    found = tuple(
        decision(calling(STOP, targets=(one,)), (one,), policy_of({"effect": "deny"} | rule)) == "deny"
        for one in (WEB, PROD)
    )
    assert found == denied


def test_counts_and_costs_are_of_what_a_rule_means() -> None:
    """Two instances of production are not three; a cost that nobody knows counts as more."""
    both = (WEB, PROD, instance(3, tags={"env": "prod"}))
    plan = calling(STOP, targets=both)
    assert decision(plan, both, policy_of({"effect": "deny", "environments": ["prod"], "more_than": 2})) == "ask"
    assert decision(plan, both, policy_of({"effect": "deny", "environments": ["prod"], "more_than": 1})) == "deny"
    costly = policy_of({"effect": "deny", "costs_more_than": 100})
    known = {one.resource_id: 30.0 for one in both}
    assert verdict(plan, both, costly, costs=known).requires_approval
    with pytest.raises(PolicyDenied):
        verdict(plan, both, costly, costs=known | {WEB.resource_id: 50.0})
    with pytest.raises(PolicyDenied):
        verdict(plan, both, costly, costs=dict(list(known.items())[:2]))


def test_a_second_environment_tag_does_not_hide_the_first() -> None:
    """Who adds `env=dev` to something in production makes it no less protected."""
    hidden = instance(2, tags={"Environment": "production", "env": "dev"})
    denying = policy_of({"effect": "deny", "environments": ["prod"]})
    assert decision(calling(STOP, targets=(hidden,)), (hidden,), denying) == "deny"
    assert "web-dev-2 is dev and prod." in verdict(calling(STOP, targets=(hidden,)), (hidden,), Policy()).warnings


@pytest.mark.parametrize(
    ("provider", "service", "name", "pattern", "met"),
    [
        ("gcp", "compute", "instances.delete", "gcloud compute instances delete", True),
        ("gcp", "compute", "instances.delete", "gcloud compute disks delete", False),
        ("gcp", "compute", "beta instances delete", "gcloud compute instances delete", True),
        ("gcp", "sqladmin", "instances.delete", "gcloud sql instances delete", True),
        ("azure", "compute", "virtual_machines.begin_delete", "az vm delete", True),
        ("azure", "compute", "virtual_machines.begin_start", "az vm delete", False),
        ("azure", "compute", "virtual_machines.begin_update", "az vm resize", True),
        ("azure", "vm", "delete", "az vm delete", True),
        ("azure", "disk", "delete", "az vm delete", False),
    ],
)
def test_the_sdk_is_no_way_around_a_rule_for_the_cli(
    provider: Provider, service: str, name: str, pattern: str, met: bool
) -> None:
    """The same act by a method falls under the rule; where no command is known for it, its verb decides."""
    plan = calling((service, name, "write"), targets=(WEB,), provider=provider)
    assert (decision(plan, (WEB,), policy_of({"effect": "deny", "actions": [pattern]})) == "deny") == met


def test_a_rule_for_the_cli_allows_no_method_that_merely_has_its_verb() -> None:
    """What allows is read strictly."""
    plan = calling(("compute", "virtual_machines.begin_restart", "write"), targets=(WEB,), provider="azure")
    assert decision(plan, (WEB,), policy_of({"effect": "allow", "actions": ["az vm restart"]})) == "ask"


def test_confirmation_and_a_second_person_can_be_asked_for() -> None:
    """By a rule, and for whatever meets a condition; neither is lifted by a rule that allows."""
    plan = calling(STOP, targets=(WEB,))
    typed = verdict(plan, (WEB,), policy_of(ALLOW_STOP, {"effect": "ask", "require_confirmation": True}))
    assert (typed.requires_approval, typed.confirmation[0], typed.rules) == (True, "web-dev-1", ("r1",))
    approvers = [{"name": "ana", "public_key": "0" * 64}]
    second = policy_of(ALLOW_STOP, approvers=approvers, second_person_for=[{"kinds": ["compute_instance"]}])
    found = verdict(plan, (WEB,), second)
    assert (found.requires_approval, found.approvals_required) == (True, 2)


@pytest.mark.parametrize(
    ("manager", "said"),
    [
        ("terraform", "managed by Terraform"),
        ("autoscaling:web", "an auto-scaling group (web)"),
        ("puppet", "managed by puppet"),
    ],
)
def test_what_somebody_else_manages_is_warned_of(manager: str, said: str) -> None:
    """By name, and only where something changes."""
    managed = instance(1, managed_by=manager)
    warnings = verdict(calling(STOP, targets=(managed,)), (managed,), Policy()).warnings
    assert any(said in one and "web-dev-1" in one for one in warnings)
    assert not any(
        "managed" in one for one in verdict(calling(DESCRIBE, targets=(managed,)), (managed,), Policy()).warnings
    )


# -- whatever the policy says ------------------------------------------------------------------------------

CALLS = (DESCRIBE, STOP, TERMINATE, ("ec2", "reboot-instances", "write"), ("rds", "stop-db-instance", "write"))
ACTIONS = ("*", "aws *", "aws ec2 *", "aws ec2 stop-instances", "aws rds *", "aws ec2 describe-*")
TAGS = st.dictionaries(
    st.sampled_from(["env", "Environment", "stage", "team", "x"]), st.sampled_from(["prod", "dev", "a"])
)


def _conditions(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    known: dict[str, st.SearchStrategy[Any]] = {
        "actions": st.lists(st.sampled_from(ACTIONS), max_size=2),
        "effects": st.lists(st.sampled_from(["read", "write", "destroy"]), max_size=2),
        "kinds": st.lists(st.sampled_from(["compute_instance", "disk"]), max_size=1),
        "tags": st.lists(st.sampled_from(["env=prod", "team", "x=a*"]), max_size=1),
        "environments": st.lists(st.sampled_from(["prod", "dev"]), max_size=1),
        "accounts": st.lists(st.sampled_from(["1111*", "web-shop", "9*"]), max_size=1),
        "more_than": st.one_of(st.none(), st.integers(0, 3)),
        "costs_more_than": st.one_of(st.none(), st.just(10)),
    }
    return st.fixed_dictionaries({}, optional={name: known[name] for name in names})


_ALL = ("actions", "effects", "kinds", "tags", "environments", "accounts", "more_than", "costs_more_than")
DENIES = _conditions(_ALL).map(lambda rule: rule | {"effect": "deny"})
ASKS = _conditions(_ALL).map(lambda rule: rule | {"effect": "ask"})
ALLOWS = st.builds(
    lambda rest, action: rest | {"actions": [action], "effect": "allow"},
    _conditions(("kinds", "accounts")), st.sampled_from(ACTIONS),
)  # fmt: skip
RULES = st.lists(st.one_of(DENIES, ASKS, ALLOWS), max_size=5)
TARGETS = st.lists(TAGS, min_size=1, max_size=4).map(
    lambda several: tuple(instance(number, tags=tags) for number, tags in enumerate(several))
)
PLANS = st.lists(st.sampled_from(CALLS), min_size=1, max_size=3)
quickly = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def _stricter(before: str, after: str) -> bool:
    return ORDER[after] >= ORDER[before]


@quickly
@given(RULES, DENIES, TARGETS, PLANS)
def test_another_deny_never_permits_more(
    rules: list[Any], deny: dict[str, Any], targets: Any, calls: list[Any]
) -> None:
    """Whatever else the policy says."""
    plan = calling(*calls, targets=targets)
    assert _stricter(decision(plan, targets, policy_of(*rules)), decision(plan, targets, policy_of(*rules, deny)))


@quickly
@given(RULES, TARGETS, PLANS, TAGS, st.integers(0, 3))
def test_another_tag_never_permits_more(
    rules: list[Any], targets: Any, calls: list[Any], tags: Any, which: int
) -> None:
    """On any target: a tag that was not there raises protection or changes nothing, the risk and the typing too."""
    at = which % len(targets)
    one = targets[at]
    tagged = (*targets[:at], instance(at, tags=tags | one.tags), *targets[at + 1 :])
    before, after = calling(*calls, targets=targets), calling(*calls, targets=tagged)
    policy = policy_of(*rules)
    assert _stricter(decision(before, targets, policy), decision(after, tagged, policy))
    if decision(after, tagged, policy) != "deny":
        was, now = verdict(before, targets, policy), verdict(after, tagged, policy)
        assert ("low", "medium", "high", "critical").index(now.risk) >= ("low", "medium", "high", "critical").index(
            was.risk
        )
        assert bool(now.confirmation) >= bool(was.confirmation)


@quickly
@given(RULES, TARGETS, PLANS, st.randoms(use_true_random=False))
def test_the_order_of_the_rules_means_nothing(rules: list[Any], targets: Any, calls: list[Any], random: Any) -> None:
    """Neither for what is decided nor for who is named as having decided it."""
    policy = policy_of(*rules)
    mixed = list(policy.rules)
    random.shuffle(mixed)
    other = Policy(rules=tuple(PolicyRule.model_validate(rule) for rule in mixed))
    plan = calling(*calls, targets=targets)

    def told(one: Policy) -> Any:
        try:
            return verdict(plan, targets, one)
        except PolicyDenied as denied:
            return denied.document()

    assert told(policy) == told(other)
