"""The consent of two people: the first one's machine asks, the second one's answers, the first one's grants."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from escher.approval.check import must_do_what_it_says
from escher.approval.consent import Consent, local_user, terminal_consent
from escher.approval.grant import ApprovedPlan, must_be_confirmed
from escher.approval.kept import shown_plan, signer_of
from escher.approval.second import Seconded, SecondRequest, answer, read_answer, read_request, signed
from escher.approval.trail import Trail
from escher.contract.ports import ScriptReader
from escher.errors import SecondPersonMissing, StaleApproval
from escher.store.operations import OPERATIONS, operation_key
from escher.store.records import Record
from escher.store.vault import Store

Approve = Callable[[Consent, Seconded | None], ApprovedPlan]


class Seconding:
    """Asks, answers and completes. Every document is a file between the two machines; no server sees it."""

    def __init__(self, store: Store, trail: Trail, reader: ScriptReader, approve: Approve) -> None:
        self._store, self._trail, self._reader, self._approve = store, trail, reader, approve

    def ask(self, plan_id: str, digest: str) -> SecondRequest:
        """A signed request to a second person; a newer one takes the place of an older. Raises NotFound, StaleApproval."""
        shown, now = shown_plan(self._store, plan_id), self._trail.clock()
        if not digest == shown.plan.digest == shown.plan.content_digest():
            raise StaleApproval(
                "this is not the plan that was shown: its digest differs.", hint="Ask again and read it."
            )
        signer = signer_of(self._store)
        asked = SecondRequest(
            key=signer.public_key,
            plan=shown.plan,
            targets=shown.targets,
            requester=local_user(),
            nonce=secrets.token_hex(16),
            asked_at=now.isoformat(),
            expires_at=shown.plan.expires_at,
        )
        asked = signed(asked, signer.signature)
        body = {"record": "request", "plan_id": plan_id, "nonce": asked.nonce, "digest": asked.digest}
        with self._store.transaction() as within:
            within.put(OPERATIONS, Record(operation_key("request", plan_id), body))
            self._trail.record(within, "approval_requested", plan_id, local_user(), {"digest": digest})
        return asked

    def read(self, text: str | bytes) -> SecondRequest:
        """A request as the second person is shown it: whole, open, and its scripts do what it says.

        Raises SecondPersonMissing, PlanRefused.
        """
        request = read_request(text, self._trail.clock())
        must_do_what_it_says(request.plan, self._reader)
        return request

    def answer(self, request: SecondRequest, confirmation: str = "") -> Seconded:
        """The yes of the person at this terminal. Raises ConsentFromCell, ConsentMissing, SecondPersonMissing."""
        plan, signer = request.plan, signer_of(self._store)
        consent = terminal_consent(plan.plan_id, plan.digest, confirmation)
        with self._trail.refusals(plan.plan_id, consent.approver, requester=request.requester):
            must_be_confirmed(plan, consent)
            given = answer(request, consent.approver, signer.public_key, self._trail.clock(), signer.signature)
        with self._store.transaction() as within:
            details = {"digest": plan.digest, "requester": request.requester, "key": request.key}
            self._trail.record(within, "approval_seconded", plan.plan_id, consent.approver, details)
        return given

    def approve(self, plan_id: str, digest: str, confirmation: str, text: str | bytes) -> ApprovedPlan:
        """Grant one run with the second person's answer. Raises what `Approvals.approve` raises, SecondPersonMissing."""
        consent = terminal_consent(plan_id, digest, confirmation)
        with self._trail.refusals(plan_id, consent.approver):
            given = read_answer(text)
            self._must_be_to_ours(plan_id, given)
        return self._approve(consent, given)

    def _must_be_to_ours(self, plan_id: str, given: Seconded) -> None:
        record = self._store.get(OPERATIONS, operation_key("request", plan_id))
        asked = ("", "") if record is None else (record.body.get("nonce"), record.body.get("digest"))
        if (given.nonce, given.request) != asked:
            raise SecondPersonMissing(
                "this answer is not to the request that was made here last.",
                hint=f"escher approve {plan_id} --digest … --ask FILE, then let the second person answer that file.",
            )
