"""The records of plans and approvals in the store: what is read back is what was written, or is refused."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol, TypeVar

from pydantic import ValidationError

from escher.approval.clock import Span
from escher.approval.grant import ApprovedPlan, Signer
from escher.approval.seen import Seen
from escher.contract.plan import Plan
from escher.contract.wire import Wire, digest
from escher.errors import ApprovalError, ApprovalUsed, NotFound, RecordExists, StaleApproval
from escher.store.collections import CollectionName
from escher.store.operations import OPERATIONS, OperationRecord, operation_key
from escher.store.records import Record
from escher.store.transaction import Transaction
from escher.store.vault import Store

R = TypeVar("R", bound=Wire)


class Readable(Protocol):
    """The store, or one transaction on it."""

    def get(self, collection: CollectionName, key: str) -> Record | None: ...  # noqa: D102 the class says it


class ShownPlan(Wire):
    """A plan as it was shown: with what was seen of its targets, in which conversation, and the latest time then."""

    record: Literal["plan"] = "plan"
    plan_id: str
    context_id: str
    plan: Plan
    targets: tuple[Seen, ...]
    latest: str

    @property
    def sha256(self) -> str:
        """Over all of it but the plan, which has a digest of its own."""
        return digest(self.model_dump(mode="json", exclude={"plan"}))

    @property
    def span(self) -> Span:
        """From when to when it may be approved."""
        times = (self.plan.created_at, self.plan.expires_at, self.latest)
        return Span(*(datetime.fromisoformat(at) for at in times))


class Granted(Wire):
    """An approval in the store. `run_id` is the run that used it up."""

    record: Literal["approval"] = "approval"
    plan_id: str
    state: Literal["granted", "used"]
    approved: ApprovedPlan
    run_id: str = ""


def signer_of(store: Store) -> Signer:
    """Signs for this store's owner. To be made when it is needed and not kept: then it is gone when the store is locked."""
    return Signer(store.derive("escher approval v1"))


def shown_plan(where: Readable, plan_id: str) -> ShownPlan:
    """A plan that was shown. Raises NotFound, and StaleApproval for a record that is not one."""
    shown = _read(where, "plan", plan_id, ShownPlan)
    if shown is None:
        raise NotFound(f"there is no plan {plan_id!r}.", hint='Ask for one: escher ask "…"')
    if not shown.plan_id == shown.plan.plan_id == plan_id:
        raise _altered()
    return shown


def granted(where: Readable, plan: Plan) -> Granted:
    """The plan's approval, not yet used. Raises ApprovalError without one, ApprovalUsed, StaleApproval."""
    found = _read(where, "approval", plan.plan_id, Granted)
    if found is None:
        raise ApprovalError(
            "this plan has not been approved.", hint=f"escher approve {plan.plan_id} --digest {plan.digest}"
        )
    if found.state == "used":
        raise ApprovalUsed("this plan has run already; an approval is good for one run.", hint="Ask again.")
    if not found.plan_id == found.approved.plan_id == plan.plan_id or found.run_id:
        raise _altered()
    return found


def approval_of(where: Readable, plan: Plan, signer: Signer) -> ApprovedPlan:
    """The approval of a plan, used or not. Raises ApprovalError without one, StaleApproval when it was altered."""
    found = _read(where, "approval", plan.plan_id, Granted)
    if found is None:
        raise ApprovalError("this plan has not been approved.", hint=f"See it: escher approve {plan.plan_id}")
    signer.verify(found.approved)
    if not plan.content_digest() == plan.digest == found.approved.digest or found.approved.plan_id != plan.plan_id:
        raise _altered()
    return found.approved


def keep(within: Transaction, record: ShownPlan | Granted) -> None:
    """Write a record under its plan's id."""
    within.put(OPERATIONS, Record(operation_key(record.record, record.plan_id), record.model_dump(mode="json")))


def use_up(within: Transaction, found: Granted, run_id: str) -> None:
    """Mark an approval as used, twice over: one altered record does not bring it back. Raises ApprovalUsed."""
    keep(within, found.model_copy(update={"state": "used", "run_id": run_id}))
    nonce = found.approved.nonce
    try:
        body = {"record": "nonce", "plan_id": found.plan_id, "run_id": run_id}
        within.insert(OPERATIONS, Record(operation_key("nonce", nonce), body))
    except RecordExists as cause:
        raise ApprovalUsed("this approval was used before.", hint="Ask again.") from cause


def _read(where: Readable, record: OperationRecord, id: str, kind: type[R]) -> R | None:
    found = where.get(OPERATIONS, operation_key(record, id))
    if found is None:
        return None
    try:
        read = kind.model_validate(found.body)
    except ValidationError as cause:
        raise _altered() from cause
    # A field that was taken out, or written in another way, would come back as its default.
    if read.model_dump(mode="json") != found.body:
        raise _altered()
    return read


def _altered() -> StaleApproval:
    return StaleApproval("what is stored of this plan is not what was written.", hint="Ask again and approve anew.")
