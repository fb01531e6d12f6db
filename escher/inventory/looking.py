"""A look at a few things in the cloud itself, now: what an approval is checked against before it is used.

Only the lists that they are on are read, beside any scan, and nothing is stored. What cannot be read now is refused,
never taken for unchanged.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from escher.contract.estate import GLOBAL, Account, Resource, Scope
from escher.errors import CredentialError, TargetUnreadable
from escher.inventory.plan import Limits
from escher.inventory.reading import BatchReader, Reading
from escher.providers.clouds import Clouds
from escher.providers.registry import resource_types
from escher.providers.source import Source, Unit
from escher.store.estate import EstateStore

LONGEST_S = 60
_HINT = "Try again in a moment; if it stays so, scan and see what is missing."

_Wanted = dict[Unit, list[Resource]]


@dataclass(frozen=True, slots=True)
class LiveLook:
    """Looks at resources by reading the scopes that they are in."""

    estate: EstateStore
    clouds: Clouds
    limits: Limits = field(default_factory=Limits)
    clock: Callable[[], float] = time.time

    def __call__(self, targets: Sequence[Resource]) -> Mapping[str, Resource]:
        """The targets as they are, by resource id; what is gone is not in it.

        Raises TargetUnreadable for one that cannot be read whole within a minute, CredentialError.
        """
        # A loop of its own, in a thread of its own: the caller's may be running one already.
        with ThreadPoolExecutor(1, thread_name_prefix="look") as thread:
            return thread.submit(asyncio.run, self._look(self._wanted(targets))).result()

    def _wanted(self, targets: Sequence[Resource]) -> _Wanted:
        accounts, types = {account.account_id: account for account in self.estate.accounts()}, resource_types()
        wanted: _Wanted = defaultdict(list)
        for target in targets:
            account, declared = accounts.get(target.account_id), types.get(target.resource_type)
            if account is None or declared is None:
                raise _unreadable(target, "its account is not configured" if account is None else "its type is unknown")
            region = GLOBAL if declared.reach == "global" else target.region
            wanted[Unit(account, region, declared)].append(target)
        return wanted

    async def _look(self, wanted: _Wanted) -> dict[str, Resource]:
        pacer = self.limits.pacer()
        sources = {
            unit.declared.provider: self.clouds.source(unit.declared.provider, pacer, self.clock) for unit in wanted
        }
        try:
            async with asyncio.timeout(LONGEST_S), asyncio.TaskGroup() as group:
                reads = [
                    group.create_task(self._read(sources[account.provider], units, wanted))
                    for account, units in _by_account(wanted).items()
                ]
        except TimeoutError as cause:
            raise TargetUnreadable(f"the cloud did not answer within {LONGEST_S} s.", hint=_HINT) from cause
        except ExceptionGroup as group_:
            raise _first(group_) from group_
        finally:
            for source in sources.values():
                await source.close()
        return {resource_id: one for read in reads for resource_id, one in read.result().items()}

    async def _read(self, source: Source, units: Sequence[Unit], wanted: _Wanted) -> dict[str, Resource]:
        """The targets in one account. The credentials are made sure of first, so that nobody else's is read."""
        await source.check(units[0].account)
        found: dict[str, Resource] = {}
        for batch in source.batches(units):
            reader = BatchReader(
                source=source,
                known={unit: self._known(unit) for unit in batch},
                touched={unit: frozenset(one.resource_id for one in wanted[unit]) for unit in batch},
                lean=True,
                quota=self.limits.resources,
                details=self.limits.details,
            )
            for reading in await reader.read(batch):
                found |= _found(reading, wanted[reading.unit])
        return found

    def _known(self, unit: Unit) -> Mapping[str, Resource]:
        if not unit.declared.details:
            return {}
        declared, account = unit.declared, unit.account
        return self.estate.in_scope(Scope(declared.provider, account.account_id, unit.region, declared.name, "never"))


def _found(reading: Reading, targets: Sequence[Resource]) -> dict[str, Resource]:
    """Those targets that were seen. Raises TargetUnreadable for one that may be there and could not be seen whole."""
    seen = {one.resource_id: one for one in reading.resources}
    for target in targets:
        one = seen.get(target.resource_id)
        if reading.failures and (one is None or one.natural_key in reading.unsure):
            raise _unreadable(target, str(reading.failures[0]))
    return {target.resource_id: seen[target.resource_id] for target in targets if target.resource_id in seen}


def _by_account(wanted: _Wanted) -> dict[Account, list[Unit]]:
    grouped: dict[Account, list[Unit]] = defaultdict(list)
    for unit in wanted:
        grouped[unit.account].append(unit)
    return grouped


def _first(group: ExceptionGroup[Exception]) -> Exception:
    """What went wrong, in our own words where we have some."""
    inner = [one for one in group.exceptions if isinstance(one, TargetUnreadable | CredentialError)]
    return inner[0] if inner else TargetUnreadable(f"the cloud could not be read: {group.exceptions[0]}", hint=_HINT)


def _unreadable(target: Resource, because: str) -> TargetUnreadable:
    named = ascii(target.name or target.resource_id)
    return TargetUnreadable(f"{named} cannot be read now: {because.rstrip('.')}.", hint=_HINT)
