"""Scans the estate: many scopes at once, each stored by itself, each failure reported where it happened.

One thread plans, stores and tells; workers only read. A scope that was not seen whole never deletes anything, and
never holds up another.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

from escher.contract.estate import Account
from escher.contract.ports import Progress
from escher.contract.vocabulary import Provider
from escher.errors import ScanError
from escher.inventory.course import Course
from escher.inventory.plan import Limits, ScanRequest, chosen_accounts, chosen_types
from escher.inventory.progress import ScanProgress
from escher.inventory.reading import Workers
from escher.inventory.recording import Recorder
from escher.inventory.report import ScanReport, counted
from escher.providers.aws.reader import AwsReader
from escher.providers.aws.session import AwsAccess
from escher.providers.registry import resource_types
from escher.providers.source import Source
from escher.store.estate import EstateStore

EVERYTHING = ScanRequest()
LIMITS = Limits()


class Scanner:
    """Reads the clouds into the store."""

    def __init__(
        self,
        estate: EstateStore,
        access: AwsAccess,
        *,
        limits: Limits = LIMITS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._estate = estate
        sources: list[Source] = [AwsReader(access, clock)]
        self._sources: dict[Provider, Source] = {source.provider: source for source in sources}
        self._limits = limits
        self._clock = clock
        self._busy = Lock()

    def scan(
        self, request: ScanRequest = EVERYTHING, progress: Progress = lambda event: None, cancel: Event | None = None
    ) -> ScanReport:
        """Scan what is asked for, tell `progress`, and end soon after `cancel` is set with what was stored kept.

        Raises InvalidInput for accounts or types that are not known, ScanError without any account or when this
        scanner is at work already; whatever a provider refuses is in the report instead.
        """
        if not self._busy.acquire(blocking=False):
            raise ScanError("a scan is running already.", hint="Wait for its end, or cancel it.")
        try:
            return self._scan(request, progress, cancel or Event())
        finally:
            self._busy.release()

    def _scan(self, request: ScanRequest, progress: Progress, cancel: Event) -> ScanReport:
        accounts = chosen_accounts(self._estate.accounts(), request)
        types = chosen_types(resource_types(), request)
        scan_id, started = uuid.uuid4().hex, self._clock()
        told = ScanProgress(scan_id, request.scan_type, progress, self._clock)
        told.started(
            [account.account_id for account in accounts], request.regions, [declared.name for declared in types]
        )
        recorder = Recorder(self._estate, self._clock)
        course = Course(self._sources, request, types, recorder, told)
        self._run(course, accounts, cancel)
        report = ScanReport(
            scan_id=scan_id,
            scan_type=request.scan_type,
            status="cancelled" if cancel.is_set() else "completed",
            started_at=int(started),
            duration_ms=int((self._clock() - started) * 1_000),
            scopes=tuple(sorted([*recorder.scopes, *course.kept], key=lambda scope: scope.key)),
            deleted=recorder.deleted,
            kept=len(course.kept),
            notices=tuple(sorted(course.notices)),
            counts=counted(recorder.seen),
        )
        told.ended(report)
        return report

    def _run(self, course: Course, accounts: list[Account], cancel: Event) -> None:
        readers, details = (ThreadPoolExecutor(self._limits.threads) for _ in range(2))
        workers = Workers(details, self._limits.details, cancel)
        try:
            course.prepare(accounts, readers)
            while course.goes_on() and not cancel.is_set():
                course.start(readers, workers, self._limits)
                course.take_in()
            course.settle()
        except BaseException:
            cancel.set()
            raise
        finally:
            # Calls that are on their way only read; nobody has to wait for them after a cancellation.
            for pool in (readers, details):
                pool.shutdown(wait=False, cancel_futures=True)
