"""Which steps may start now: serial, parallel, by what each needs, or in waves of targets. Pure.

Every strategy comes down to two relations between steps: one waits until another has ended, or until it has completed.
Where a plan has waves, none of their steps starts before every step of the earlier ones has ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from escher.contract.plan import Plan, Step
from escher.contract.runs import StepStatus
from escher.errors import PlanRefused
from escher.execution.machine import FAILED, stops_the_run

DEPENDENCY_FAILED = "dependency_failed"
States = Mapping[str, StepStatus]
Ids = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Course:
    """A plan's order: of each step its place from 1 on, those that must have ended before, and have completed.

    `sorted` has every step after those that it needs.
    """

    plan: Plan
    after: Ids
    needs: Ids
    places: Mapping[str, int]
    sorted: tuple[Step, ...]

    @property
    def width(self) -> int:
        """How many steps may run at once."""
        return 1 if self.plan.strategy == "serial" and not in_waves(self.plan) else self.plan.max_concurrency

    def startable(self, states: States) -> list[Step]:
        """The pending steps whose turn it is, in the plan's order; none once the run must stop."""
        if self._must_stop(states):
            return []
        wave = min((step.wave for step in self.plan.steps if states[step.step_id] in ("pending", "running")), default=0)
        return [
            step
            for step in self.plan.steps
            if step.wave == wave and states[step.step_id] == "pending" and self._turn(step.step_id, states)
        ]

    def _turn(self, step_id: str, states: States) -> bool:
        ended = all(states[other] not in ("pending", "running") for other in self.after[step_id])
        return ended and all(states[other] == "completed" for other in self.needs[step_id])

    def _must_stop(self, states: States) -> bool:
        """Whether a step's end lets no other start. Steps that are independent of each other do not stop each other."""
        if in_waves(self.plan):
            stopping = [step for step in self.plan.steps if step.wave == 0]
        else:
            stopping = list(self.plan.steps) if self.plan.strategy == "serial" else []
        return any(stops_the_run(states[step.step_id], step.failure_action) for step in stopping)


def course(plan: Plan) -> Course:
    """The order of a plan's steps. Raises PlanRefused for needs that are unknown or go in a circle."""
    after, needs = _waves(plan) if in_waves(plan) else _plain(plan)
    places = {step.step_id: place for place, step in enumerate(plan.steps, start=1)}
    return Course(plan, after, needs, places, _sorted(plan, needs))


def in_waves(plan: Plan) -> bool:
    """Whether the plan goes wave by wave."""
    return any(step.wave for step in plan.steps)


def lost(order: Course, states: States) -> list[str]:
    """Pending steps that can never start, because one that they need did not complete."""
    found: dict[str, None] = {}
    for step in order.sorted:
        needed = order.needs[step.step_id]
        if states[step.step_id] == "pending" and any(states[one] in FAILED or one in found for one in needed):
            found[step.step_id] = None
    return list(found)


def _plain(plan: Plan) -> tuple[Ids, Ids]:
    """One after another, or all at once; what a step needs counts in either."""
    ids = [step.step_id for step in plan.steps]
    previous = [frozenset[str](), *(frozenset({step_id}) for step_id in ids)]
    serial = plan.strategy == "serial"
    after = {step_id: before if serial else frozenset[str]() for step_id, before in zip(ids, previous, strict=False)}
    return after, {step.step_id: frozenset(step.needs) for step in plan.steps}


def _waves(plan: Plan) -> tuple[Ids, Ids]:
    """Steps before all waves go one after another; in a wave a step follows those before it that act on its targets."""
    after: dict[str, frozenset[str]] = {}
    needs: dict[str, frozenset[str]] = {}
    acting: dict[str, list[Step]] = {}
    first: frozenset[str] = frozenset()
    for step in plan.steps:
        before = [one for target in step.targets for one in acting.get(target, ())]
        shared = [one for one in before if one.wave == step.wave and one.number < step.number]
        after[step.step_id] = first if step.wave == 0 else frozenset(one.step_id for one in shared)
        counted = {one.step_id for one in shared if one.failure_action != "ignore"} if step.wave else set[str]()
        needs[step.step_id] = frozenset(step.needs) | counted
        first = frozenset({step.step_id}) if step.wave == 0 else first
        for target in step.targets:
            acting.setdefault(target, []).append(step)
    return after, needs


def _sorted(plan: Plan, needs: Ids) -> tuple[Step, ...]:
    known = {step.step_id for step in plan.steps}
    unknown = sorted({needed for step in plan.steps for needed in step.needs} - known)
    if unknown:
        raise PlanRefused(f"a step needs {unknown[0]}, which is no step of the plan.", hint="Nothing ran.")
    placed: dict[str, Step] = {}
    left = list(plan.steps)
    while left:
        ready = {step.step_id: step for step in left if needs[step.step_id] <= placed.keys()}
        if not ready:
            circle = ", ".join(step.step_id for step in left)
            raise PlanRefused(f"these steps wait for each other: {circle}.", hint="Nothing ran.")
        placed |= ready
        left = [step for step in left if step.step_id not in placed]
    return tuple(placed.values())
