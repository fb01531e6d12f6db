"""Grant and consume approvals: a signature over everything that will run, good for one run within minutes.

`grant` is the only maker of an `ApprovedPlan`. It is stored beside the plan and consumed in the transaction that
writes the `started` audit event, so an approval that was used can never be used again.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from escher.approval.clock import Span
from escher.approval.consent import Channel, Consent
from escher.approval.second import Seconded
from escher.approval.tools import CLIS, SandboxLevel, Tool, find_tool
from escher.contract.plan import Plan
from escher.contract.wire import Wire, canonical
from escher.errors import ConsentMissing, SecondPersonMissing, StaleApproval

__all__ = ["CLIS", "ApprovedPlan", "Bound", "Signer", "Tool", "find_tool", "grant", "must_still_hold"]


class Bound(Wire):
    """All that an approval is bound to beside the plan's own bytes: the world in which it was given.

    `shown` is the SHA-256 of what a person saw beside the plan, `targets` leads from a resource id to its fingerprint,
    `accounts` from an account id to the SHA-256 of how it is reached, `identities` to who its credentials really are,
    read live. `folder` is the working folder's kind: made for the step, empty, and taken away after it.
    """

    shown: str
    policy_version: str
    accounts: dict[str, str]
    identities: dict[str, str]
    tools: tuple[Tool, ...]
    sandbox: SandboxLevel
    folder: Literal["private"] = "private"
    targets: dict[str, str]


_NO_LONGER: dict[str, str] = {
    "shown": "what was shown with the plan is not what is stored",
    "policy_version": "the policy has changed since the approval",
    "accounts": "an account is reached in another way than when it was approved",
    "identities": "the credentials of an account are somebody else's than when it was approved",
    "sandbox": "the plan would run in another sandbox than the approved one",
    "tools": "a program that the plan uses has changed",
    "folder": "the plan would run in another folder than the approved one",
    "targets": "a target is not the one that was approved",
}


class ApprovedPlan(Bound):
    """What was consented to. The signature covers every other field; times are UTC, ISO 8601.

    `by` is the pre-approval or the rule of the policy that stood for a person; `seconded` the second person's consent.
    `looked_at` is when the targets were looked at in the cloud, `latest` the latest time that the store had seen.
    """

    plan_id: str
    digest: str
    nonce: str
    approver: str
    channel: Channel
    by: str = ""
    seconded: Seconded | None = None
    looked_at: str
    latest: str
    granted_at: str
    expires_at: str
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """Canonical bytes of all that is signed."""
        return canonical(self.model_dump(mode="json", exclude={"signature"}))

    @property
    def span(self) -> Span:
        """From when to when it is good."""
        begins, ends, latest = (datetime.fromisoformat(at) for at in (self.granted_at, self.expires_at, self.latest))
        return Span(begins, ends, latest)


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs and verifies approvals with a key that only this store's owner has (32 bytes)."""

    seed: bytes

    @property
    def public_key(self) -> str:
        """By what others know this store's owner: 64 hexadecimal digits."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw().hex()

    def signature(self, message: bytes) -> str:
        """Ed25519 over some bytes, in hexadecimal digits."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message).hex()

    def sign(self, approved: ApprovedPlan) -> ApprovedPlan:
        """The approval with its signature."""
        return approved.model_copy(update={"signature": self.signature(approved.signed_bytes())})

    def verify(self, approved: ApprovedPlan) -> None:
        """Raise StaleApproval when anything of the approval is not what was signed."""
        self.must_have_signed(approved.signature, approved.signed_bytes(), "this approval was altered.")

    def must_have_signed(self, signature: str, message: bytes, refusal: str) -> None:
        """Raise StaleApproval with these words unless this store signed exactly these bytes."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        try:
            key.verify(bytes.fromhex(signature), message)
        except (InvalidSignature, ValueError) as cause:
            raise StaleApproval(refusal, hint="Ask again and approve anew.") from cause


@dataclass(frozen=True, slots=True)
class Moment:
    """When an approval is given or used: by the clock, and by the latest time that the store ever saw."""

    now: datetime
    latest: datetime


def grant(
    plan: Plan,
    consent: Consent,
    bound: Bound,
    moment: Moment,
    *,
    looked_at: datetime,
    shown_at: Span,
    valid_for: timedelta,
    signer: Signer,
    seconded: Seconded | None = None,
) -> ApprovedPlan:
    """Bind a person's consent to exactly this plan. Raises StaleApproval, ConsentMissing, SecondPersonMissing."""
    _must_be_what_was_shown(plan, consent, bound)
    shown_at.must_hold(moment.now, moment.latest, "this plan was shown too long ago.")
    must_be_confirmed(plan, consent)
    must_be_enough(plan, seconded)
    return signer.sign(
        ApprovedPlan(
            **dict(bound),
            plan_id=plan.plan_id,
            digest=plan.digest,
            nonce=secrets.token_hex(16),
            approver=consent.approver,
            channel=consent.channel,
            by=consent.by,
            seconded=seconded,
            looked_at=looked_at.isoformat(),
            latest=moment.latest.isoformat(),
            granted_at=moment.now.isoformat(),
            expires_at=(moment.now + valid_for).isoformat(),
        )
    )


def must_still_hold(approved: ApprovedPlan, plan: Plan, bound: Bound, moment: Moment, signer: Signer) -> None:
    """Check an approval at the moment of its use. Raises StaleApproval; says which part no longer holds."""
    signer.verify(approved)
    if not plan.content_digest() == plan.digest == approved.digest or approved.plan_id != plan.plan_id:
        raise StaleApproval("the plan is not the one that was approved.", hint="Ask again and approve anew.")
    approved.span.must_hold(moment.now, moment.latest, "this approval has expired.")
    for name, refusal in _NO_LONGER.items():
        if getattr(approved, name) != getattr(bound, name):
            raise StaleApproval(f"{refusal}.", hint="Ask again and approve anew.")
    must_be_enough(plan, approved.seconded)


def must_be_enough(plan: Plan, seconded: Seconded | None) -> None:
    """Raise SecondPersonMissing for a plan that two people must agree to, with the consent of one."""
    if plan.approvals_required > 1 and seconded is None:
        raise SecondPersonMissing(
            "this plan needs the consent of a second person.",
            hint=f"escher approve {plan.plan_id} --digest {plan.digest} --ask request.json",
        )


def _must_be_what_was_shown(plan: Plan, consent: Consent, bound: Bound) -> None:
    if not (consent.digest == plan.digest == plan.content_digest()) or consent.plan_id != plan.plan_id:
        raise StaleApproval("this is not the plan that was shown: its digest differs.", hint="Ask again and read it.")
    if plan.policy_version != bound.policy_version:
        raise StaleApproval("the policy has changed since the plan was shown.", hint="Ask again.")


def must_be_confirmed(plan: Plan, consent: Consent) -> None:
    """Raise ConsentMissing unless one of the answers that the plan asks for was typed."""
    typed = consent.confirmation.strip().casefold()
    if plan.confirmation and typed not in {answer.casefold() for answer in plan.confirmation}:
        raise ConsentMissing(
            f"this plan {plan.effect}s; type {plan.confirmation[0]!r} to approve it.",
            hint=f"escher approve {plan.plan_id} --digest … --confirm {plan.confirmation[0]!r}",
        )
