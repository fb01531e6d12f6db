"""How risky a plan is and what it takes to consent to it. Pure: no clock, no network.

The built-in policy: reads of our own run, changes ask, what destroys wants the target's name typed, and
production or more than five targets raise the risk by one level (spec/agents.md section 7), and what deletes, opens
something or moves rights is never below high, whatever its author says. Tags only raise. What the user's own rules,
limits and freezes (`escher.contract.policy`) forbid is denied; nothing takes a typed confirmation away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from escher.approval.facts import Facts
from escher.approval.freezes import frozen
from escher.approval.limits import exceeded
from escher.approval.rules import Ruled, acts_of, ruled
from escher.contract.environments import environments_of
from escher.contract.estate import Resource
from escher.contract.marks import Mark, fitting
from escher.contract.plan import Operation, Plan
from escher.contract.policy import Policy
from escher.contract.reach import changes_rights, opens_access, takes_away
from escher.contract.risk import MANY_TARGETS, RISKS, at_least, floor_of, lacks_backup, raised
from escher.contract.vocabulary import Risk
from escher.errors import PolicyDenied

GENERATED = "Made for this request from the provider's command reference: nobody reviewed it and it never ran before."
_TO_CHANGE = "See escher policy show; you change it with escher policy edit."


@dataclass(frozen=True, slots=True)
class Assessment:
    """The verdict on a plan: its risk, what must be typed (one of `confirmation`), and what to warn of.

    `requires_approval` is False where nobody need be asked: our own reads, and what the user's rules allow; even those
    never run from a notebook's cell. `rules` are the names of the rules that decided, `because` says why.
    """

    risk: Risk
    requires_approval: bool
    confirmation: tuple[str, ...]
    warnings: tuple[str, ...]
    approvals_required: int = 1
    rules: tuple[str, ...] = ()
    because: str = ""


def assess(plan: Plan, targets: Sequence[Resource], policy: Policy, facts: Facts) -> Assessment:
    """The strictest reading of the plan on these targets. Raises PolicyDenied."""
    verdict = must_be_allowed(plan, targets, policy, facts)
    protected = [target for target in targets if environments_of(target.tags) & set(policy.protected_environments)]
    least = at_least(plan.risk, floor_of(_operations(plan), "ai_generated" if plan.generated else "escher_library"))
    risk = raised(least, bool(protected) + (len(targets) > policy.many_targets))
    typed = plan.effect in ("destroy", "unknown") or RISKS.index(risk) >= RISKS.index(policy.type_from)
    typed = typed or verdict.must_type
    return Assessment(
        risk=risk,
        requires_approval=typed or verdict.decision != "allow",
        confirmation=confirmation(plan, targets) if typed else (),
        warnings=tuple(_warnings(plan, targets, protected)),
        approvals_required=2 if verdict.second_person else 1,
        rules=verdict.rules,
        because=verdict.because,
    )


def must_be_allowed(plan: Plan, targets: Sequence[Resource], policy: Policy, facts: Facts) -> Ruled:
    """What the rules say, unless they, a limit or a freeze forbid the plan: PolicyDenied.

    Time passes and estates grow, so this is asked again whenever an approval is given or used.
    """
    verdict = ruled(plan, targets, policy, facts)
    if verdict.decision == "deny":
        raise PolicyDenied(verdict.because, hint=f"Change the plan. {_TO_CHANGE}", rules=verdict.rules)
    acts = tuple(acts_of(plan, targets, facts))
    if beyond := exceeded(acts, policy, facts):
        limit, said = beyond
        hint = f"Change fewer at a time. {_TO_CHANGE}"
        raise PolicyDenied(
            f"the limit {limit.name!r} of your policy forbids it: {said}.", hint=hint, rules=(limit.name,)
        )
    if found := frozen(acts, policy, facts.now):
        freeze, act = found
        until = f"until {freeze.until:%Y-%m-%d %H:%M %Z}" if freeze.until else f"until {freeze.end} ({freeze.zone})"
        message = f"the freeze {freeze.name!r} of your policy forbids {act} {until}."
        raise PolicyDenied(message, hint=f"Wait for its end. {_TO_CHANGE}", rules=(freeze.name,))
    return verdict


MANAGERS = {
    "autoscaling": "an auto-scaling group", "aws-backup": "AWS Backup", "cdk": "the CDK", "cloudformation": "CloudFormation",
    "ecs": "ECS", "elasticbeanstalk": "Elastic Beanstalk", "emr": "EMR", "helm": "Helm", "karpenter": "Karpenter",
    "kubernetes": "Kubernetes", "opentofu": "OpenTofu", "pulumi": "Pulumi", "servicecatalog": "Service Catalog",
    "terraform": "Terraform",
}  # fmt: skip
"""What `Resource.managed_by` begins with, for people."""


def must_not_be_protected(plan: Plan, targets: Sequence[Resource], marks: Sequence[Mark]) -> None:
    """Raise PolicyDenied when the plan changes something that the user protects."""
    if plan.effect == "read":
        return
    for target in targets:
        found = fitting(marks, "protect", target)
        if found is not None:
            hint = f"If it may be changed after all: escher protect {found.pattern} --remove"
            raise PolicyDenied(f"{target.name} is protected by {found.pattern}.", hint=hint)


def confirmation(plan: Plan, targets: Sequence[Resource]) -> tuple[str, ...]:
    """What may be typed: one target's name or id; for several, the verb with their number (`delete 4`)."""
    if len(targets) == 1:
        return tuple(dict.fromkeys((targets[0].name, targets[0].identifier)))
    verb = plan.title.split()[0].lower()
    return (f"{verb} {len(targets)}", ", ".join(target.name for target in targets))


