"""Approvals in the store: a plan is shown, then consented to, then consumed, each in one transaction with its audit event.

Records of `executed_operations`: `plan:<id>` with the plan and its targets as they were shown, `approval:<id>` with the
signed approval and whether it was used, `nonce:<nonce>` once it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from pydantic import ValidationError

from escher.approval.check import check
from escher.approval.clock import latest
from escher.approval.consent import Channel, Consent, in_kernel, local_user, must_not_be_in_kernel, terminal_consent
from escher.approval.grant import ApprovedPlan, Bound, Moment, Signer, grant, must_still_hold
from escher.approval.kept import Granted, ShownPlan, approval_of, granted, keep, shown_plan, signer_of, use_up
from escher.approval.policy import assess, must_not_be_protected
from escher.approval.preapproved import PreApprovals
from escher.approval.rules import Ruled
from escher.approval.second import Seconded, must_count
from escher.approval.seconding import Seconding
from escher.approval.seen import seen
from escher.approval.tools import Find, SandboxLevel, find_tool
from escher.approval.trail import Trail
from escher.approval.world import Look, World
from escher.contract.estate import Account, Resource
from escher.contract.marks import Mark
from escher.contract.plan import Plan
from escher.contract.policy import Policy
from escher.contract.ports import CloudAccess, ScriptReader
from escher.errors import ApprovalUsed, ConsentFromCell, ConsentMissing, NotFound, PreapprovalUnfit, StaleApproval
from escher.ledger.ledger import Ledger
from escher.store.operations import OperationStore
from escher.store.transaction import Transaction
from escher.store.vault import Store

Estate = Callable[[], Mapping[str, Resource]]
LOOK_IS_GOOD_FOR = timedelta(seconds=10)


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


def _nothing(within: Transaction, consumed: Consumed) -> None:
    """Nothing else is written."""


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
        look: Look,
        policy: Callable[[], Policy] = Policy,
        marks: Callable[[], Sequence[Mark]] = tuple,
        own_scripts: Callable[[], frozenset[str]] = frozenset,
        sandbox: Callable[[], SandboxLevel] = lambda: "process_group",
        find: Find = find_tool,
        redeem_click: Callable[[Any], None] = no_clicks,
        valid_for: timedelta = timedelta(minutes=15),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store, self._reader, self._trail = store, reader, Trail(store, ledger, clock)
        self._valid_for, self._clock, self._redeem_click = valid_for, clock, redeem_click
        self._operations, self._preapprovals = OperationStore(store), PreApprovals(store, self._trail)
        self._world = World(
            access=access, accounts=accounts, estate=estate, look=look, policy=policy, marks=marks,
            own_scripts=own_scripts, sandbox=sandbox, find=find,
        )  # fmt: skip

    @property
    def _signer(self) -> Signer:
        return signer_of(self._store)

    @property
    def preapproved(self) -> PreApprovals:
        """What was allowed beforehand."""
        return self._preapprovals

    @property
    def seconding(self) -> Seconding:
        """The consent of two people."""
        return Seconding(self._store, self._trail, self._reader, self.approve)

    @property
    def public_key(self) -> str:
        """The key by which a policy names this store's owner as an approver, 64 hexadecimal digits."""
        return self._signer.public_key

    def show(self, plan: Plan, targets: Sequence[Resource], context_id: str = "") -> Plan:
        """Check a resolved plan, say how risky it is, seal it, and keep it for approval. Raises PlanRefused, PolicyDenied.

        `context_id` is the conversation in which it was asked for.
        """
        estate, policy = self._world.estate(), self._world.policy()
        known = {word: resource for resource in estate.values() for word in (resource.resource_id, resource.identifier)}
        check(plan, targets, known, self._world.accounts(), self._reader)
        must_not_be_protected(plan, targets, self._world.marks())
        verdict = assess(plan, targets, policy, self._world.facts(targets, self._clock()))
        sealed = plan.model_copy(
            update={
                "risk": verdict.risk,
                "requires_approval": verdict.requires_approval,
                "confirmation": verdict.confirmation,
                "approvals_required": verdict.approvals_required,
                "warnings": (*plan.warnings, *verdict.warnings),
                "policy_version": policy.version,
            }
        ).sealed()
        with self._store.transaction() as within:
            keep(
                within,
                ShownPlan(
                    plan_id=sealed.plan_id,
                    context_id=context_id,
                    plan=sealed,
                    targets=tuple(seen(target) for target in targets),
                    latest=latest(within, self._clock()).isoformat(),
                ),
            )
            self._trail.record(within, "plan_shown", sealed.plan_id, local_user(), {"targets": len(targets)})
        return sealed

    def plan(self, plan_id: str) -> Plan:
        """A plan that was shown, also long ago. Raises NotFound, StaleApproval when it cannot be read."""
        body = self._operations.get("plan", plan_id)
        if body is None:
            raise NotFound(f"there is no plan {plan_id!r}.", hint='Ask for one: escher ask "…"')
        try:
            return Plan.model_validate(body["plan"])
        except (KeyError, ValidationError) as cause:
            raise StaleApproval("what is stored of this plan is not what was written.", hint="Ask again.") from cause

    def approve_at_terminal(self, plan_id: str, digest: str, confirmation: str = "") -> ApprovedPlan:
        """Grant one run to the person at a terminal. Raises ConsentFromCell when a kernel is at work here."""
        return self.approve(terminal_consent(plan_id, digest, confirmation))

    def approve_click(self, click: Click) -> ApprovedPlan:
        """Grant one run to the person who clicked. Raises ConsentFromCell for a click that no page made, or made before."""
        self._redeem_click(click)
        return self.approve(Consent(local_user(), "page", click.plan_id, click.digest, click.confirmation))

    def approve_by(self, preapproval_id: str, plan_id: str) -> ApprovedPlan:
        """Grant one run of a plan that a pre-approval covers. Raises PreapprovalUnfit with what does not fit, NotFound."""
        shown = shown_plan(self._store, plan_id)
        return self.approve(Consent(local_user(), "preapproval", plan_id, shown.plan.digest, by=preapproval_id))

    def approve_by_policy(self, plan_id: str) -> ApprovedPlan:
        """Grant one run of what nobody need be asked about, at a terminal. Raises ConsentFromCell, ConsentMissing."""
        must_not_be_in_kernel("run a plan that nobody approved", "Click Approve in the plan's card.")
        shown = shown_plan(self._store, plan_id)
        return self.approve(Consent(local_user(), "policy", plan_id, shown.plan.digest, by=shown.plan.policy_version))

    def approve_unasked(self, plan_id: str) -> ApprovedPlan | None:
        """Grant one run where a pre-approval or the policy stands for a person; None when a person has to, or has.

        Raises StaleApproval, PolicyDenied where the plan could not run whoever approved it.
        """
        plan = shown_plan(self._store, plan_id).plan
        if self.state(plan_id) != "shown":
            return None
        if not plan.requires_approval and not in_kernel():
            return self.approve_by_policy(plan_id)
        for preapproval_id in self._preapprovals.candidates(plan):
            with suppress(PreapprovalUnfit):
                return self.approve_by(preapproval_id, plan_id)
        return None

    def approve(self, consent: Consent, seconded: Seconded | None = None) -> ApprovedPlan:
        """Grant one run. Every refusal is written to the audit trail, then raised."""
        shown = shown_plan(self._store, consent.plan_id)
        with self._trail.refusals(shown.plan_id, consent.approver):
            return self._approve(shown, consent, seconded)

    def _approve(self, shown: ShownPlan, consent: Consent, seconded: Seconded | None) -> ApprovedPlan:
        plan, world, looked_at = shown.plan, self._world, self._clock()
        self._must_not_be_used(self._store, plan)
        targets, ruled = world.allowed(plan, shown.targets, looked_at)
        self._must_be_vouched_for(plan, consent.channel, consent.by, targets, ruled)
        world.look_again(plan, targets, shown.targets)
        bound = world.bound(shown, world.identities(plan))
        with self._store.transaction() as within:
            now = self._clock()
            if seconded is not None:
                self._must_count(seconded, plan, now)
            approved = grant(
                plan,
                consent,
                bound,
                Moment(now, latest(within, now)),
                looked_at=looked_at,
                shown_at=shown.span,
                valid_for=self._valid_for,
                signer=self._signer,
                seconded=seconded,
            )
            # The second of two people at once finds the first one's use, never overwrites it.
            self._must_not_be_used(within, plan)
            keep(within, Granted(plan_id=plan.plan_id, state="granted", approved=approved))
            if consent.channel == "preapproval":
                self._preapprovals.note_use(within, consent.by, plan, len(targets))
            self._trail.record(within, "approved", plan.plan_id, approved.approver, _told(approved))
        return approved

    def consume(self, plan_id: str, run_id: str, also: Callable[[Transaction, Consumed], None] = _nothing) -> Consumed:
        """Use an approval up and write `started`, in one transaction, and what `also` writes in the same.

        Raises ApprovalError, StaleApproval, ApprovalUsed, PolicyDenied; each refusal is written to the audit trail.
        It may look at the cloud, so it is not for an event loop's own thread.
        """
        shown = shown_plan(self._store, plan_id)
        with self._trail.refusals(plan_id, local_user(), run_id=run_id):
            return self._consume(shown, run_id, also)

    def _consume(self, shown: ShownPlan, run_id: str, also: Callable[[Transaction, Consumed], None]) -> Consumed:
        plan = shown.plan
        found = granted(self._store, plan)
        targets, bound = self._now(shown, found.approved)
        with self._store.transaction() as within:
            now = self._clock()
            if granted(within, plan) != found or shown_plan(within, plan.plan_id) != shown:
                raise StaleApproval("the plan was changed meanwhile.", hint="Ask again and approve anew.")
            must_still_hold(found.approved, plan, bound, Moment(now, latest(within, now)), self._signer)
            use_up(within, found, run_id)
            details = _told(found.approved) | {"run_id": run_id}
            entry = self._trail.record(within, "started", plan.plan_id, found.approved.approver, details)
            consumed = Consumed(run_id, plan, found.approved, entry, now, targets, shown.context_id)
            also(within, consumed)
        return consumed

    def _now(self, shown: ShownPlan, approved: ApprovedPlan) -> tuple[tuple[Resource, ...], Bound]:
        """The targets and the world as they are now; looked at again unless that was just done."""
        self._signer.verify(approved)
        plan, world, now = shown.plan, self._world, self._clock()
        targets, ruled = world.allowed(plan, shown.targets, now)
        self._must_be_vouched_for(plan, approved.channel, approved.by, targets, ruled)
        if approved.seconded is not None:
            self._must_count(approved.seconded, plan, datetime.fromisoformat(approved.granted_at))
        identities: Mapping[str, str] = approved.identities
        age = now - datetime.fromisoformat(approved.looked_at)
        if not timedelta() <= age <= LOOK_IS_GOOD_FOR:
            world.look_again(plan, targets, shown.targets)
            identities = world.identities(plan)
        return targets, world.bound(shown, identities)

    def approval(self, plan_id: str) -> ApprovedPlan:
        """The consent to a plan, used or not, as it was signed. Raises NotFound, ApprovalError, StaleApproval."""
        return approval_of(self._store, self.plan(plan_id), self._signer)

    def state(self, plan_id: str) -> str:
        """`shown`, `granted` or `used`. Raises NotFound."""
        self.plan(plan_id)
        approval = self._operations.get("approval", plan_id)
        return "shown" if approval is None else approval["state"]

    def _must_not_be_used(self, where: Store | Transaction, plan: Plan) -> None:
        record = where.get("executed_operations", f"approval:{plan.plan_id}")
        if record is not None and record.body.get("state") != "granted":
            raise ApprovalUsed("this plan has run already; an approval is good for one run.", hint="Ask again.")

    def _must_be_vouched_for(
        self, plan: Plan, channel: Channel, by: str, targets: Sequence[Resource], ruled: Ruled
    ) -> None:
        """What stood for a person still does: a pre-approval that covers the plan, a policy that lets it run."""
        if channel == "preapproval":
            self._preapprovals.must_cover(by, plan, targets)
        if channel == "policy" and (plan.requires_approval or ruled.decision != "allow"):
            raise ConsentMissing(
                "a person has to approve this plan.", hint=f"escher approve {plan.plan_id} --digest {plan.digest}"
            )

    def _must_count(self, seconded: Seconded, plan: Plan, now: datetime) -> None:
        approvers = {approver.public_key for approver in self._world.policy().approvers}
        must_count(seconded, plan, self.public_key, approvers, now)


def _told(approved: ApprovedPlan) -> dict[str, Any]:
    """What the audit trail says of an approval."""
    told: dict[str, Any] = {"digest": approved.digest, "nonce": approved.nonce, "channel": approved.channel}
    told |= {"by": approved.by} if approved.by else {}
    return told | ({"seconded_by": approved.seconded.approver} if approved.seconded else {})
