"""What may help after a step failed: asked of the server, which learns of which sort the failure was, and no more.

The sort is found here, from what the step printed; no word of that leaves. The user's own playbooks are ranked here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from escher.contract.agents import FailureReport, Fixes, FixPlaybook
from escher.contract.failures import classify
from escher.contract.lifecycle import RUNNABLE
from escher.contract.remedies import MOST, candidates
from escher.contract.risk import RISKS
from escher.errors import ProtocolError

if TYPE_CHECKING:
    from escher.contract.plan import Plan, Step
    from escher.contract.runs import RunResult, StepResult
    from escher.session.wiring import Parts


async def fixes(parts: Parts, run_id: str) -> Fixes | None:
    """What may help after a failed run; None when no step of it failed. Raises NotFound, ServerUnavailable and the like."""
    result = parts.operations.get_run(run_id)
    plan = parts.approvals.plan(result.plan_id)
    failed = next((one for one in result.steps if one.status in ("failed", "timeout") and one.attempts), None)
    if failed is None:
        return None
    step = next(one for one in plan.steps if one.step_id == failed.step_id)
    report = _report(parts, plan, result, step, failed)
    answer = await parts.brain.send("/v1/operations/remediate", report.model_dump_json().encode())
    try:
        told = Fixes.model_validate_json(answer)
    except ValidationError as cause:
        raise ProtocolError(
            "the server's answer is not in the contract.", hint="Update Escher or the server."
        ) from cause
    return told.model_copy(update={"playbooks": _with_own(parts, plan, report, told)})


def _report(parts: Parts, plan: Plan, result: RunResult, step: Step, failed: StepResult) -> FailureReport:
    known, ends = parts.resources(), {one.step_id: one for one in result.steps}
    types = dict.fromkeys(known[target].resource_type for target in step.targets if target in known)
    changed = any(one.effect != "read" and ends[one.step_id].attempts for one in plan.steps)
    return FailureReport(
        playbook_id=plan.playbook_id,
        version=plan.version,
        step_number=step.number,
        error=classify(f"{failed.output}\n{failed.error}", timed_out=failed.status == "timeout"),
        provider=step.provider,
        resource_types=tuple(types)[:20],
        attempts=max(1, min(failed.attempts, 100)),
        changed=changed,
    )


def _with_own(parts: Parts, plan: Plan, report: FailureReport, told: Fixes) -> tuple[FixPlaybook, ...]:
    """The server's playbooks with the user's own among them, the mildest first."""
    own = {(one.metadata.playbook_id, one.metadata.version): one.metadata for one in parts.playbooks.all()}
    failed = own.get((plan.playbook_id, plan.version))
    ranked = {(one.playbook_id, one.version) for one in told.playbooks}
    others = (
        one
        for key, one in own.items()
        if one.status in RUNNABLE and one.playbook_id != plan.playbook_id and key not in ranked
    )
    mine = candidates(report.error, failed.action if failed else told.action, report.resource_types, others)
    found = (
        FixPlaybook(
            playbook_id=one.metadata.playbook_id,
            version=one.metadata.version,
            name=one.metadata.name,
            reason=one.reason,
            risk=one.metadata.tags.risk_level,
            source="local",
        )
        for one in mine
    )
    return tuple(sorted((*told.playbooks, *found), key=lambda one: RISKS.index(one.risk))[:MOST])
