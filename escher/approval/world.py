"""The world that an approval is bound to: accounts and whose credentials they have, targets, programs, sandbox, policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol

from escher.approval.facts import Facts, facts_of
from escher.approval.grant import Bound
from escher.approval.kept import ShownPlan
from escher.approval.policy import must_be_allowed, must_not_be_protected
from escher.approval.rules import Ruled
from escher.approval.seen import Seen, must_be_as_shown
from escher.approval.tools import Find, SandboxLevel, find_tool, tools_for
from escher.contract.estate import Account, Resource
from escher.contract.marks import Mark
from escher.contract.plan import Plan
from escher.contract.policy import Policy
from escher.contract.ports import CloudAccess
from escher.contract.wire import digest
from escher.errors import CredentialError


class Look(Protocol):
    """A look at things in the cloud itself, now."""

    def __call__(self, targets: Sequence[Resource]) -> Mapping[str, Resource]:
        """They as they are, by resource id; what is gone is not in it. Raises TargetUnreadable, CredentialError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Reads what there is now. `estate` gives every resource by resource id, as the last scan saw it."""

    access: CloudAccess
    accounts: Callable[[], Mapping[str, Account]]
    estate: Callable[[], Mapping[str, Resource]]
    look: Look
    policy: Callable[[], Policy]
    marks: Callable[[], Sequence[Mark]] = tuple
    own_scripts: Callable[[], frozenset[str]] = frozenset
    sandbox: Callable[[], SandboxLevel] = lambda: "process_group"
    find: Find = find_tool

    def facts(self, targets: Sequence[Resource], now: datetime) -> Facts:
        """What the policy is weighed against."""
        return facts_of(self.policy(), targets, self.estate().values(), now, self.own_scripts())

    def allowed(self, plan: Plan, shown: Sequence[Seen], now: datetime) -> tuple[tuple[Resource, ...], Ruled]:
        """The plan's targets, as the estate has them, and what the rules say. Raises StaleApproval, PolicyDenied."""
        targets = self._known(plan, shown)
        must_not_be_protected(plan, targets, self.marks())
        return targets, must_be_allowed(plan, targets, self.policy(), self.facts(targets, now))

    def _known(self, plan: Plan, shown: Sequence[Seen]) -> tuple[Resource, ...]:
        estate = self.estate()
        ids = sorted({resource_id for step in plan.steps for resource_id in step.targets})
        found = {resource_id: estate[resource_id] for resource_id in ids if resource_id in estate}
        must_be_as_shown(shown, found)
        return tuple(found.values())

    def look_again(self, plan: Plan, targets: Sequence[Resource], shown: Sequence[Seen]) -> None:
        """Look at the targets of a change in the cloud. Raises StaleApproval, TargetUnreadable."""
        if plan.effect != "read":
            must_be_as_shown(shown, self.look(targets))

    def identities(self, plan: Plan) -> dict[str, str]:
        """Who each account's credentials really are, read live. Raises CredentialError."""
        return {account.account_id: self.access.identity(account) for account in self._accounts_of(plan)}

    def bound(self, shown: ShownPlan, identities: Mapping[str, str]) -> Bound:
        """All that an approval of this plan is bound to, as it is now. Raises CredentialError, MissingDependency."""
        plan, sandbox = shown.plan, self.sandbox()
        return Bound(
            shown=shown.sha256,
            policy_version=self.policy().version,
            accounts={account.account_id: digest(_reached(account)) for account in self._accounts_of(plan)},
            identities=dict(identities),
            tools=tools_for(plan, sandbox, self.find),
            sandbox=sandbox,
            targets={one.resource_id: one.fingerprint for one in shown.targets},
        )

    def _accounts_of(self, plan: Plan) -> list[Account]:
        accounts, needed = self.accounts(), sorted({step.account_id for step in plan.steps})
        missing = [account_id for account_id in needed if account_id not in accounts]
        if missing:
            raise CredentialError(f"account {missing[0]} is not configured.", hint="escher accounts add")
        return [accounts[account_id] for account_id in needed]


def _reached(account: Account) -> dict[str, object]:
    """How an account is reached; its name is only for people."""
    fields = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(account).items()}
    return {name: value for name, value in fields.items() if name != "name"}
