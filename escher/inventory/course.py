"""The course of one scan: which accounts are asked for their regions, which scopes wait, are read, are done.

Used by one thread; only `_regions` and the reading of scopes run in workers.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import Any

from escher.contract.estate import GLOBAL, Account, Scope
from escher.contract.vocabulary import Provider
from escher.errors import CredentialError
from escher.inventory.plan import Limits, ScanRequest, Unit, fresh_scopes, startable, units_of
from escher.inventory.progress import INTERVAL_SECONDS, ScanProgress
from escher.inventory.reading import Reading, Workers, read_unit
from escher.inventory.recording import Recorder
from escher.providers.declarations import ResourceType
from escher.providers.source import ReadFailed, Source


class Course:
    """Where a running scan is: which accounts are being asked for their regions, which scopes wait and which are read."""

    def __init__(
        self,
        sources: Mapping[Provider, Source],
        request: ScanRequest,
        types: list[ResourceType],
        recorder: Recorder,
        told: ScanProgress,
    ) -> None:
        self._sources, self._request, self._types = sources, request, types
        self._recorder, self._told = recorder, told
        self._preparing: dict[Future[Any], Account] = {}
        self._waiting: list[Unit] = []
        self._running: dict[Future[Any], Unit] = {}
        self._read: list[Reading] = []
        self.kept: list[Scope] = []
        self.notices: list[str] = []

    def goes_on(self) -> bool:
        """Whether there is something left to do or to wait for."""
        return bool(self._preparing or self._running or self._waiting or self._read)

    def prepare(self, accounts: list[Account], readers: Executor) -> None:
        """Ask each account who it is and for its regions; its scopes follow from the answer."""
        self._preparing = {readers.submit(self._regions, account): account for account in accounts}

    def start(self, readers: Executor, workers: Workers, limits: Limits) -> None:
        """Start reading as many scopes as the limits allow."""
        started, self._waiting = startable(self._waiting, self._running.values(), limits)
        for unit in started:
            self._running[readers.submit(read_unit, self._sources[unit.account.provider], unit, workers)] = unit
            self._told.unit_started(unit)

    def take_in(self) -> None:
        """Wait for a result, but no longer than until the next progress is due; plan or record what there is."""
        done, _ = wait([*self._preparing, *self._running], INTERVAL_SECONDS, FIRST_COMPLETED)
        for future in done & self._preparing.keys():
            self._plan(self._preparing.pop(future), future)
        self._collect(done)
        if self._told.is_due() or not self._running:
            # A commit waits for the disk, so scopes that end within the same half second share one.
            self._record()
        self._told.tick()

    def settle(self) -> None:
        """Keep what is read by now; what is still being read is left."""
        self._collect({future for future in self._running if future.done()})
        self._record()

    def _collect(self, done: set[Future[Any]]) -> None:
        self._read += [future.result() for future in done if self._running.pop(future, None)]

    def _regions(self, account: Account) -> tuple[str, ...]:
        source = self._sources[account.provider]
        source.check(account)
        return source.regions(account)

    def _plan(self, account: Account, found: Future[tuple[str, ...]]) -> None:
        try:
            regions = found.result()
        except (CredentialError, ReadFailed) as cause:
            self._account_failed(account, cause)
            return
        off = [region for region in self._request.regions if region not in regions]
        self.notices += [f"{region} is not on for account {account.name or account.account_id}." for region in off]
        units = units_of(account, regions, self._types, self._request.regions)
        fresh = fresh_scopes(units, self._recorder.known, self._request, self._recorder.now())
        wanted = [unit for unit in units if unit.key not in fresh]
        self.kept += fresh.values()
        self._told.planned(len(wanted))
        self._waiting += wanted

    def _account_failed(self, account: Account, cause: CredentialError | ReadFailed) -> None:
        """Report the account's scopes, as far as they are known; what is in no region may still be readable."""
        known = {scope.region for scope in self._recorder.known.values() if scope.account_id == account.account_id}
        home = self._sources[account.provider].home_region(account)
        regions = self._request.regions or account.regions or sorted(known - {GLOBAL}) or [home]
        units = units_of(account, regions, self._types, ())
        self._told.planned(len(units))
        for unit in units:
            if unit.region == GLOBAL and isinstance(cause, ReadFailed):
                self._waiting.append(unit)
            else:
                self._read.append(Reading(unit, failures=(cause,)))

    def _record(self) -> None:
        readings = [reading for reading in self._read if not reading.cancelled]
        self._read = []
        if readings:
            for reading, scope in zip(readings, self._recorder.record(readings), strict=True):
                self._told.unit_done(reading, scope.error)
