"""What the rules of a policy say of a plan: deny over ask over allow, for each call on each target. Pure.

A plan is as free as its strictest call. Whether a rule is met never depends on the order of the rules, and no tag takes
a protection away: every environment that a tag names counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from escher.approval.facts import Facts
from escher.approval.spellings import falls_under
from escher.contract.environments import environments_of
from escher.contract.estate import Resource
from escher.contract.plan import Operation, Plan, Step
from escher.contract.policy import NEVER_ALLOWED, Decision, Policy, PolicyRule, When


@dataclass(frozen=True, slots=True)
class Thing:
    """What a step acts on: a target, or None for one that is not known; then only its step tells where it is."""

    key: str
    step: Step
    resource: Resource | None


@dataclass(frozen=True, slots=True)
class Act:
    """One call on one thing."""

    operation: Operation
    thing: Thing
    is_own: bool

    @property
    def changes(self) -> bool:
        """Whether it does more than read."""
        return self.operation.effect != "read"

    def __str__(self) -> str:
        resource = self.thing.resource
        name = resource.name or resource.identifier if resource else self.thing.key
        return f"{self.operation.service} {self.operation.operation}".rstrip() + (f" on {name}" if name else "")


@dataclass(frozen=True, slots=True)
class Ruled:
    """The decision, the names of the rules that made it, and in a sentence why."""

    decision: Decision
    rules: tuple[str, ...]
    because: str
    must_type: bool = False
    second_person: bool = False


def ruled(plan: Plan, targets: Sequence[Resource], policy: Policy, facts: Facts) -> Ruled:
    """What the rules say of all that the plan's steps call; what would undo them is a plan of its own."""
    acts = _Acts.of(acts_of(plan, targets, facts))
    met = [(rule, found) for rule in policy.rules if (found := _met(rule, plan, acts, facts, rule.effect == "allow"))]
    denying, asking = _named(met, "deny"), _named(met, "ask")
    if denying:
        rule, found = denying[0]
        because = f"the rule {rule.name!r} of your policy forbids {found[0]}."
        return Ruled("deny", tuple(one.name for one, _ in denying), because)
    second = any(_met(when, plan, acts, facts, strictly=False) for when in policy.second_person_for)
    typed = any(rule.require_confirmation for rule, _ in asking)
    if asking:
        names = tuple(rule.name for rule, _ in asking)
        because = f"the rule {names[0]!r} of your policy asks about {asking[0][1][0]}."
        return Ruled("ask", names, because, typed, second)
    return _without_objection(plan, acts.all, _named(met, "allow"), second)


def acts_of(plan: Plan, targets: Sequence[Resource], facts: Facts) -> Iterator[Act]:
    """Every call of every step on each of the step's targets; of a step without one, on something that is not known."""
    known = {target.resource_id: target for target in targets}
    for step in plan.steps:
        is_own = not plan.generated and hashlib.sha256(step.script.encode()).hexdigest() in facts.own_scripts
        things = [Thing(key, step, known.get(key)) for key in step.targets] or [Thing("", step, None)]
        yield from (Act(operation, thing, is_own) for operation in step.operations for thing in things)


@dataclass(frozen=True, slots=True)
class _Acts:
    """All acts, with their operations and things by identity, so that each is looked at once a rule."""

    all: tuple[Act, ...]
    operations: Mapping[int, Operation]
    things: Mapping[int, Thing]

    @classmethod
    def of(cls, acts: Iterable[Act]) -> _Acts:
        every = tuple(acts)
        return cls(
            every, {id(act.operation): act.operation for act in every}, {id(act.thing): act.thing for act in every}
        )


_Met = list[tuple[PolicyRule, list[Act]]]


def _named(met: _Met, decision: Decision) -> _Met:
    return sorted(((rule, found) for rule, found in met if rule.effect == decision), key=lambda one: one[0].name)


def _without_objection(plan: Plan, acts: Sequence[Act], allowing: _Met, second: bool) -> Ruled:
    """Allowed is what our own reads call, and what rules allow where they may; all else is asked about."""
    allowed = {id(act) for _, found in allowing for act in found}
    free = bool(acts) and not plan.generated and plan.effect not in NEVER_ALLOWED
    open_ = next((act for act in acts if id(act) not in allowed and (act.changes or not act.is_own)), None)
    if not free or open_ is not None or second:
        return Ruled("ask", (), _why_asked(plan, open_, second), second_person=second)
    names = tuple(rule.name for rule, _ in allowing)
    because = (
        f"the rule {names[0]!r} of your policy allows it." if names else "it only reads, by scripts of Escher's own."
    )
    return Ruled("allow", names, because)


def _why_asked(plan: Plan, open_: Act | None, second: bool) -> str:
    if plan.generated:
        return "its playbook was made for this request, and is always asked about."
    if plan.effect in NEVER_ALLOWED:
        return f"it is one to {plan.effect}, which is always asked about."
    if second:
        return "your policy wants a second person for it."
    if open_ is None:
        return "it calls nothing that a rule could be about."
    what = "" if open_.changes else ", a read that Escher did not write"
    return f"no rule of your policy allows {open_}{what}."


def _met(when: When, plan: Plan, acts: _Acts, facts: Facts, strictly: bool) -> list[Act]:
    """The acts that meet a condition; none when they are too few, or together too cheap, to meet it."""
    if when.playbooks and not _fits((plan.playbook_id,), when.playbooks):
        return []
    called = {key for key, operation in acts.operations.items() if _calls(when, operation, strictly)}
    meant = {key for key, thing in acts.things.items() if _means(when, thing, strictly)} if called else set[int]()
    found = [act for act in acts.all if id(act.operation) in called and id(act.thing) in meant] if meant else []
    keys = {act.thing.key for act in found}
    if when.more_than is not None and len(keys) <= when.more_than:
        return []
    return found if when.costs_more_than is None or _cost(keys, facts) > when.costs_more_than else []


def _cost(keys: Iterable[str], facts: Facts) -> float:
    """What things cost a month; without end where that is not known of one."""
    return sum(facts.costs.get(key, float("inf")) for key in keys)


def _calls(when: When, operation: Operation, strictly: bool) -> bool:
    if strictly and operation.effect in NEVER_ALLOWED:
        return False
    if when.effects and operation.effect not in when.effects:
        return False
    if not when.actions:
        return bool(when.effects) or operation.effect != "read"
    return any(falls_under(operation, pattern, strictly=strictly) for pattern in when.actions)


def _means(when: When, thing: Thing, strictly: bool) -> bool:
    """Whether a thing is meant. What is not known of it is met by what protects, and never by what allows."""
    step, one = thing.step, thing.resource
    if not _fits((step.account_id, step.account_name, one.account_name if one else ""), when.accounts):
        return False
    if not _fits((step.region, one.region if one else ""), when.regions):
        return False
    if one is None:
        return not (strictly and when.kinds)
    if when.kinds and one.kind not in when.kinds:
        return False
    if when.environments and not environments_of(one.tags) & set(when.environments):
        return False
    return not when.tags or any(_has_tag(one, pattern) for pattern in when.tags)


def _has_tag(one: Resource, pattern: str) -> bool:
    key, equals, value = pattern.partition("=")
    return any(fnmatchcase(name, key) and (not equals or fnmatchcase(one.tags[name], value)) for name in one.tags)


def _fits(words: Iterable[str], patterns: Sequence[str]) -> bool:
    """Whether one of the words fits one of the patterns; without patterns everything does."""
    return not patterns or any(word and fnmatchcase(word, pattern) for word in words for pattern in patterns)
