"""How risky a plan is and what it takes to consent to it. Pure: no clock, no network.

The first policy is the built-in one: reads run, changes ask, what destroys wants the target's name typed, and
production or more than five targets raise the risk by one level (spec/agents.md section 7). Tags only raise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from escher.contract.environments import environment_of
from escher.contract.estate import Resource
from escher.contract.marks import Mark, fitting
from escher.contract.plan import Plan
from escher.contract.vocabulary import Risk
from escher.contract.wire import digest
from escher.errors import PolicyDenied

RISKS: tuple[Risk, ...] = ("low", "medium", "high", "critical")


@dataclass(frozen=True, slots=True)
class Policy:
    """The user's limits. `version` changes whenever a limit does, so no approval outlives its policy."""

    many_targets: int = 5
    protected_environments: tuple[str, ...] = ("prod", "dr")
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
    risk = _raise(plan.risk, bool(protected) + (len(targets) > policy.many_targets))
    typed = plan.effect in ("destroy", "unknown") or RISKS.index(risk) >= RISKS.index(policy.type_from)
    return Assessment(
        risk=risk,
        requires_approval=plan.effect != "read",
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


def _raise(risk: Risk, levels: int) -> Risk:
    return RISKS[min(RISKS.index(risk) + levels, len(RISKS) - 1)]


def _warnings(plan: Plan, targets: Sequence[Resource], protected: Sequence[Resource]) -> list[str]:
    warnings = [f"{target.name} is {environment_of(target.tags)}." for target in protected[:3]]
    if len(protected) > 3:
        warnings.append(f"{len(protected) - 3} more are in a protected environment.")
    if len({target.account_id for target in targets}) > 1:
        warnings.append(f"The plan touches {len({target.account_id for target in targets})} accounts.")
    if not plan.reversible:
        reasons = {step.irreversible_because for step in plan.steps if step.irreversible_because}
        warnings.append("It cannot be undone" + (f": {'; '.join(sorted(reasons))}" if reasons else "."))
    return warnings
