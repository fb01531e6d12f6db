"""Plans made from a run of before: one that takes it back, one that does what it has left. Each is shown and approved anew."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from escher.contract.plan import Plan
from escher.errors import NotResumable, NotUndoable, ScanError
from escher.procedures.resume import resume_plan
from escher.procedures.undo import Former, Making, undo_plan
from escher.session.after_runs import read_again

if TYPE_CHECKING:
    from escher.contract.estate import Resource
    from escher.session.wiring import Parts

Relation = Literal["undoes", "resumes"]
Planned = tuple[Plan, "tuple[Resource, ...]"]


def plan_undo(parts: Parts, run_id: str) -> Planned:
    """The plan that undoes a run, as it was shown, and its targets as they are now. Nothing runs.

    Raises NotFound, NotUndoable (it changed nothing, cannot be taken back, was undone, a target is gone), StaleApproval
    when what is stored of the run is not what was approved, PlanRefused and PolicyDenied as for any plan.
    """
    former = _former(parts, run_id)
    if former.result.status in ("pending", "running", "paused"):
        raise NotUndoable(f"run {run_id} is not over.", hint=f"Stop it first: escher runs cancel {run_id}")
    done = completed(parts, run_id, "undoes")
    if done:
        raise NotUndoable(f"run {run_id} was undone already, by {done[0]}.", hint=f"escher runs show {done[0]}")
    plan = undo_plan(former, _making(parts))
    went_on = completed(parts, run_id, "resumes")
    warnings = [f"Run {other} went on where this one ended, and is not undone by this." for other in went_on]
    targets = _targets(parts, plan, run_id)
    return parts.approvals.show(plan.model_copy(update={"warnings": (*plan.warnings, *warnings)}), targets), targets


def plan_resume(parts: Parts, run_id: str, from_step: str = "") -> Planned:
    """The plan that does what a run has left, or all from a step on, as it was shown, and its targets as they are now.

    Raises NotFound, NotResumable (it is not over, it completed, somebody did the rest), StaleApproval, PlanRefused,
    PolicyDenied.
    """
    former = _former(parts, run_id)
    status = former.result.status
    if status in ("pending", "running", "paused"):
        raise NotResumable(f"run {run_id} is {status}, not over.", hint=f"Stop it first: escher runs cancel {run_id}")
    done = completed(parts, run_id, "resumes")
    if done and not from_step:
        raise NotResumable(f"run {done[0]} has done what this one left.", hint=f"escher runs show {done[0]}")
    plan = resume_plan(former, _making(parts), from_step)
    targets = _targets(parts, plan, run_id)
    return parts.approvals.show(plan, targets), targets


def _former(parts: Parts, run_id: str) -> Former:
    """A run with its plan, which must be the one that was approved for it."""
    result = parts.operations.get_run(run_id)
    parts.approvals.approval(result.plan_id)
    return Former(parts.approvals.plan(result.plan_id), result)


def _making(parts: Parts) -> Making:
    return Making(
        plan_id=f"plan-{secrets.token_hex(6)}",
        reader=parts.reader,
        now=datetime.now(UTC),
        valid_for=timedelta(minutes=parts.settings.approval_minutes),
    )


def _targets(parts: Parts, plan: Plan, run_id: str) -> tuple[Resource, ...]:
    """The targets as they are in the cloud now; as the last scan saw them while another is at work."""
    with suppress(ScanError):
        read_again(parts, plan)
    known = parts.resources()
    ids = dict.fromkeys(target for step in plan.steps for target in step.targets)
    gone = [target for target in ids if target not in known or known[target].state == "deleted"]
    if gone:
        kind = NotUndoable if plan.undoes == run_id else NotResumable
        named = f"{gone[0]} and {len(gone) - 1} more are" if len(gone) > 1 else f"{gone[0]} is"
        raise kind(f"{named} not there any more.", hint="Scan, and ask for what is to be done.")
    return tuple(known[target] for target in ids)


def completed(parts: Parts, run_id: str, relation: Relation) -> list[str]:
    """The runs that undid or resumed this one to their end, and were not undone themselves; the newest first."""
    return [other for other in _related(parts, run_id, relation) if not completed(parts, other, "undoes")]


def _related(parts: Parts, run_id: str, relation: Relation) -> Iterator[str]:
    for body in parts.operations.query(status="completed"):
        if body.get(relation) == run_id:
            yield body["execution_id"]
