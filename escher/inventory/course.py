"""The course of one scan, in one event loop: accounts, then regions, then services, each level with its own limit.

What is read is stored by one writer, twice a second. A scope that is slow or fails never holds up another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from escher.contract.estate import GLOBAL, Account, Scope
from escher.contract.vocabulary import Provider
from escher.errors import CredentialError
from escher.inventory.permitting import ask
from escher.inventory.plan import Limits, ScanRequest, by_region_and_service, touched_in, units_of, untouched
from escher.inventory.progress import INTERVAL_SECONDS, ScanProgress
from escher.inventory.reading import BatchReader, Reading
from escher.inventory.recording import Records
from escher.providers.declarations import ResourceType
from escher.providers.source import Changes, ReadFailed, Source, Unit

OVERLAP_SECONDS = 15 * 60
"""So much later than a change, its provider's record of it may appear."""


@dataclass(slots=True)
class Course:
    """A running scan."""

    sources: Mapping[Provider, Source]
    request: ScanRequest
    types: Sequence[ResourceType]
    recorder: Records
    told: ScanProgress
    limits: Limits
    kept: list[Scope] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    _read: list[Reading] = field(default_factory=list)
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self, accounts: Iterable[Account]) -> None:
        """Read everything that was asked for; when cancelled, what was read by then is stored."""
        room = asyncio.Semaphore(self.limits.accounts)
        try:
            async with asyncio.TaskGroup() as group:
                writer = group.create_task(self._write_on())
                async with asyncio.TaskGroup() as reading:
                    for account in accounts:
                        reading.create_task(self._account(account, room))
                writer.cancel()
        finally:
            await asyncio.shield(asyncio.ensure_future(self._write()))

    async def _account(self, account: Account, room: asyncio.Semaphore) -> None:
        async with room:
            source = self.sources[account.provider]
            units, since = await self._planned(source, account)
            changes = await self._changes(source, account, units, since)
            for unit in untouched(units, self.recorder.known, changes):
                self._read.append(Reading(unit, as_it_was=True))
                units.remove(unit)
            await self._regions(source, units, changes)
            await self._write()
            if self.request.permissions and self.request.depth != "quick":
                await self._permissions(source, account)

    async def _planned(self, source: Source, account: Account) -> tuple[list[Unit], int]:
        """The scopes of an account that are to be read, and when the oldest of them was seen whole (Unix seconds)."""
        try:
            await source.check(account)
            regions = await source.regions(account)
        except (CredentialError, ReadFailed) as cause:
            return self._account_failed(source, account, cause), 0
        off = [region for region in self.request.regions if region not in regions and account.provider == "aws"]
        self.notices += [f"{region} is not on for account {account.name or account.account_id}." for region in off]
        units = units_of(account, regions, self.types, self.request.regions)
        self.told.planned(units)
        done = [unit for unit in units if self.recorder.is_done(unit)]
        for unit in done:
            self.kept.append(self.recorder.known[unit.key])
            self.told.unit_kept(unit)
        left = [unit for unit in units if unit not in done]
        ages = [self.recorder.known[unit.key].scanned_at for unit in left if unit.key in self.recorder.known]
        return left, min((age for age in ages if age), default=0)

    def _account_failed(self, source: Source, account: Account, cause: CredentialError | ReadFailed) -> list[Unit]:
        """Report the account's scopes, as far as they are known; what is in no region may still be readable."""
        known = {scope.region for scope in self.recorder.known.values() if scope.account_id == account.account_id}
        regions = self.request.regions or account.regions or sorted(known - {GLOBAL}) or [source.home_region(account)]
        units = units_of(account, regions, self.types, ())
        self.told.planned(units)
        readable = [unit for unit in units if unit.region == GLOBAL and isinstance(cause, ReadFailed)]
        self._read += [Reading(unit, failures=(cause,)) for unit in units if unit not in readable]
        return readable

    async def _changes(self, source: Source, account: Account, units: Sequence[Unit], since: int) -> Changes:
        """What is known to be changed; for another scan than an incremental one, nothing is."""
        if self.request.depth != "incremental" or not since or not units:
            return Changes(blind=frozenset({GLOBAL}))
        regions = sorted({unit.region for unit in units})
        try:
            changes = await source.changes(account, regions, since - OVERLAP_SECONDS)
        except (CredentialError, ReadFailed) as cause:
            self.notices.append(f"Changes in account {account.name or account.account_id} cannot be read: {cause}")
            return Changes(blind=frozenset({GLOBAL}))
        self.notices += changes.notices
        return changes

    async def _regions(self, source: Source, units: Sequence[Unit], changes: Changes) -> None:
        room = asyncio.Semaphore(self.limits.regions)
        grouped = by_region_and_service(source.batches(units))
        async with asyncio.TaskGroup() as group:
            for services in grouped.values():
                group.create_task(self._region(source, services, changes, room))

    async def _region(
        self,
        source: Source,
        services: Mapping[str, Sequence[tuple[Unit, ...]]],
        changes: Changes,
        regions: asyncio.Semaphore,
    ) -> None:
        async with regions, asyncio.TaskGroup() as group:
            room = asyncio.Semaphore(self.limits.services)
            for batches in services.values():
                group.create_task(self._service(source, batches, changes, room))

    async def _service(
        self, source: Source, batches: Sequence[tuple[Unit, ...]], changes: Changes, services: asyncio.Semaphore
    ) -> None:
        async with services, asyncio.TaskGroup() as group:
            for batch in batches:
                group.create_task(self._batch(source, batch, changes))

    async def _batch(self, source: Source, batch: tuple[Unit, ...], changes: Changes) -> None:
        self.told.unit_started(batch[0])
        lean = self.request.depth == "incremental"
        reader = BatchReader(
            source=source,
            known={unit: self.recorder.earlier(unit) for unit in batch if lean and unit.declared.details},
            touched={unit: touched_in(unit, changes) for unit in batch},
            lean=lean,
            quick=self.request.depth == "quick",
            quota=self.limits.resources,
            details=self.limits.details,
        )
        found = await reader.read(batch)
        # Not `+= await`: the list may be another one by the time the batch is read.
        self._read += found

    async def _permissions(self, source: Source, account: Account) -> None:
        self.told.task(f"permissions in {account.name or account.account_id}")
        asked = await ask(source, account, self.recorder.owned(account), self.recorder.now())
        if asked.failure is not None:
            who = account.name or account.account_id
            self.notices.append(f"What may be done in account {who} is unknown: {asked.failure}")
        async with self._writing:
            await asyncio.to_thread(self.recorder.permit, account, asked)

    async def _write_on(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL_SECONDS)
            await asyncio.shield(asyncio.ensure_future(self._write()))
            self.told.tick()

    async def _write(self) -> None:
        """Store what is read by now: scopes that end within the same half second share a commit."""
        async with self._writing:
            readings, self._read = self._read, []
            if readings:
                scopes = await asyncio.to_thread(self.recorder.record, readings)
                for reading, scope in zip(readings, scopes, strict=True):
                    self.told.unit_done(reading, scope)
