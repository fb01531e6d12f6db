"""How risky a plan is and what it takes to consent to it. Pure: no clock, no network.

The first policy is the built-in one: reads run, changes ask, what destroys wants the target's name typed, and
production or more than five targets raise the risk by one level (spec/agents.md section 7), and what deletes, opens
something or moves rights is never below high, whatever its author says. Tags only raise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from escher.contract.environments import environment_of
from escher.contract.estate import Resource
from escher.contract.marks import Mark, fitting
from escher.contract.plan import Operation, Plan
from escher.contract.reach import changes_rights, opens_access, takes_away
from escher.contract.risk import MANY_TARGETS, PROTECTED, RISKS, at_least, floor_of, lacks_backup, raised
from escher.contract.vocabulary import Risk
from escher.contract.wire import digest
from escher.errors import PolicyDenied

GENERATED = "Made for this request from the provider's command reference: nobody reviewed it and it never ran before."


@dataclass(frozen=True, slots=True)
class Policy:
    """The user's limits. `version` changes whenever a limit does, so no approval outlives its policy."""

    many_targets: int = MANY_TARGETS
    protected_environments: tuple[str, ...] = PROTECTED
    type_from: Risk = "critical"

    @property
    def version(self) -> str:
        """Twelve digits of the SHA-256 over the limits."""
        limits = [self.many_targets, list(self.protected_environments), self.type_from]
        return digest(limits)[:12]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The verdict on a plan: its risk, what must be typed (one of `confirmation`), and what to warn of."""

    risk: Risk
    requires_approval: bool
    confirmation: tuple[str, ...]
    warnings: tuple[str, ...]


def assess(plan: Plan, targets: Sequence[Resource], policy: Policy) -> Assessment:
    """The strictest reading of the plan on these targets."""
    protected = [target for target in targets if environment_of(target.tags) in policy.protected_environments]
    least = at_least(plan.risk, floor_of(_operations(plan), "ai_generated" if plan.generated else "escher_library"))
    risk = raised(least, bool(protected) + (len(targets) > policy.many_targets))
    typed = plan.effect in ("destroy", "unknown") or RISKS.index(risk) >= RISKS.index(policy.type_from)
    return Assessment(
        risk=risk,
        requires_approval=plan.generated or plan.effect != "read",
        confirmation=confirmation(plan, targets) if typed else (),
        warnings=tuple(_warnings(plan, targets, protected)),
    )


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
    warnings += [f"{target.name} is {environment_of(target.tags)}." for target in protected[:3]]
    if len(protected) > 3:
        warnings.append(f"{len(protected) - 3} more are in a protected environment.")
    if len({target.account_id for target in targets}) > 1:
        warnings.append(f"The plan touches {len({target.account_id for target in targets})} accounts.")
    if not plan.reversible:
        reasons = {step.irreversible_because for step in plan.steps if step.irreversible_because}
        warnings.append("It cannot be undone" + (f": {'; '.join(sorted(reasons))}" if reasons else "."))
    if len(targets) > MANY_TARGETS:
        warnings.append(f"It acts on {len(targets)} things.")
    return [*warnings, *_reach(plan, targets)] if plan.effect != "read" else warnings


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
