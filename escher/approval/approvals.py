"""Approvals in the store: a plan is shown, then consented to, then consumed, each in one transaction with its audit event.

Records of `executed_operations`: `plan:<id>` with the plan and a fingerprint of its targets as they were shown,
`approval:<id>` with the signed approval and whether it was used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from escher.approval.check import check
from escher.approval.consent import Consent, local_user, terminal_consent
from escher.approval.grant import ApprovedPlan, Signer, grant, must_still_hold, refuse_if_used, tools_for
from escher.approval.policy import Policy, assess, must_not_be_protected
from escher.contract.audit import AuditEvent, AuditType
from escher.contract.estate import Account, Resource
from escher.contract.marks import Mark
from escher.contract.plan import Plan
from escher.contract.ports import CloudAccess, ScriptReader
from escher.contract.wire import digest
from escher.errors import ApprovalError, ConsentFromCell, CredentialError, EscherError, NotFound, StaleApproval
from escher.ledger.ledger import Ledger
from escher.store.operations import OPERATIONS, OperationStore, operation_key
from escher.store.records import Record
from escher.store.vault import Store, Transaction

Estate = Callable[[], Mapping[str, Resource]]


class Click(Protocol):
    """A click on Approve, as the widget's room verified it; worth nothing until it is redeemed there."""

    @property
    def plan_id(self) -> str: ...  # noqa: D102 the class says it
    @property
    def digest(self) -> str: ...  # noqa: D102 the class says it
    @property
    def confirmation(self) -> str: ...  # noqa: D102 the class says it


def no_clicks(click: object) -> None:
    """Where there is no page there are no clicks. Raises ConsentFromCell."""
    raise ConsentFromCell("there is no page here in which to click.", hint="Use escher approve in a terminal.")


@dataclass(frozen=True, slots=True)
class Consumed:
    """An approval that was just used up: what may run now, once."""

    run_id: str
    plan: Plan
    approved: ApprovedPlan
    audit_entry: int
    started_at: datetime
    targets: tuple[Resource, ...] = ()
    context_id: str = ""


