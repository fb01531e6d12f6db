"""Grant and consume approvals: a signature over everything that will run, good for one run within minutes.

`grant` is the only maker of an `ApprovedPlan`. It is stored beside the plan and consumed in the transaction that
writes the `started` audit event, so an approval that was used can never be used again.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from escher.approval.consent import Consent
from escher.contract.plan import Plan
from escher.contract.vocabulary import Language, Provider
from escher.contract.wire import Wire, canonical
from escher.errors import ApprovalUsed, ConsentMissing, MissingDependency, StaleApproval


class Tool(Wire):
    """The interpreter or command that a step needs: where it is, and the SHA-256 of its bytes."""

    name: str
    path: str
    sha256: str


class ApprovedPlan(Wire):
    """What was consented to. The signature covers every other field; `identities` were read live at the time."""

    plan_id: str
    digest: str
    nonce: str
    approver: str
    channel: str
    policy_version: str
    identities: dict[str, str]
    tools: tuple[Tool, ...]
    granted_at: str
    expires_at: str
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """Canonical bytes of all that is signed."""
        return canonical(self.model_dump(mode="json", exclude={"signature"}))


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs and verifies approvals with a key that only this store's owner has (32 bytes)."""

    seed: bytes

    def sign(self, approved: ApprovedPlan) -> ApprovedPlan:
        """The approval with its Ed25519 signature."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(approved.signed_bytes())
        return approved.model_copy(update={"signature": signature.hex()})

    def verify(self, approved: ApprovedPlan) -> None:
        """Raise StaleApproval when anything of the approval is not what was signed."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        try:
            key.verify(bytes.fromhex(approved.signature), approved.signed_bytes())
        except (InvalidSignature, ValueError) as cause:
            raise StaleApproval("this approval was altered.", hint="Ask again and approve anew.") from cause


def grant(
    plan: Plan,
    consent: Consent,
    *,
    policy_version: str,
    identities: Mapping[str, str],
    tools: tuple[Tool, ...],
    now: datetime,
    valid_for: timedelta,
    signer: Signer,
) -> ApprovedPlan:
    """Bind a person's consent to exactly this plan. Raises StaleApproval and ConsentMissing."""
    _must_be_what_was_shown(plan, consent, policy_version, now)
    _must_be_confirmed(plan, consent)
    return signer.sign(
        ApprovedPlan(
            plan_id=plan.plan_id,
            digest=plan.digest,
            nonce=secrets.token_hex(16),
            approver=consent.approver,
            channel=consent.channel,
            policy_version=policy_version,
            identities=dict(identities),
            tools=tools,
            granted_at=now.isoformat(),
            expires_at=(now + valid_for).isoformat(),
        )
    )


def must_still_hold(approved: ApprovedPlan, plan: Plan, policy_version: str, now: datetime, signer: Signer) -> None:
    """Check an approval at the moment of its use. Raises StaleApproval; says which part no longer holds."""
    signer.verify(approved)
    if plan.content_digest() != approved.digest or approved.plan_id != plan.plan_id:
        raise StaleApproval("the plan is not the one that was approved.", hint="Ask again and approve anew.")
    if now >= datetime.fromisoformat(approved.expires_at):
        raise StaleApproval("this approval has expired.", hint="Ask again and approve anew.")
    if approved.policy_version != policy_version:
        raise StaleApproval("the policy has changed since the approval.", hint="Ask again and approve anew.")
    if tools_for(plan) != approved.tools:
        raise StaleApproval("a program that the plan uses has changed.", hint="Ask again and approve anew.")


def tools_for(plan: Plan) -> tuple[Tool, ...]:
    """The programs that the plan's steps run with, in order of name. Raises MissingDependency."""
    needed: set[str] = set()
    for step in plan.steps:
        for call in (step, step.rollback) if step.rollback else (step,):
            needed.update(CLIS[step.provider] if name == "cli" else name for name in TOOLS[call.language])
    return tuple(_tool(name) for name in sorted(needed))


CLIS: dict[Provider, str] = {"aws": "aws", "azure": "az", "gcp": "gcloud"}
TOOLS: dict[Language, tuple[str, ...]] = {"bash": ("bash", "cli"), "python": ("python",)}


def find_tool(name: str) -> str | None:
    """Where a program is: beside this interpreter first (`pip install escher[cli]`), then the system's folders."""
    import sys

    if name == "python":
        return sys.executable
    beside = str(Path(sys.executable).parent)
    return shutil.which(name, path=f"{beside}:/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin")


def _tool(name: str) -> Tool:
    path = find_tool(name)
    if path is None:
        raise MissingDependency(f"{name} is not installed.", hint='Install it, or set language = "python".')
    return Tool(name=name, path=path, sha256=hashlib.sha256(Path(path).read_bytes()).hexdigest())


def _must_be_what_was_shown(plan: Plan, consent: Consent, policy_version: str, now: datetime) -> None:
    if not (consent.digest == plan.digest == plan.content_digest()) or consent.plan_id != plan.plan_id:
        raise StaleApproval("this is not the plan that was shown: its digest differs.", hint="Ask again and read it.")
    if now >= datetime.fromisoformat(plan.expires_at):
        raise StaleApproval("this plan was shown too long ago.", hint="Ask again; plans are good for 15 minutes.")
    if plan.policy_version != policy_version:
        raise StaleApproval("the policy has changed since the plan was shown.", hint="Ask again.")


def _must_be_confirmed(plan: Plan, consent: Consent) -> None:
    typed = consent.confirmation.strip().casefold()
    if plan.confirmation and typed not in {answer.casefold() for answer in plan.confirmation}:
        raise ConsentMissing(
            f"this plan {plan.effect}s; type {plan.confirmation[0]!r} to approve it.",
            hint=f"escher approve {plan.plan_id} --digest … --confirm {plan.confirmation[0]!r}",
        )


def refuse_if_used(state: str) -> None:
    """Raise ApprovalUsed for an approval that has run."""
    if state == "used":
        raise ApprovalUsed("this plan has run already; an approval is good for one run.", hint="Ask again.")
