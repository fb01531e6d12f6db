"""The plan that takes a run back: the rollback calls that were approved with it, byte for byte, the last step's first. Pure.

A rollback was bound to what was there before the run was approved. What it does is read again, as of any other plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from escher.contract.plan import Call, Plan, Step
from escher.contract.ports import ScriptReader
from escher.contract.runs import RunResult, StepResult
from escher.contract.vocabulary import worst
from escher.errors import NotUndoable

UNDO = "undo"
GONE = "What it takes away does not come back."
UNTOLD = "Nobody told how."


@dataclass(frozen=True, slots=True)
class Former:
    """A run that is not under way, and the plan that it ran."""

    plan: Plan
    result: RunResult

    def begun(self) -> Iterator[tuple[Step, StepResult]]:
        """The steps that ran, or may have, with how they ended."""
        ends = {one.step_id: one for one in self.result.steps}
        return ((step, ends[step.step_id]) for step in self.plan.steps if _began(ends[step.step_id]))


@dataclass(frozen=True, slots=True)
class Making:
    """What a plan is made with besides a former run."""

    plan_id: str
    reader: ScriptReader
    now: datetime
    valid_for: timedelta

    @property
    def created_at(self) -> str:
        """The moment as plans write it."""
        return _iso(self.now)

    @property
    def expires_at(self) -> str:
        """Until when the plan may be approved."""
        return _iso(self.now + self.valid_for)


def undo_plan(former: Former, making: Making) -> Plan:
    """The plan that undoes a run, not yet checked or sealed. Raises NotUndoable with the reason."""
    changes = [(step, end) for step, end in former.begun() if step.effect != "read"]
    lasting = [step for step, _ in changes if step.rollback is None]
    back = [(step, end, step.rollback) for step, end in reversed(changes) if step.rollback is not None]
    if not back:
        raise NotUndoable(_nothing(former, lasting), hint=f"See what it did: escher runs show {former.result.run_id}")
    steps = tuple(
        _step(step, call, number, making.reader, unsure=end.status != "completed" and len(back) > 1)
        for number, (step, end, call) in enumerate(back, start=1)
    )
    return Plan(
        plan_id=making.plan_id,
        question=f"undo {former.result.run_id}",
        title=f'Undo "{former.plan.title}"',
        playbook_id=UNDO,
        version="1.0.0",
        risk="low",
        effect=worst(step.effect for step in steps),
        reversible=all(step.rollback is not None for step in steps if step.effect != "read"),
        warnings=(*_lasting([step for step, _ in changes]), *_unsure(back)),
        undoes=former.result.run_id,
        policy_version="",
        created_at=making.created_at,
        expires_at=making.expires_at,
        steps=steps,
    )


def _step(step: Step, call: Call, number: int, reader: ScriptReader, *, unsure: bool) -> Step:
    """The step that takes another back; its own undo is that other, done again, unless it takes something away."""
    operations = reader.read(call.script, call.language, call.arguments, call.environment).operations
    effect = worst(operation.effect for operation in operations)
    again = Call(**{name: getattr(step, name) for name in Call.model_fields}) if effect in ("read", "write") else None
    return Step(
        **dict(call.model_copy(update={"operations": operations})),
        step_id=f"{number}.1",
        number=number,
        description=f"Takes back step {step.step_id}: {step.title}",
        phase="check" if effect == "read" else "change",
        effect=effect,
        provider=step.provider,
        account_id=step.account_id,
        account_name=step.account_name,
        region=step.region,
        targets=step.targets,
        # Where it is not known whether there is anything to take back, its failure must not keep the rest from it.
        failure_action="ignore" if unsure else "stop",
        timeout_seconds=step.timeout_seconds,
        retry=step.retry,
        rollback=again if effect != "read" else None,
        irreversible_because=GONE if effect != "read" and again is None else "",
    )


def _nothing(former: Former, lasting: list[Step]) -> str:
    if not lasting:
        return f"run {former.result.run_id} has changed nothing, so there is nothing to undo."
    return f"run {former.result.run_id} cannot be undone: {'; '.join(_reasons(lasting))}"


def _reasons(lasting: list[Step]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(step.irreversible_because or UNTOLD for step in lasting))


def _lasting(changes: list[Step]) -> Iterator[str]:
    """What stays as the run left it, each reason with its steps; a step that is undone may leave something too."""
    for told, steps in (
        ("Not undone", [step for step in changes if step.rollback is None]),
        ("Not brought back", [step for step in changes if step.rollback is not None and step.irreversible_because]),
    ):
        for reason in _reasons(steps):
            ids = [step.step_id for step in steps if reason == (step.irreversible_because or UNTOLD)]
            yield f"{told}: step {', '.join(ids)}. {reason}"


def _unsure(back: list[tuple[Step, StepResult, Call]]) -> Iterator[str]:
    for step, end, _ in back:
        if end.status != "completed":
            yield f"Step {step.step_id} {_ended(end)}, and may have taken effect or not: it is taken back all the same."


def _ended(end: StepResult) -> str:
    return {"failed": "failed", "timeout": "ran out of time", "cancelled": "was cancelled"}.get(
        end.status, "never ended"
    )


def _began(end: StepResult) -> bool:
    """Whether a step was started; older records do not count attempts."""
    return bool(end.attempts) or end.status not in ("pending", "cancelled") or end.exit_code is not None


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
