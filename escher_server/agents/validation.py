"""Say what stands against a plan before it is offered. Rules decide; the client decides again with what only it knows."""

from __future__ import annotations

from dataclasses import dataclass

from escher.contract.context import RequestContext
from escher.contract.plan import PlanTemplate
from escher.contract.vocabulary import Risk

_RISKS: tuple[Risk, ...] = ("low", "medium", "high", "critical")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a plan may be offered. `blocking` and `warnings` are sentences; `risk` is of the whole plan."""

    blocking: tuple[str, ...]
    warnings: tuple[str, ...]
    risk: Risk

    @property
    def feasible(self) -> bool:
        """Nothing stands against it."""
        return not self.blocking


def validate(template: PlanTemplate, context: RequestContext) -> Verdict:
    """Policy hints, production and irreversible steps, as far as a server without targets can see them."""
    metadata = template.playbook.metadata
    production = "prod" in template.selector.filters.environments
    blocking = (f"Your policy does not allow **{metadata.action.replace('_', ' ')}**.",)
    return Verdict(
        blocking=blocking if metadata.action in context.blocked_actions else (),
        warnings=(*_irreversible(template), *(("This is production.",) if production else ())),
        risk=_raised(metadata.tags.risk_level) if production else metadata.tags.risk_level,
    )


def _irreversible(template: PlanTemplate) -> tuple[str, ...]:
    steps = template.playbook.orchestration.steps
    return tuple(step.irreversible_because for step in steps if step.phase == "change" and step.irreversible_because)


def _raised(risk: Risk) -> Risk:
    return _RISKS[min(_RISKS.index(risk) + 1, len(_RISKS) - 1)]
