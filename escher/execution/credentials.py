"""The credentials of approved plans: read and verified once, when a plan is granted, and kept in memory until it expires.

A run then starts without asking any log-in service, and what it gets is the identity that was approved.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from escher.contract.estate import Account
from escher.contract.plan import Plan, Step
from escher.contract.ports import CloudAccess
from escher.errors import CredentialError

_SECRET = re.compile(r"KEY|TOKEN(?!_EXPIRES)|SECRET|PASSWORD|HEADER")
FEW = 12
"""Steps up to which each gets credentials narrowed to itself: making them takes a call each."""
KEEP = timedelta(minutes=15)
"""How long what was read is good, at least; AWS's sessions of a role live an hour."""


class Approved(Protocol):
    """What is needed of an approval."""

    @property
    def identities(self) -> Mapping[str, str]:
        """Who each account's credentials were, by account id."""
        ...

    @property
    def expires_at(self) -> str:
        """Until when it is good: UTC, ISO 8601."""
        ...


class StepCredentials(Mapping[str, str]):
    """Variables for a step's process. `note` says how far they reach. Shows no value in its repr."""

    def __init__(self, values: Mapping[str, str], note: str = "") -> None:
        self._values, self.note = dict(values), note

    def secrets(self) -> tuple[str, ...]:
        """The values that must be masked wherever a step prints them; a region or an address is none."""
        return tuple(value for name, value in self._values.items() if _SECRET.search(name))

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"StepCredentials({', '.join(self._values)})"


@dataclass
class _Frozen:
    """One plan's credentials by step. `ready` is done when they are there or could not be had."""

    until: datetime
    ready: asyncio.Future[None]
    keys: dict[str, StepCredentials] = field(default_factory=dict[str, StepCredentials])


_Key = tuple[str, tuple[tuple[str, str], ...]]


def _key(plan: Plan, approved: Approved) -> _Key:
    """A plan and who was approved for it: what was read for others is not given out."""
    return plan.digest, tuple(sorted(approved.identities.items()))


class Credentials:
    """Freezes credentials a plan at a time. For one event loop."""

    def __init__(
        self,
        access: CloudAccess,
        accounts: Callable[[], Mapping[str, Account]],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._access, self._accounts, self._clock = access, accounts, clock
        self._plans: dict[_Key, _Frozen] = {}

    async def freeze(self, plan: Plan, approved: Approved) -> None:
        """Read the credentials of every step, once the provider confirmed whose they are. Raises CredentialError.

        Who asks while another is at it waits for the same; a failure is forgotten, so that it can be tried again.
        """
        self._forget_expired()
        key = _key(plan, approved)
        held = self._plans.get(key)
        if held is not None:
            return await asyncio.shield(held.ready)
        # A run that outlasts its approval reads them again from time to time, and whose they are as well.
        until = max(datetime.fromisoformat(approved.expires_at), self._clock() + KEEP)
        frozen = _Frozen(until, asyncio.get_running_loop().create_future())
        self._plans[key] = frozen
        try:
            frozen.keys.update(await asyncio.to_thread(self._read, plan, approved))
        except BaseException as cause:
            del self._plans[key]
            frozen.ready.set_exception(cause if isinstance(cause, Exception) else CredentialError("interrupted."))
            frozen.ready.exception()  # nobody may be waiting for it
            raise
        frozen.ready.set_result(None)
        return None

    async def for_step(self, plan: Plan, step: Step, approved: Approved) -> StepCredentials:
        """What a step's process gets; frozen now if nobody has done so, and anew in a long run. Raises CredentialError."""
        await self.freeze(plan, approved)
        return self._plans[_key(plan, approved)].keys[step.step_id]

    def forget(self, plan: Plan) -> None:
        """Drop a plan's credentials, after its run."""
        for key in [key for key in self._plans if key[0] == plan.digest]:
            del self._plans[key]

    def _forget_expired(self) -> None:
        now = self._clock()
        for key, frozen in tuple(self._plans.items()):
            if frozen.until <= now and frozen.ready.done():
                del self._plans[key]

    def _read(self, plan: Plan, approved: Approved) -> dict[str, StepCredentials]:
        """Keys of each step's own in a plan of few; in a plan of many, those that all steps of a place share."""
        ids = dict.fromkeys(step.account_id for step in plan.steps)
        accounts = {account_id: self._verified(account_id, approved) for account_id in ids}
        groups: dict[tuple[str, ...], list[Step]] = defaultdict(list)
        for step in plan.steps:
            own = (step.step_id,) if len(plan.steps) <= FEW else ()
            groups[step.account_id, step.environment.get("AWS_REGION", step.region), *own].append(step)
        found: dict[str, StepCredentials] = {}
        for (account_id, region, *_), steps in groups.items():
            operations = [operation for step in steps for operation in step.operations]
            targets = list(dict.fromkeys(target for step in steps for target in step.targets))
            keys = self._access.keys(accounts[account_id], region, operations, targets)
            found |= dict.fromkeys((step.step_id for step in steps), StepCredentials(keys.environment, keys.note))
        return found

    def _verified(self, account_id: str, approved: Approved) -> Account:
        account = self._accounts().get(account_id)
        if account is None:
            raise CredentialError(f"account {account_id} is no longer configured.", hint="escher accounts add")
        if self._access.identity(account) != approved.identities.get(account_id):
            raise CredentialError(
                f"the credentials for {account.name} are not those of the approval.", hint="Ask again and approve anew."
            )
        return account