class Approvals:
    """The one way from a plan to the right to run it. `estate` gives every resource by resource id."""

    def __init__(
        self,
        *,
        store: Store,
        ledger: Ledger,
        access: CloudAccess,
        reader: ScriptReader,
        estate: Estate,
        accounts: Callable[[], Mapping[str, Account]],
        policy: Policy | None = None,
        marks: Callable[[], Sequence[Mark]] = tuple,
        redeem_click: Callable[[Any], None] = no_clicks,
        valid_for: timedelta = timedelta(minutes=15),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store, self._ledger, self._access, self._reader = store, ledger, access, reader
        self._estate, self._accounts = estate, accounts
        self._policy, self._valid_for, self._clock = policy or Policy(), valid_for, clock
        self._redeem_click, self._marks = redeem_click, marks
        self._operations = OperationStore(store)
        self._signer = Signer(store.derive("escher approval v1"))

    def show(self, plan: Plan, targets: Sequence[Resource], context_id: str = "") -> Plan:
        """Check a resolved plan, say how risky it is, seal it, and keep it for approval. Raises PlanRefused, PolicyDenied.

        `context_id` is the conversation in which it was asked for.
        """
        estate = self._estate()
        known = {word: resource for resource in estate.values() for word in (resource.resource_id, resource.identifier)}
        check(plan, targets, known, self._reader)
        must_not_be_protected(plan, targets, self._marks())
        verdict = assess(plan, targets, self._policy)
        sealed = plan.model_copy(
            update={
                "risk": verdict.risk,
                "requires_approval": verdict.requires_approval,
                "confirmation": verdict.confirmation,
                "warnings": (*plan.warnings, *verdict.warnings),
                "policy_version": self._policy.version,
            }
        ).sealed()
        body = {"record": "plan", "plan_id": sealed.plan_id, "context_id": context_id}
        body |= {"plan": sealed.model_dump(mode="json"), "fingerprint": fingerprint(targets)}
        with self._store.transaction() as within:
            within.put(OPERATIONS, Record(operation_key("plan", sealed.plan_id), body))
            self._record(within, "plan_shown", sealed, {"targets": len(targets)}, local_user())
        return sealed

    def plan(self, plan_id: str) -> Plan:
        """A plan that was shown. Raises NotFound."""
        return Plan.model_validate(self._plan_record(plan_id)["plan"])

    def approve_at_terminal(self, plan_id: str, digest: str, confirmation: str = "") -> ApprovedPlan:
        """Grant one run to the person at a terminal. Raises ConsentFromCell when a kernel is at work here."""
        return self._approve(terminal_consent(plan_id, digest, confirmation))

    def approve_click(self, click: Click) -> ApprovedPlan:
        """Grant one run to the person who clicked. Raises ConsentFromCell for a click that no page made, or made before."""
        self._redeem_click(click)
        return self._approve(Consent(local_user(), "page", click.plan_id, click.digest, click.confirmation))

    def _approve(self, consent: Consent) -> ApprovedPlan:
        """Every refusal is written to the audit trail, then raised."""
        plan = self.plan(consent.plan_id)
        try:
            refuse_if_used(self._state(consent.plan_id))
            must_not_be_protected(plan, self._targets_must_be_as_shown(plan), self._marks())
            approved = grant(
                plan,
                consent,
                policy_version=self._policy.version,
                identities=self._identities(plan),
                tools=tools_for(plan),
                now=self._clock(),
                valid_for=self._valid_for,
                signer=self._signer,
            )
        except EscherError as refusal:
            self._refused(plan, consent, refusal)
            raise
        self._keep(plan, approved)
        return approved

    def consume(self, plan_id: str, run_id: str) -> Consumed:
        """Use an approval up and write `started`, in one transaction. Raises ApprovalError, StaleApproval, ApprovalUsed."""
        plan = self.plan(plan_id)
        now = self._clock()
        with self._store.transaction() as within:
            record = within.get(OPERATIONS, operation_key("approval", plan_id))
            if record is None:
                raise ApprovalError("this plan has not been approved.", hint=_how_to_approve(plan))
            refuse_if_used(record.body["state"])
            approved = ApprovedPlan.model_validate(record.body["approved"])
            must_still_hold(approved, plan, self._policy.version, now, self._signer)
            targets = self._targets_must_be_as_shown(plan)
            must_not_be_protected(plan, targets, self._marks())
            used = record.body | {"state": "used", "run_id": run_id}
            within.put(OPERATIONS, Record(operation_key("approval", plan_id), used))
            details = {"run_id": run_id, "digest": plan.digest, "nonce": approved.nonce, "channel": approved.channel}
            entry = self._record(within, "started", plan, details, approved.approver)
        context_id = self._plan_record(plan_id).get("context_id", "")
        return Consumed(run_id, plan, approved, entry, now, targets, context_id)

    def state(self, plan_id: str) -> str:
        """`shown`, `granted` or `used`. Raises NotFound."""
        self._plan_record(plan_id)
        return self._state(plan_id)

    def _state(self, plan_id: str) -> str:
        approval = self._operations.get("approval", plan_id)
        return "shown" if approval is None else approval["state"]

    def _plan_record(self, plan_id: str) -> dict[str, Any]:
        body = self._operations.get("plan", plan_id)
        if body is None:
            raise NotFound(f"there is no plan {plan_id!r}.", hint='Ask for one: escher ask "…"')
        return body

    def _keep(self, plan: Plan, approved: ApprovedPlan) -> None:
        """Store the approval; the second of two people at once finds the first one's use, never overwrites it."""
        body = {"record": "approval", "plan_id": plan.plan_id, "state": "granted"}
        body |= {"approved": approved.model_dump(mode="json")}
        with self._store.transaction() as within:
            current = within.get(OPERATIONS, operation_key("approval", plan.plan_id))
            refuse_if_used(current.body["state"] if current else "")
            within.put(OPERATIONS, Record(operation_key("approval", plan.plan_id), body))
            details = {"digest": plan.digest, "nonce": approved.nonce, "channel": approved.channel}
            self._record(within, "approved", plan, details, approved.approver)

    def _identities(self, plan: Plan) -> dict[str, str]:
        """Who each account's credentials really are, read live. Raises CredentialError."""
        accounts = self._accounts()
        identities: dict[str, str] = {}
        for account_id in sorted({step.account_id for step in plan.steps}):
            if account_id not in accounts:
                raise CredentialError(f"account {account_id} is not configured.", hint="escher accounts add")
            identities[account_id] = self._access.identity(accounts[account_id])
        return identities

    def _targets_must_be_as_shown(self, plan: Plan) -> tuple[Resource, ...]:
        estate = self._estate()
        ids = sorted({resource_id for step in plan.steps for resource_id in step.targets})
        now = tuple(estate[resource_id] for resource_id in ids if resource_id in estate)
        if fingerprint(now) != self._plan_record(plan.plan_id)["fingerprint"]:
            raise StaleApproval(
                "a target has changed since the plan was shown.", hint="Ask again and read the new plan."
            )
        return now

    def _refused(self, plan: Plan, consent: Consent, refusal: EscherError) -> None:
        with self._store.transaction() as within:
            self._record(within, "approval_refused", plan, {"code": refusal.code}, consent.approver)

    def _record(self, within: Transaction, type_: AuditType, plan: Plan, details: Mapping[str, Any], actor: str) -> int:
        event = AuditEvent(
            type=type_, at=self._clock().isoformat(), actor=actor, subject=plan.plan_id, details=dict(details)
        )
        return self._ledger.append(event, within=within)


def fingerprint(targets: Sequence[Resource]) -> str:
    """SHA-256 over what a person saw of the targets: which they are, their state and their tags."""
    ordered = sorted(targets, key=lambda target: target.resource_id)
    return digest([[target.resource_id, target.state, target.name, dict(target.tags)] for target in ordered])


def _how_to_approve(plan: Plan) -> str:
    return f"escher approve {plan.plan_id} --digest {plan.digest}"