def _operations(plan: Plan) -> tuple[Operation, ...]:
    """All that the steps call, in their order; not what would undo them."""
    return tuple(operation for step in plan.steps for operation in step.operations)


def _warnings(plan: Plan, targets: Sequence[Resource], protected: Sequence[Resource]) -> list[str]:
    warnings = [GENERATED] if plan.generated else []
    warnings += [f"{target.name} is {' and '.join(sorted(environments_of(target.tags)))}." for target in protected[:3]]
    if len(protected) > 3:
        warnings.append(f"{len(protected) - 3} more are in a protected environment.")
    if len({target.account_id for target in targets}) > 1:
        warnings.append(f"The plan touches {len({target.account_id for target in targets})} accounts.")
    if not plan.reversible:
        reasons = {step.irreversible_because for step in plan.steps if step.irreversible_because}
        warnings.append("It cannot be undone" + (f": {'; '.join(sorted(reasons))}" if reasons else "."))
    elif partly := {step.irreversible_because for step in plan.steps if step.irreversible_because}:
        warnings.append(f"Its undo does not bring everything back: {'; '.join(sorted(partly))}")
    if len(targets) > MANY_TARGETS:
        warnings.append(f"It acts on {len(targets)} things.")
    return [*warnings, *_managed(targets), *_reach(plan, targets)] if plan.effect != "read" else warnings


def _managed(targets: Sequence[Resource]) -> Iterator[str]:
    """Who else changes the targets, and so may undo what is done here, or break over it."""
    managers = sorted({target.managed_by for target in targets if target.managed_by})
    for manager in managers[:3]:
        tool, _, name = manager.partition(":")
        mine = [target for target in targets if target.managed_by == manager]
        by = f"{MANAGERS.get(tool, tool)} ({name})" if name else MANAGERS.get(tool, tool)
        be = "is" if len(mine) == 1 else "are"
        yield f"{_listed(mine)} {be} managed by {by}, which may change it back. Change it there, if you can."
    if len(managers) > 3:
        yield f"{len(managers) - 3} more manage some of the targets."


def _reach(plan: Plan, targets: Sequence[Resource]) -> Iterator[str]:
    """What a change touches beside its targets, as far as the last scan tells."""
    operations = _operations(plan)
    if any(map(opens_access, operations)):
        yield "It opens something to everybody."
    if any(map(changes_rights, operations)):
        yield "It changes who may do what."
    needed = [target for target in targets if target.constraints.get("dependants")]
    if needed and any(map(takes_away, operations)):
        number = sum(int(target.constraints["dependants"]) for target in needed)
        yield f"{number} more depend{'s' if number == 1 else ''} on {_listed(needed)}."
    bare = [target for target in targets if target.constraints.get("has_backups") is False]
    if lacks_backup(operations, (target.kind for target in bare)):
        yield f"No backup of {_listed(bare)} is known. Take one first: ask for a snapshot or a backup of the same."


def _listed(targets: Sequence[Resource]) -> str:
    names = ", ".join(target.name or target.identifier for target in targets[:3])
    return f"{names} and {len(targets) - 3} more" if len(targets) > 3 else names
