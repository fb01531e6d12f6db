"""Say what stands against a plan before it is offered. Rules decide; the client decides again with what only it knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from escher.contract.agents import BlastRadius, ValidationAnswer
from escher.contract.context import AliasedResource, RequestContext
from escher.contract.plan import Operation, PlanTemplate
from escher.contract.risk import MANY_TARGETS, at_least, floor_of, lacks_backup, raised
from escher.contract.vocabulary import Risk
from escher.scripts.reader import Reader
from escher_server.agents.validating.radius import blast_radius, in_words, named
from escher_server.agents.validating.screening import Screen
from escher_server.agents.validating.standing import standing_problems, wrong_states
from escher_server.agents.validating.structure import structure_problems

_SCREEN = Screen(Reader())
_NOTHING_KNOWN: Mapping[str, Sequence[str]] = {}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a plan may be offered. All but `risk` and `radius` are sentences.

    `blocking` stands against it whatever the estate is; `unready` says that what is named is in no state for it.
    """

    blocking: tuple[str, ...]
    warnings: tuple[str, ...]
    risk: Risk
    unready: tuple[str, ...] = ()
    radius: BlastRadius = field(default_factory=BlastRadius)

    @property
    def offerable(self) -> bool:
        """Nothing stands against the plan itself; whom it fits is for the client to say, who knows every state."""
        return not self.blocking

    @property
    def feasible(self) -> bool:
        """Nothing stands against it."""
        return not self.blocking and not self.unready


def validate(
    template: PlanTemplate,
    context: RequestContext,
    known: Mapping[str, Sequence[str]] = _NOTHING_KNOWN,
    *,
    stored: bool = False,
) -> Verdict:
    """Every check of the plan, as far as a server without targets can see.

    `known` are the playbooks there are, with what they depend on; `stored` says that this one is the server's own.
    """
    screening = _SCREEN.of(template.playbook, stored=stored)
    radius, meant = blast_radius(template, context), named(template.selector, context)
    problems = (
        *structure_problems(template, known),
        *screening.problems,
        *standing_problems(template, screening.operations, meant, context),
    )
    return Verdict(
        blocking=tuple(dict.fromkeys(problems)),
        warnings=tuple(_warnings(template, screening.operations, meant, radius)),
        risk=_risk(template, screening.operations, radius),
        unready=tuple(wrong_states(template, meant)),
        radius=radius,
    )


def answer(template: PlanTemplate, verdict: Verdict) -> ValidationAnswer:
    """The verdict as it goes over the wire. One person approves, whatever the plan; nothing runs without."""
    return ValidationAnswer(
        feasible=verdict.feasible,
        blocking_issues=(*verdict.blocking, *verdict.unready),
        warnings=verdict.warnings,
        risk=verdict.risk,
        impact=in_words(verdict.radius, template.playbook.metadata.estimated_impact),
        blast_radius=verdict.radius,
        approvals_required=1,
    )


def _risk(template: PlanTemplate, operations: Sequence[Operation], radius: BlastRadius) -> Risk:
    """The author's word, never below what the calls are, and a level up for production and for many."""
    metadata = template.playbook.metadata
    least = at_least(metadata.tags.risk_level, floor_of(operations, metadata.author))
    return raised(least, radius.protected + (radius.least > MANY_TARGETS))


def _warnings(
    template: PlanTemplate, operations: Sequence[Operation], meant: Sequence[AliasedResource], radius: BlastRadius
) -> Iterator[str]:
    metadata, steps = template.playbook.metadata, template.playbook.orchestration.steps
    changes = [step for step in steps if step.phase == "change"]
    yield from (step.irreversible_because for step in changes if step.irreversible_because)
    for step in changes:
        if step.rollback is None and not step.irreversible_because:
            yield f"Step {step.step_number} does not say how it is undone."
    if radius.protected:
        yield "This is production." if "prod" in radius.environments else "This is for disaster recovery."
    if radius.least > MANY_TARGETS:
        yield f"It acts on {radius.least} things or more."
    if radius.dependants:
        yield f"At least {radius.dependants} more depend on what is named."
    if metadata.author == "ai_generated":
        yield "It was generated and nobody has run it yet: read every step."
    if lacks_backup(operations, metadata.kinds) and not (meant and all(one.backed_up for one in meant)):
        yield "No backup is taken before it. To have one, ask for a snapshot or a backup of the same first."
