"""Consent by more than a click: of a second person through files, and beforehand for a playbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from escher.approval.grant import ApprovedPlan
from escher.approval.preapproval import Pin, PreApproval, Where
from escher.approval.preapproved import Preapproved
from escher.approval.second import SecondRequest
from escher.contract.vocabulary import Risk
from escher.contract.wire import canonical
from escher.errors import InvalidInput

if TYPE_CHECKING:
    from escher.session.wiring import Parts

ANSWERED = ".approved"
_LARGEST = 50 * 1024 * 1024


class Consenting:
    """`session.consenting`: what `escher approve --ask`, `--request`, `--seconded` and `escher preapprove` do."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._approvals = parts, parts.approvals

    @property
    def public_key(self) -> str:
        """The key by which another's policy names this user as an approver."""
        return self._approvals.public_key

    # -- two people ----------------------------------------------------------------------------------------

    def ask(self, plan_id: str, digest: str, file: Path) -> SecondRequest:
        """Write a request to a second person into a new file. Raises NotFound, StaleApproval, InvalidInput."""
        request = self._approvals.seconding.ask(plan_id, digest)
        _write_new(file, canonical(request))
        return request

    def read(self, file: Path) -> SecondRequest:
        """A request that somebody else's machine wrote, checked here. Raises SecondPersonMissing, PlanRefused."""
        return self._approvals.seconding.read(_read(file))

    def answer(self, file: Path, digest: str, confirmation: str) -> Path:
        """Agree to a request, in a new file beside it. Raises ConsentFromCell, ConsentMissing, SecondPersonMissing."""
        request = self.read(file)
        if digest != request.plan.digest:
            raise InvalidInput("this is not the digest of the request's plan.", hint="Read the plan and its digest.")
        answered = file.with_name(f"{file.name}{ANSWERED}")
        _write_new(answered, canonical(self._approvals.seconding.answer(request, confirmation)))
        return answered

    def approve(self, plan_id: str, digest: str, confirmation: str, file: Path) -> ApprovedPlan:
        """Consent to one run together with the second person's answer. Raises what approving raises."""
        return self._approvals.seconding.approve(plan_id, digest, confirmation, _read(file))

    # -- beforehand ----------------------------------------------------------------------------------------

    def preapprove(
        self,
        playbook_id: str,
        version: str,
        *,
        pins: Mapping[str, Pin],
        where: Where,
        at_most: int,
        max_risk: Risk,
        until: datetime,
        typed: str,
    ) -> PreApproval:
        """Allow a playbook beforehand. Raises ConsentFromCell, ConsentMissing, InvalidInput, NotFound."""
        from escher.session.playbooks import Playbooks

        playbook = Playbooks(self._parts).get(playbook_id, version)
        return self._approvals.preapproved.give(
            playbook, pins=pins, where=where, at_most=at_most, max_risk=max_risk, until=until, typed=typed
        )

    def preapproved(self) -> list[Preapproved]:
        """What is allowed beforehand, with its uses of the last day."""
        return self._approvals.preapproved.all()

    def take_back(self, preapproval_id: str) -> None:
        """Allow it no more. Raises NotFound."""
        self._approvals.preapproved.remove(preapproval_id)


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > _LARGEST:
            raise InvalidInput(f"{str(file)!r} is too large for an approval.")
        return file.read_bytes()
    except OSError as cause:
        raise InvalidInput(f"cannot read {str(file)!r}: {cause.strerror}.") from cause


def _write_new(file: Path, content: bytes) -> None:
    """Write a file that is not there yet, for its owner alone, whole or not at all."""
    draft = file.with_name(f".{file.name}.new")
    try:
        draft.touch(mode=0o600)
        draft.write_bytes(content)
        file.hardlink_to(draft)
    except OSError as cause:
        raise InvalidInput(f"cannot write {str(file)!r}: {cause.strerror}.", hint="Name a file that is new.") from cause
    finally:
        draft.unlink(missing_ok=True)
