"""Everything that is kept of one run, gathered from the store, with what was found when it was checked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from escher.approval.kept import shown_plan
from escher.contract.audit import AuditEntry
from escher.errors import ApprovalError, AuditTampered
from escher.execution.output import Masker
from escher.session.undoing import completed
from escher.widgets.evidence.html import page
from escher.widgets.evidence.notebook import notebook, plain
from escher.widgets.evidence.record import Evidence, Section, sections

if TYPE_CHECKING:
    from escher.approval.grant import ApprovedPlan
    from escher.session.wiring import Parts


class RunRecord:
    """The record of one run in the forms in which it is handed on; secrets are masked in all of them."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self._title = f"{evidence.plan.title}: {evidence.result.status}"

    @property
    def parts(self) -> tuple[Section, ...]:
        """Section by section."""
        return tuple(sections(self.evidence, Masker(())))

    def text(self) -> str:
        """For a terminal."""
        return plain(self.parts)

    def html(self) -> str:
        """One page that needs nothing else."""
        return page(self._title, self.parts)

    def notebook(self) -> str:
        """A notebook that only reads, as JSON."""
        return notebook(self.evidence.result.run_id, self._title, self.parts)


def run_record(parts: Parts, run_id: str) -> RunRecord:
    """Gather what there is of a run. What is missing or was altered is said in it; raises NotFound for no run at all."""
    result = parts.operations.get_run(run_id)
    plan = parts.approvals.plan(result.plan_id)
    body = parts.operations.get("run", run_id) or {}
    doubts: list[str] = []
    approval: ApprovedPlan | None = None
    try:
        approval = parts.approvals.approval(result.plan_id)
    except ApprovalError as cause:
        doubts.append(cause.message)
    entries = tuple(_entries(parts, {run_id, plan.plan_id}, doubts))
    return RunRecord(
        Evidence(
            plan=plan,
            result=result,
            targets=shown_plan(parts.store, plan.plan_id).targets,
            approval=approval,
            before=body.get("before", {}),
            after=body.get("after", {}),
            entries=entries,
            verification=parts.ledger.verify(),
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            undone_by=tuple(completed(parts, run_id, "undoes")),
            resumed_by=tuple(completed(parts, run_id, "resumes")),
            doubts=tuple(doubts),
        )
    )


def _entries(parts: Parts, subjects: set[str], doubts: list[str]) -> Iterator[AuditEntry]:
    """The entries about these, up to the first of all that cannot be read."""
    try:
        yield from (entry for entry in parts.ledger.entries() if entry.event.subject in subjects)
    except AuditTampered as cause:
        doubts.append(cause.message)
