"""The facade: one object that scans, asks, plans, takes consent, runs and proves. Every call has an async twin."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from escher.approval.approvals import COLLECTION
from escher.approval.consent import Consent, terminal_consent
from escher.approval.grant import ApprovedPlan
from escher.contract.audit import AuditEntry, AuditEvent, Verification
from escher.contract.ports import Progress
from escher.contract.reply import Reply
from escher.contract.runs import RunEvent, RunResult
from escher.errors import InvalidInput, NotFound
from escher.session.accounts import Accounts
from escher.session.asking import Listener, ask
from escher.session.loop import wait
from escher.session.wiring import Parts

if TYPE_CHECKING:
    from escher.inventory.frame import EstateFrame
    from escher.inventory.scan import ScanReport


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
        self.accounts: Accounts = parts.account_book

    @property
    def key_source(self) -> str:
        """Where the store's master key comes from: `keychain` or `passphrase`."""
        return self._parts.store.key_source

    # -- the estate ----------------------------------------------------------------------------------------

    async def ascan(
        self, *, providers: Sequence[str] | None = None, accounts: Sequence[str] | None = None,
        regions: Sequence[str] | None = None, types: Sequence[str] | None = None, progress: Progress = lambda event: None,
    ) -> ScanReport:
        """Read the clouds into the estate; what could not be seen is in the report. Raises ScanError, InvalidInput."""
        chosen = [self.accounts.named(word) for word in accounts or ()] or self.accounts.all()
        if not chosen:
            raise InvalidInput("there is no account to scan.", hint="Add one: escher init, or escher accounts add")
        return await asyncio.to_thread(self._parts.scan, chosen, providers, regions, types, progress)

    def scan(self, **options: Any) -> ScanReport:
        """`ascan`, waited for."""
        return wait(self.ascan(**options))

    def estate(self, where: str | None = None) -> EstateFrame:
        """Everything owned as a pandas frame; `where` is a SQL predicate. It prints its shape, not its rows."""
        return self._parts.frame(where)

    def estate_rows(self, where: str | None = None) -> list[dict[str, Any]]:
        """The rows of `escher estate --json`. Raises InvalidInput for a predicate that is not one."""
        return self._parts.rows(where)

    def estate_sql(self, query: str) -> list[dict[str, Any]]:
        """Rows of a SQL query over table `estate`. Raises InvalidInput."""
        return self._parts.sql(query)

    def search(self, text: str, limit: int = 10) -> EstateFrame:
        """The resources nearest to some words, by meaning, words and names together."""
        return self._parts.search(text, limit)

    # -- asking --------------------------------------------------------------------------------------------

    async def aask(self, question: str, listener: Listener = Listener()) -> Reply:  # noqa: B008 frozen and empty
        """Answer a question, or plan an order. Never runs anything."""
        return await ask(self._parts, question, listener)

    def ask(self, question: str) -> Reply:
        """`aask`, waited for."""
        return wait(self.aask(question))

    def context(self, question: str) -> bytes:
        """The exact bytes that asking this would send."""
        return self._parts.preview(question)

    def understand(self, question: str) -> dict[str, Any]:
        """What the server understands: `understanding`, `clarification` and ranked `playbooks`, without a plan."""
        return wait(self._parts.understand(question))

    # -- consent and runs ----------------------------------------------------------------------------------

    def approve(self, plan_id: str, digest: str, confirmation: str = "") -> ApprovedPlan:
        """Consent to one run, at a terminal. Raises ConsentFromCell in a notebook, ConsentMissing, StaleApproval."""
        return self._parts.approvals.approve(terminal_consent(plan_id, digest, confirmation))

    def approve_with(self, consent: Consent) -> ApprovedPlan:
        """Consent that a person gave in the page."""
        return self._parts.approvals.approve(consent)

    async def arun(self, plan_id: str, on_event: Callable[[RunEvent], None] = lambda event: None) -> RunResult:
        """Run an approved plan, once. Raises ApprovalError, StaleApproval, ApprovalUsed before anything started."""
        result = await self._parts.engine.run(plan_id, on_event)
        await asyncio.to_thread(self._parts.refresh, result)
        return result

    def run(self, plan_id: str, on_event: Callable[[RunEvent], None] = lambda event: None) -> RunResult:
        """`arun`, waited for."""
        return wait(self.arun(plan_id, on_event))

    def cancel(self, run_id: str) -> bool:
        """Stop a run of this process; False when it is not running here."""
        return self._parts.engine.cancel(run_id)

    def run_results(self, limit: int = 20) -> list[RunResult]:
        """How the last runs ended, newest first."""
        runs = [record for record in self._parts.store.records(COLLECTION) if record.body["kind"] == "run"]
        return [RunResult.model_validate(record.body["result"]) for record in reversed(runs[-limit:])]

    def run_result(self, run_id: str) -> RunResult:
        """How one run ended. Raises NotFound."""
        record = self._parts.store.get(COLLECTION, f"run:{run_id}")
        if record is None:
            raise NotFound(f"there is no run {run_id!r}.", hint="See: escher runs")
        return RunResult.model_validate(record.body["result"])

    # -- the rest ------------------------------------------------------------------------------------------

    def verify_audit(self) -> Verification:
        """Check the audit trail."""
        return self.audit.verify()

    def record(self, event: AuditEvent) -> int:
        """Write one event to the audit trail; its entry number."""
        return self._parts.ledger.append(event)

    def close(self) -> None:
        """Close the store and give memory back."""
        self._parts.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
