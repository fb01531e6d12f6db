"""What is learnt from a run that has ended: for its playbook, and of the estate that it changed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from escher.contract.runs import RunResult

if TYPE_CHECKING:
    from escher.contract.estate import Resource
    from escher.contract.plan import Plan
    from escher.session.wiring import Parts


def count(parts: Parts, result: RunResult) -> None:
    """A run of a playbook of one's own counts for it; the library's are counted by nobody here."""
    plan = parts.approvals.plan(result.plan_id)
    if plan.version in parts.playbooks.versions(plan.playbook_id):
        now, seconds = int(time.time()), result.duration_ms / 1000
        parts.playbooks.record_run(plan.playbook_id, plan.version, result.status, now, seconds)


def refresh(parts: Parts, result: RunResult) -> None:
    """Read again what a run may have changed, and note it with the run. Raises ScanError while another scan is at work."""
    parts.operations.note_after(result.run_id, read_again(parts, parts.approvals.plan(result.plan_id)))


def read_again(parts: Parts, plan: Plan) -> tuple[Resource, ...]:
    """The targets of a plan as a scan of their places finds them now; those that are gone are left out.

    Raises ScanError while another scan is at work.
    """
    from escher.inventory.plan import ScanRequest

    known = parts.resources()
    ids = dict.fromkeys(target for step in plan.steps for target in step.targets)
    touched = [known[target] for target in ids if target in known]
    request = ScanRequest(
        accounts=tuple({resource.account_id for resource in touched}),
        regions=tuple({resource.region for resource in touched} - {"global"}),
        types=tuple({resource.resource_type for resource in touched}),
        resumes=False,
    )
    with parts.scanning:
        parts.scanner.scan(request)
    after = parts.resources()
    return tuple(after[one.resource_id] for one in touched if one.resource_id in after)
