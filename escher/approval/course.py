"""Whether a plan's course makes sense: its order, what waits for what, and its waves. Pure.

A course that cannot end, or that hides a target in two waves, is not what a person agrees to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from escher.contract.plan import Plan, Step

LONGEST_S = 7_200


def course_problems(plan: Plan) -> Iterator[str]:
    """Everything that is wrong with the order of the steps; nothing when it is sound."""
    steps = {step.step_id: step for step in plan.steps}
    twice = [step_id for step_id, count in Counter(step.step_id for step in plan.steps).items() if count > 1]
    if twice:
        yield f"two steps are called {twice[0]}"
    for step in plan.steps:
        yield from _needs_problems(step, steps)
        if not 0 < step.timeout_seconds <= LONGEST_S:
            yield f"step {step.step_id} may take {step.timeout_seconds} s"
        if len(set(step.targets)) != len(step.targets):
            yield f"step {step.step_id} names a target twice"
    if not _ends(steps):
        yield "steps wait for each other in a circle"
    yield from _wave_problems(plan)


def _needs_problems(step: Step, steps: Mapping[str, Step]) -> Iterator[str]:
    for needed in step.needs:
        other = steps.get(needed)
        if other is None:
            yield f"step {step.step_id} waits for step {needed}, which is not there"
        elif other.wave > step.wave:
            yield f"step {step.step_id} waits for step {needed} of a later wave"


def _ends(steps: Mapping[str, Step]) -> bool:
    """Whether every step can begin some time: those without needs first, then those that only waited for them."""
    left = {step_id: set(step.needs) & steps.keys() for step_id, step in steps.items()}
    while left:
        ready = {step_id for step_id, needs in left.items() if not needs}
        if not ready:
            return False
        left = {step_id: needs - ready for step_id, needs in left.items() if step_id not in ready}
    return True


def _wave_problems(plan: Plan) -> Iterator[str]:
    """Waves count from 1 without a gap, and what a change acts on is in one wave only, and in none before them."""
    numbers = {step.wave for step in plan.steps} - {0}
    if numbers != set(range(1, len(numbers) + 1)):
        yield "the waves are not numbered from 1 on"
    waves: dict[str, set[int]] = {}
    for step in plan.steps:
        if step.effect != "read" or step.phase == "change":
            for target in step.targets:
                waves.setdefault(target, set()).add(step.wave)
    if any(len(found) > 1 for found in waves.values()):
        yield "a target is changed in more than one wave"
