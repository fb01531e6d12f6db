"""The facade: one object that scans, asks, plans, takes consent, runs and proves. Every call has an async twin."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from escher.approval.approvals import Click
from escher.approval.grant import ApprovedPlan
from escher.contract.audit import AuditEntry, Verification
from escher.contract.ports import Progress
from escher.contract.reply import Reply
from escher.contract.runs import RunEvent, RunResult
from escher.contract.vocabulary import Provider
from escher.session.accounts import Accounts
from escher.session.asking import Listener, ask, understand
from escher.session.loop import wait
from escher.session.wiring import Parts
from escher.store.operations import OperationStore

if TYPE_CHECKING:
    from escher.inventory.frame import EstateFrame
    from escher.inventory.plan import ScanRequest
    from escher.inventory.report import ScanReport


class Audit:
    """`escher.audit`: the trail of what happened."""

    def __init__(self, parts: Parts) -> None:
        self._ledger = parts.ledger

    def verify(self) -> Verification:
        """Check the whole chain; names the first bad entry."""
        return self._ledger.verify()

    def entries(self) -> list[AuditEntry]:
        """Every entry, oldest first. Raises AuditTampered at the first that cannot be read."""
        return list(self._ledger.entries())

    def export(self) -> Iterator[str]:
        """Every entry as a line of JSON."""
        return self._ledger.export()


class Session:
    """One user's Escher on one store."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.settings = parts.settings
        self.audit = Audit(parts)
        self._scanning = threading.Lock()
        self.accounts: Accounts = parts.account_book

    @property
    def key_source(self) -> str:
        """Where the store's master key comes from: `keychain` or `passphrase`."""
        return "passphrase" if self.settings.passphrase_file else "keychain"

    # -- the estate ----------------------------------------------------------------------------------------

    async def ascan(
        self,
        *,
        providers: Sequence[Provider] = (),
        accounts: Sequence[str] = (),
        regions: Sequence[str] = (),
        types: Sequence[str] = (),
        full: bool = True,
        progress: Progress = lambda event: None,
    ) -> ScanReport:
        """Read the clouds into the estate; what could not be seen is in the report. Raises ScanError, InvalidInput."""
        from escher.inventory.plan import ScanRequest

        request = ScanRequest(tuple(providers), tuple(accounts), tuple(regions), tuple(types), full)
        return await asyncio.to_thread(self._scan, request, progress)

    def scan(self, **options: Any) -> ScanReport:
        """`ascan`, waited for."""
        return wait(self.ascan(**options))

    def _scan(self, request: ScanRequest, progress: Progress) -> ScanReport:
        with self._scanning:
            report = self._parts.scanner.scan(request, progress)
        self._parts.record("scan_completed", report.scan_id, found=report.counts.found, complete=report.complete)
        self._parts.index.embed_pending(progress)
        return report

    def estate(self, where: str | None = None) -> EstateFrame:
        """Everything owned as a pandas frame; `where` is a SQL predicate. It prints its shape, not its rows."""
        from escher.inventory import frame, sql

        whole = self._parts.frames.current()
        if where is None:
            return whole
        wanted = [row["resource_id"] for row in sql.where(whole, where)]
        return frame.EstateFrame(whole[whole["resource_id"].isin(wanted)])

    def estate_rows(self, where: str | None = None) -> list[dict[str, Any]]:
        """The rows of `escher estate --json`. Raises InvalidInput for a predicate that is not one."""
        from escher.inventory import sql

        return sql.where(self.estate(), where or "true")

    def estate_sql(self, query: str) -> list[dict[str, Any]]:
        """Rows of a SQL query over table `estate`. Raises InvalidInput."""
        from escher.inventory import sql

        return sql.rows(self.estate(), query)

    def search(self, text: str, limit: int = 10) -> EstateFrame:
        """The resources nearest to some words, by meaning, words and names together, best first."""
        from escher.inventory import frame

        return frame.frame([resource for resource, _ in self._parts.index.search(text, {}, limit)])

    # -- asking --------------------------------------------------------------------------------------------

    async def aask(self, question: str, listener: Listener | None = None) -> Reply:
        """Answer a question, or plan an order. Never runs anything."""
        return await ask(self._parts, question, listener)

    def ask(self, question: str) -> Reply:
        """`aask`, waited for."""
        return wait(self.aask(question))

    def context(self, question: str) -> bytes:
        """The exact bytes that asking this would send."""
        return self._parts.talk.preview(question)

    def understand(self, question: str) -> dict[str, Any]:
        """What the server understands: `understanding`, `clarification` and ranked `playbooks`, without a plan."""
        return wait(understand(self._parts, question))

    # -- consent and runs ----------------------------------------------------------------------------------

    def approve(self, plan_id: str, digest: str, confirmation: str = "") -> ApprovedPlan:
        """Consent to one run, at a terminal. Raises ConsentFromCell in a notebook, ConsentMissing, StaleApproval."""
        return self._parts.approvals.approve_at_terminal(plan_id, digest, confirmation)

    def approve_click(self, click: Click) -> ApprovedPlan:
        """Consent that a person gave by a click in the page. Raises ConsentFromCell for anything else."""
        return self._parts.approvals.approve_click(click)

    async def arun(self, plan_id: str, on_event: Callable[[RunEvent], None] = lambda event: None) -> RunResult:
        """Run an approved plan, once. Raises ApprovalError, StaleApproval, ApprovalUsed before anything started."""
        result = await self._parts.engine.run(plan_id, on_event)
        await asyncio.to_thread(self._refresh, plan_id)
        return result

    def _refresh(self, plan_id: str) -> None:
        """Read again what the run may have changed, so that the next answer knows; after a scan that is under way."""
        from escher.inventory.plan import ScanRequest

        plan, known = self._parts.approvals.plan(plan_id), self._parts.resources()
        touched = [known[target] for step in plan.steps for target in step.targets if target in known]
        request = ScanRequest(
            accounts=tuple({resource.account_id for resource in touched}),
            regions=tuple({resource.region for resource in touched} - {"global"}),
            types=tuple({resource.resource_type for resource in touched}),
        )
        with self._scanning:
            self._parts.scanner.scan(request)

    def run(self, plan_id: str, on_event: Callable[[RunEvent], None] = lambda event: None) -> RunResult:
        """`arun`, waited for."""
        return wait(self.arun(plan_id, on_event))

    def cancel(self, run_id: str) -> bool:
        """Stop a run of this process; False when it is not running here."""
        return self._parts.engine.cancel(run_id)

    def run_results(self, limit: int = 20) -> list[RunResult]:
        """How the last runs ended, newest first."""
        return OperationStore(self._parts.store).list_runs()[:limit]

    def run_result(self, run_id: str) -> RunResult:
        """How one run ended. Raises NotFound."""
        return OperationStore(self._parts.store).get_run(run_id)

    # -- the rest ------------------------------------------------------------------------------------------

    def verify_audit(self) -> Verification:
        """Check the audit trail."""
        return self.audit.verify()

    def close(self) -> None:
        """Close the store and give memory back."""
        self._parts.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
