"""What a run has done to each target and each wave, and whether a wave was the last. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from escher.contract.plan import Plan, Step
from escher.contract.runs import StepResult, TargetOutcome, TargetStatus, WaveResult
from escher.execution.machine import FAILED

Results = Mapping[str, StepResult]


def outcomes(plan: Plan, results: Results) -> tuple[TargetOutcome, ...]:
    """What became of every target, in order of id."""
    steps: dict[str, list[Step]] = {}
    for step in plan.steps:
        for target in step.targets:
            steps.setdefault(target, []).append(step)
    return tuple(TargetOutcome(resource_id=one, status=_status(steps[one], results)) for one in sorted(steps))


def waves(plan: Plan, found: Iterable[TargetOutcome]) -> tuple[WaveResult, ...]:
    """The targets of each wave in numbers; nothing for a plan without waves."""
    status: dict[str, TargetStatus] = {one.resource_id: one.status for one in found}
    members: dict[int, set[str]] = {}
    for step in plan.steps:
        if step.wave:
            members.setdefault(step.wave, set()).update(step.targets)
    return tuple(_wave(number, [status[one] for one in members[number]]) for number in sorted(members))


def over_budget(plan: Plan, results: Results, wave: int) -> str:
    """Why no wave after this one may start, in a sentence; empty when it may."""
    far = [one for one in waves(plan, outcomes(plan, results)) if one.wave <= wave]
    failed, seen = sum(one.failed for one in far), sum(one.touched + one.untouched for one in far)
    if not seen or failed / seen <= plan.error_budget:
        return ""
    return f"stopped after wave {wave}: {failed} of {seen} targets failed, more than {plan.error_budget:.0%}."


def undoable(plan: Plan, results: Results) -> bool:
    """Whether a step has run, or may have, that can be undone."""
    return any(step.rollback is not None and results[step.step_id].attempts for step in plan.steps)


def _status(steps: list[Step], results: Results) -> TargetStatus:
    changes = [step for step in steps if step.effect != "read"] or steps
    counted = [step for step in steps if step in changes or step.wave or step.phase == "verify"]
    if not any(results[step.step_id].attempts for step in changes):
        return "untouched"
    ends = [results[step.step_id].status for step in counted if step.failure_action != "ignore"]
    if any(end in FAILED for end in ends):
        return "failed"
    return "done" if all(end == "completed" for end in ends) else "partly"


def _wave(number: int, found: list[TargetStatus]) -> WaveResult:
    untouched = found.count("untouched")
    return WaveResult(wave=number, touched=len(found) - untouched, failed=found.count("failed"), untouched=untouched)
