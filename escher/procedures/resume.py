"""The plan that does what a run has left undone, with the calls that were approved for it, byte for byte. Pure.

What was completed is not done again; checks of what is left are. Each call keeps its idempotency token, so what a
provider has done already under that token it does not do twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from escher.contract.plan import Plan, Step
from escher.contract.vocabulary import worst
from escher.errors import NotFound, NotResumable
from escher.procedures.undo import Former, Making


def resume_plan(former: Former, making: Making, from_step: str = "") -> Plan:
    """The plan of the steps that are left, or of all from one step on; not yet checked or sealed.

    Raises NotResumable when nothing is left, NotFound for a step that there is not.
    """
    plan, run_id = former.plan, former.result.run_id
    left = _from(plan, from_step) if from_step else [step for step in plan.steps if step.step_id not in _ended(former)]
    if not any(step.phase == "change" for step in left) and not from_step:
        raise NotResumable(f"run {run_id} has no change left to make.", hint="Ask anew for what else is to be done.")
    steps = tuple(_reordered(_with_checks(plan, left)))
    changes = [step for step in steps if step.effect != "read"]
    update = {
        "plan_id": making.plan_id,
        "digest": "",
        "question": f"resume {run_id}",
        "effect": worst(step.effect for step in steps),
        "reversible": all(step.rollback is not None for step in changes),
        "confirmation": (),
        "warnings": tuple(_warnings(former, steps)),
        "resumes": run_id,
        "created_at": making.created_at,
        "expires_at": making.expires_at,
        "steps": steps,
    }
    return plan.model_copy(update=update)


def _from(plan: Plan, from_step: str) -> list[Step]:
    places = [step.step_id for step in plan.steps]
    if from_step not in places:
        raise NotFound(f"the run has no step {from_step!r}.", hint=f"Its steps: {', '.join(places)}.")
    return list(plan.steps[places.index(from_step) :])


def _ended(former: Former) -> set[str]:
    """The steps of which nothing is left: those that completed, and those whose failure was to be ignored."""
    ignored = {step.step_id for step in former.plan.steps if step.failure_action == "ignore"}
    return {
        end.step_id
        for end in former.result.steps
        if end.status == "completed" or (end.status == "failed" and end.step_id in ignored)
    }


def _with_checks(plan: Plan, left: Sequence[Step]) -> list[Step]:
    """The steps that are left, and the checks that look at nothing else than their targets, in the plan's order."""
    targets, kept = {target for step in left for target in step.targets}, {step.step_id for step in left}
    return [
        step
        for step in plan.steps
        if step.step_id in kept or (step.phase == "check" and targets.issuperset(step.targets))
    ]


def _reordered(steps: Sequence[Step]) -> Iterator[Step]:
    """The steps with waves that count from 1 again, waiting only for each other."""
    ids = {step.step_id for step in steps}
    numbers = {wave: place for place, wave in enumerate(sorted({step.wave for step in steps} - {0}), start=1)} | {0: 0}
    for step in steps:
        needs = tuple(needed for needed in step.needs if needed in ids)
        yield step.model_copy(update={"wave": numbers[step.wave], "needs": needs})


def _warnings(former: Former, steps: Sequence[Step]) -> Iterator[str]:
    again = {step.step_id for step in steps}
    done = [end.step_id for end in former.result.steps if end.status == "completed" and end.step_id not in again]
    if done:
        yield f"Done before, and left out: step {', '.join(done)}."
    for step, end in former.begun():
        if step.step_id in again and step.effect != "read":
            told = "completed before" if end.status == "completed" else "was begun before and may have taken effect"
            yield f"Step {step.step_id} {told}; it is done again."
