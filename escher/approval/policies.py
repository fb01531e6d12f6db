"""Changing the policy: a person's act, like an approval. Every version is kept, and every change is in the audit trail.

A policy is saved at a terminal or by a click in the page, never by code in a notebook's cell: who could loosen the
policy there could then approve.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

from escher.approval.consent import in_kernel, local_user
from escher.approval.policy_text import read
from escher.contract.audit import AuditEvent
from escher.contract.policy import Policy, PolicyVersion
from escher.errors import ConsentFromCell
from escher.ledger.ledger import Ledger
from escher.store.policies import PolicyStore, add
from escher.store.vault import Store


class PolicyClick(Protocol):
    """A click on Save, as the widget's room verified it; worth nothing until it is redeemed there."""

    @property
    def text(self) -> str: ...  # noqa: D102 the class says it
    @property
    def based_on(self) -> int: ...  # noqa: D102 the class says it


def no_clicks(click: object) -> None:
    """Where there is no page there are no clicks. Raises ConsentFromCell."""
    raise ConsentFromCell("there is no page here in which to click.", hint="Use escher policy edit in a terminal.")


class Policies:
    """The versions of the policy, and the two ways to a new one."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        redeem_click: Callable[[Any], None] = no_clicks,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store, self._ledger, self._redeem_click, self._clock = store, ledger, redeem_click, clock
        self._versions = PolicyStore(store)

    def policy(self) -> Policy:
        """The policy in force now, whichever process saved it."""
        return self._versions.current().policy

    def current(self) -> PolicyVersion:
        """The version in force; number 0 is the built-in one."""
        return self._versions.current()

    def version(self, number: int) -> PolicyVersion:
        """The version of this number. Raises NotFound."""
        return self._versions.version(number)

    def history(self) -> list[PolicyVersion]:
        """Every version that was saved, the newest first."""
        return self._versions.versions()

    def save_at_terminal(self, policy: Policy, based_on: int | None = None) -> PolicyVersion:
        """Put a policy in force. Raises ConsentFromCell within a kernel, RecordExists when it changed meanwhile."""
        self.must_be_at_terminal()
        return self._save(policy, based_on, "terminal")

    @staticmethod
    def must_be_at_terminal() -> None:
        """Raise ConsentFromCell within a kernel, and in whatever a kernel started."""
        if in_kernel():
            raise ConsentFromCell(
                "code in a notebook cell cannot change the policy.",
                hint="Use %escher policy and click Save there, or escher policy edit in a terminal.",
            )

    def save_click(self, click: PolicyClick) -> PolicyVersion:
        """Put the policy in force that a person saved in the page. Raises ConsentFromCell, InvalidInput, RecordExists."""
        self._redeem_click(click)
        return self._save(read(click.text), click.based_on, "page")

    def _save(self, policy: Policy, based_on: int | None, channel: Literal["terminal", "page"]) -> PolicyVersion:
        now = self._clock()
        with self._store.transaction() as within:
            new = add(
                within, policy, based_on=based_on, saved_at=now.isoformat(), at=int(now.timestamp()), channel=channel
            )
            details = {"number": new.number, "version": new.version, "channel": channel, "rules": len(policy.rules)}
            event = AuditEvent(
                type="policy_changed", at=now.isoformat(), actor=local_user(), subject=f"policy {new.number}",
                details=details,
            )  # fmt: skip
            self._ledger.append(event, within=within)
        return new
