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
from escher.errors import StoreLocked
from escher.ledger.signing import fingerprint
from escher.session.accounts import Accounts
from escher.session.asking import Listener, ask, understand
from escher.session.loop import wait
from escher.session.retaining import Retention
from escher.session.wiring import Parts
from escher.store.outdated import Outdated

if TYPE_CHECKING:
    from escher.contract.agents import Fixes
    from escher.contract.plan import Plan
    from escher.inventory.frame import EstateFrame
    from escher.inventory.plan import Depth, ScanRequest
    from escher.inventory.report import ScanReport
    from escher.inventory.spreading import Executor
    from escher.session.backing_up import BackingUp
    from escher.session.backups import Backups
    from escher.session.consenting import Consenting
    from escher.session.evidence import RunRecord
    from escher.session.exploring import Exploring
    from escher.session.keys import Keys
    from escher.session.playbooks import Playbooks
    from escher.session.policy import PolicyBook
    from escher.session.purge.account import AccountPurge
    from escher.session.remediating import RemediationBook
    from escher.session.runs import Runs


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
        """The trail as signed lines of JSON, which `escher audit verify --file` checks on any machine."""
        return self._ledger.export()

    @property
    def public_key(self) -> str:
        """The key that this store signs with, 64 hexadecimal digits."""
        return self._ledger.public_key

    @property
    def fingerprint(self) -> str:
        """That key's name for people: `SHA256:…`."""
        return fingerprint(self._ledger.public_key)


