"""Pre-approvals in the store: given at a terminal by typing the playbook's id, and used up by targets a day.

Records of `executed_operations`: `preapproval:<id>` with the signed pre-approval, its uses, and why it is void if it is.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from pydantic import ValidationError

from escher.approval.consent import local_user, must_not_be_in_kernel
from escher.approval.kept import signer_of
from escher.approval.preapproval import LONGEST_DAYS, Pin, PreApproval, Where, misfits, pins_for
from escher.approval.seen import plain
from escher.approval.trail import Trail
from escher.contract.estate import Resource
from escher.contract.plan import Plan
from escher.contract.playbook import Playbook
from escher.contract.publication import content_hash
from escher.contract.vocabulary import Risk
from escher.contract.wire import Wire
from escher.errors import ConsentMissing, InvalidInput, NotFound, PreapprovalUnfit, StaleApproval
from escher.store.history import ScanHistory
from escher.store.operations import OPERATIONS, operation_key
from escher.store.records import Record
from escher.store.transaction import Transaction
from escher.store.vault import Store

_DAY = timedelta(days=1)


class Use(Wire):
    """One plan that was approved by a pre-approval, and on how many targets; `at` is UTC, ISO 8601."""

    at: str
    plan_id: str
    targets: int


class Preapproved(Wire):
    """A pre-approval as it stands. `void` says why it is good for nothing any more; empty while it is."""

    record: Literal["preapproval"] = "preapproval"
    given: PreApproval
    uses: tuple[Use, ...] = ()
    void: str = ""

    def other_uses(self, plan: Plan, now: datetime) -> tuple[Use, ...]:
        """Its uses of the last 24 hours for other plans."""
        return tuple(
            use for use in self.uses if use.plan_id != plan.plan_id and datetime.fromisoformat(use.at) > now - _DAY
        )


class PreApprovals:
    """Gives, lists and takes back; and finds the one that covers a plan."""

    def __init__(self, store: Store, trail: Trail) -> None:
        self._store, self._trail, self._history = store, trail, ScanHistory(store)

    def give(
        self,
        playbook: Playbook,
        *,
        pins: Mapping[str, Pin],
        where: Where,
        at_most: int,
        max_risk: Risk,
        until: datetime,
        typed: str,
    ) -> PreApproval:
        """Allow a playbook beforehand, at a terminal. Raises ConsentFromCell, ConsentMissing, InvalidInput."""
        must_not_be_in_kernel("pre-approve a playbook")
        metadata, now = playbook.metadata, self._trail.clock()
        if metadata.status == "draft" or not now < until <= now + LONGEST_DAYS * _DAY:
            why = "a draft cannot be pre-approved" if metadata.status == "draft" else f"{until.date()} is not in time"
            raise InvalidInput(f"{why}.", hint=f"A pre-approval is good for {LONGEST_DAYS} days at most.")
        given = PreApproval(
            preapproval_id=f"pre-{secrets.token_hex(4)}",
            playbook_id=metadata.playbook_id,
            version=metadata.version,
            playbook_sha256=content_hash(playbook),
            pins=pins_for(playbook, dict(pins)),
            where=where,
            at_most=at_most,
            max_risk=max_risk,
            until=until.isoformat(),
            made_by=local_user(),
            made_at=now.isoformat(),
        )
        if typed.strip().casefold() != metadata.playbook_id:
            raise ConsentMissing(f"type {metadata.playbook_id!r} to allow it beforehand.", hint="--confirm PLAYBOOK")
        signature = signer_of(self._store).signature(given.signed_bytes())
        given = given.model_copy(update={"signature": signature})
        with self._store.transaction() as within:
            _keep(within, Preapproved(given=given))
            details = {"playbook": f"{given.playbook_id}@{given.version}", "until": given.until}
            self._trail.record(within, "preapproval_added", given.preapproval_id, given.made_by, details)
        return given

    def all(self) -> list[Preapproved]:
        """Every pre-approval that was not taken back, the oldest first; one that was altered is left out."""
        found = (_read(record) for record in self._store.records(OPERATIONS) if record.key.startswith("preapproval:"))
        return [one for one in found if one is not None and self._is_ours(one)]

    def remove(self, preapproval_id: str) -> None:
        """Take one back; approvals that it gave and that have not run are void with it. Raises NotFound."""
        with self._store.transaction() as within:
            key = operation_key("preapproval", preapproval_id)
            if within.get(OPERATIONS, key) is None:
                raise _unknown(preapproval_id)
            within.delete(OPERATIONS, key)
            self._trail.record(within, "preapproval_removed", preapproval_id, local_user(), {})

    def candidates(self, plan: Plan) -> list[str]:
        """The ids of those for the plan's playbook; whether one covers the plan is another question."""
        version = (plan.playbook_id, plan.version)
        return [one.given.preapproval_id for one in self.all() if (one.given.playbook_id, one.given.version) == version]

    def must_cover(self, preapproval_id: str, plan: Plan, targets: Sequence[Resource]) -> None:
        """Raise PreapprovalUnfit with all that does not fit, NotFound, StaleApproval for an altered one."""
        stands, now = self._standing(preapproval_id), self._trail.clock()
        void = stands.void or self._brought_in(stands.given)
        if void and not stands.void:
            with self._store.transaction() as within:
                _keep(within, stands.model_copy(update={"void": void}))
        used = sum(use.targets for use in stands.other_uses(plan, now))
        found = [void] if void else list(misfits(stands.given, plan, targets, now, used))
        if found:
            hint = f"Approve it yourself: escher approve {plan.plan_id} --digest {plan.digest}"
            raise PreapprovalUnfit(f"{preapproval_id} does not cover this plan: {'; '.join(found)}.", hint=hint)

    def note_use(self, within: Transaction, preapproval_id: str, plan: Plan, targets: int) -> None:
        """Count a use, where the limit still leaves room for it. Raises PreapprovalUnfit, NotFound."""
        record = within.get(OPERATIONS, operation_key("preapproval", preapproval_id))
        stands, now = _read(record) if record else None, self._trail.clock()
        if stands is None:
            raise _unknown(preapproval_id)
        others = stands.other_uses(plan, now)
        if stands.void or sum(use.targets for use in others) + targets > stands.given.at_most:
            raise PreapprovalUnfit(f"{preapproval_id} does not cover this plan: it was used meanwhile.")
        use = Use(at=now.isoformat(), plan_id=plan.plan_id, targets=targets)
        _keep(within, stands.model_copy(update={"uses": (*others, use)}))

    def _standing(self, preapproval_id: str) -> Preapproved:
        record = self._store.get(OPERATIONS, operation_key("preapproval", preapproval_id))
        if record is None:
            raise _unknown(preapproval_id)
        stands = _read(record)
        if stands is None or not self._is_ours(stands) or stands.given.preapproval_id != preapproval_id:
            raise StaleApproval("this pre-approval was altered.", hint=f"escher preapprove remove {preapproval_id}")
        return stands

    def _is_ours(self, stands: Preapproved) -> bool:
        given = stands.given
        try:
            signer_of(self._store).must_have_signed(given.signature, given.signed_bytes(), "altered.")
        except StaleApproval:
            return False
        return True

    def _brought_in(self, given: PreApproval) -> str:
        """Who came into its reach by a changed tag since it was given, in words; design.md section 7, rule 5."""
        since = int(datetime.fromisoformat(given.made_at).timestamp())
        for recorded in self._history.changes(since):
            change = recorded.change
            for field in change.fields:
                key = field.name.removeprefix("tags.")
                if key != field.name and key in given.where.tags and field.after == given.where.tags[key]:
                    return f"the tag {plain(key)} of {plain(change.name)} was changed to {plain(field.after)} since"
        return ""


def _keep(within: Transaction, stands: Preapproved) -> None:
    key = operation_key("preapproval", stands.given.preapproval_id)
    within.put(OPERATIONS, Record(key, stands.model_dump(mode="json")))


def _read(record: Record) -> Preapproved | None:
    try:
        return Preapproved.model_validate(record.body)
    except ValidationError:
        # Altered: who asks for it by its id is told so.
        return None


def _unknown(preapproval_id: str) -> NotFound:
    return NotFound(f"there is no pre-approval {preapproval_id!r}.", hint="See: escher preapprove list")