class Session:
    """One user's Escher on one store."""

    def __init__(self, parts: Parts) -> None:
        self._open_parts = parts
        self._refusal: StoreLocked | None = None
        self._outdated = Outdated(parts.store)
        self.settings = parts.settings
        self._retention = Retention(parts)
        self._retention.begin()
        self._backing_up: BackingUp | None = None

    @property
    def _parts(self) -> Parts:
        """Every part; raises StoreLocked once the session is locked."""
        if self._refusal is not None:
            # A new one each time: an error keeps what it was raised through, and so what was locked away.
            raise StoreLocked(self._refusal.message, hint=self._refusal.hint)
        return self._open_parts

    @property
    def audit(self) -> Audit:
        """The trail of what happened."""
        return Audit(self._parts)

    @property
    def accounts(self) -> Accounts:
        """The accounts that are scanned and acted in."""
        return self._parts.account_book

    @property
    def playbooks(self) -> Playbooks:
        """The user's own playbooks: find, make, change, publish."""
        from escher.session.playbooks import Playbooks

        return Playbooks(self._parts)

    @property
    def policy(self) -> PolicyBook:
        """The user's policy: read it, try it, change it, look back."""
        from escher.session.policy import PolicyBook

        return PolicyBook(self._parts)

    @property
    def keys(self) -> Keys:
        """The keys of the store: state, rotation, passphrase, export."""
        from escher.session.keys import Keys

        return Keys(self._parts)

    @property
    def key_source(self) -> str:
        """Where the store's master key comes from: `environment`, `key file`, `passphrase` or `keychain`."""
        return self._parts.store.key_source

    # -- the estate ----------------------------------------------------------------------------------------

    async def ascan(
        self,
        *,
        providers: Sequence[Provider] = (),
        accounts: Sequence[str] = (),
        regions: Sequence[str] = (),
        types: Sequence[str] = (),
        services: Sequence[str] = (),
        full: bool = True,
        depth: Depth | None = None,
        progress: Progress = lambda event: None,
        cancel: threading.Event | None = None,
        executor: Executor | None = None,
    ) -> ScanReport:
        """Read the clouds into the estate; what could not be seen is in the report. Raises ScanError, InvalidInput.

        `depth` is `full`, `incremental` (also: `full=False`) or `quick`. After `cancel` is set the scan ends soon, and
        what it stored is kept.
        """
        from escher.inventory.plan import ScanRequest

        request = ScanRequest(
            tuple(providers), tuple(accounts), tuple(regions), tuple(types), tuple(services),
            depth or ("full" if full else "incremental"),
        )  # fmt: skip
        return await asyncio.to_thread(self._scan, request, progress, cancel, executor)

    def scan(self, **options: Any) -> ScanReport:
        """`ascan`, waited for."""
        return wait(self.ascan(**options))

    def _scan(
        self,
        request: ScanRequest,
        progress: Progress,
        cancel: threading.Event | None,
        executor: Executor | None,
    ) -> ScanReport:
        with self._parts.scanning:
            report = self._parts.scanner.scan(request, progress, cancel, executor)
        self._parts.record("scan_completed", report.scan_id, found=report.counts.found, complete=report.complete)
        # A command line that was cancelled is to end now; the next one embeds what this one has left.
        if report.status == "completed" or self._backing_up is not None:
            self._parts.index.embed_soon()
        self._retention.attempt()
        return report

    def settle(self, progress: Progress = lambda event: None) -> None:
        """Wait until everything that was scanned is embedded and indexed; without this it is done in the background."""
        self._parts.index.settle(progress)

    def estate(self, where: str | None = None) -> EstateFrame:
        """Everything owned as a pandas frame; `where` is a SQL predicate. It prints its shape, not its rows."""
        from escher.inventory import frame, sql

        whole = self._parts.frames.current()
        if where is None:
            return whole
        wanted = [row["resource_id"] for row in sql.where(whole, where)]
        return frame.EstateFrame(whole[whole["resource_id"].isin(wanted)])

    @property
    def exploring(self) -> Exploring:
        """What is known besides the rows: coverage, changes, ties, lists."""
        from escher.session.exploring import Exploring

        return Exploring(self._parts)

    def estate_rows(self, where: str | None = None) -> list[dict[str, Any]]:
        """The rows of `escher estate --json`. Raises InvalidInput for a predicate that is not one."""
        from escher.inventory import sql

        return sql.where(self.estate(), where or "true")

    def estate_sql(self, query: str) -> list[dict[str, Any]]:
        """Rows of a SQL query over table `estate`. Raises InvalidInput."""
        from escher.inventory import sql

        return sql.rows(self.estate(), query)

    def search(self, text: str, limit: int = 10) -> EstateFrame:
        """The resources nearest to some words, by meaning, words and names together, best first.

        `attrs["note"]` of the frame says why the search was not all it could be; it is empty when it was.
        """
        from escher.inventory import frame

        found = frame.frame([resource for resource, _ in self._parts.index.search(text, {}, limit)])
        found.attrs["note"] = self._parts.index.state().note
        return found

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

    def plan(self, document: dict[str, Any]) -> Plan:
        """A plan of commands of one's own (a PlanRequest), shown and not run. Raises InvalidInput, PlanRefused."""
        from escher.session.own_plans import plan_own, plan_request

        return plan_own(self._parts, plan_request(document))[0]

    def undo(self, run_id: str) -> Plan:
        """The plan that takes a run back, shown and not run. Raises NotFound, NotUndoable, PlanRefused, PolicyDenied."""
        from escher.session.undoing import plan_undo

        return plan_undo(self._parts, run_id)[0]

    def resume(self, run_id: str, from_step: str = "") -> Plan:
        """The plan of what a run has left, or of all from a step on, shown and not run. Raises NotFound, NotResumable."""
        from escher.session.undoing import plan_resume

        return plan_resume(self._parts, run_id, from_step)[0]

    async def afixes(self, run_id: str) -> Fixes | None:
        """What may help after a failed run; None when no step failed. Raises NotFound, ServerUnavailable."""
        from escher.session.remedying import fixes

        return await fixes(self._parts, run_id)

    def fixes(self, run_id: str) -> Fixes | None:
        """`afixes`, waited for."""
        return wait(self.afixes(run_id))

    def run_record(self, run_id: str) -> RunRecord:
        """Everything that is kept of a run, as text, page or notebook. Raises NotFound."""
        from escher.session.evidence import run_record

        return run_record(self._parts, run_id)

    # -- consent and runs ----------------------------------------------------------------------------------

    @property
    def remediation(self) -> RemediationBook:
        """What may be done about failures by itself."""
        from escher.session.remediating import RemediationBook

        return RemediationBook(self._parts)

    @property
    def consenting(self) -> Consenting:
        """Consent by more than a click: of a second person, and beforehand."""
        from escher.session.consenting import Consenting

        return Consenting(self._parts)

    def approve(self, plan_id: str, digest: str, confirmation: str = "") -> ApprovedPlan:
        """Consent to one run, at a terminal. Raises ConsentFromCell in a notebook, ConsentMissing, StaleApproval."""
        return self._parts.approvals.approve_at_terminal(plan_id, digest, confirmation)

    def approve_click(self, click: Click) -> ApprovedPlan:
        """Consent that a person gave by a click in the page. Raises ConsentFromCell for anything else."""
        approved = self._parts.approvals.approve_click(click)
        self.runs.prepare(approved.plan_id)
        return approved

    def approve_unasked(self, plan_id: str) -> ApprovedPlan | None:
        """Grant one run where a pre-approval or the policy stands for a person; None where a person has to."""
        return self._parts.approvals.approve_unasked(plan_id)

    @property
    def runs(self) -> Runs:
        """What was approved, under way and done."""
        return self._parts.runs

    async def arun(self, plan_id: str, on_event: Callable[[RunEvent], None] = lambda event: None) -> RunResult:
        """Run an approved plan, once. Raises ApprovalError, StaleApproval, ApprovalUsed before anything started."""
        return await self.runs.arun(plan_id, on_event)

    def run(self, plan_id: str, on_event: Callable[[RunEvent], None] = lambda event: None) -> RunResult:
        """`arun`, waited for."""
        return wait(self.arun(plan_id, on_event))

    def cancel(self, run_id: str) -> bool:
        """Stop a run; False when it is not under way."""
        return self.runs.cancel(run_id)

    def run_results(self, limit: int = 20) -> list[RunResult]:
        """How the last runs ended, newest first."""
        return self.runs.results(limit)

    def run_result(self, run_id: str) -> RunResult:
        """How one run ended. Raises NotFound."""
        return self.runs.result(run_id)

    # -- the rest ------------------------------------------------------------------------------------------

    def stats(self) -> dict[str, Any]:
        """How much the store, the estate, the index and the backups hold: the document of `escher stats`."""
        from escher.session.stats import gather

        return gather(self._parts)

    @property
    def backups(self) -> Backups:
        """Makes, lists, checks and restores backups."""
        from escher.session.backups import Backups

        return Backups(self.settings, self._parts)

    def keep_backed_up(self) -> None:
        """From now on make backups in the background when they are due; for a process that lives on."""
        from escher.session.backing_up import BackingUp

        if self._backing_up is None:
            self._backing_up = BackingUp(self._parts)
            self._backing_up.begin()

    def purge(self, account: str) -> AccountPurge:
        """The purge of an account, by its id or name: look at it, then `run` it. Raises NotFound."""
        from escher.session.purge.account import AccountPurge

        return AccountPurge.named(self._parts, account)

    @property
    def running(self) -> int:
        """How many runs of this process are under way."""
        parts = self._open_parts
        return parts.runs.following if "runs" in vars(parts) else 0

    @property
    def outdated(self) -> bool:
        """Whether another process has replaced the store or its master key, so that it is to be opened anew."""
        return bool(self._outdated)

    def refuse(self, refusal: StoreLocked) -> None:
        """Answer every call with this error from now on; `close` is still to come."""
        self._refusal = refusal

    def close(self) -> None:
        """Close the store and give memory back. After `refuse`, runs that are under way end and are recorded first."""
        parts, refusal = self._open_parts, self._refusal and StoreLocked(self._refusal.message, hint=self._refusal.hint)
        if "runs" in vars(parts):
            parts.runs.close() if refusal is not None else parts.runs.leave()
        self._retention.stop()
        if self._backing_up is not None:
            self._backing_up.stop()
        parts.close(refusal)
        if refusal is not None:  # who still holds this session holds nothing of what it knew
            del self._open_parts, self._outdated, self._retention, self._backing_up

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
