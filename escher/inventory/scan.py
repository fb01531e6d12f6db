"""Scans the estate: many scopes at once, each stored by itself, each failure reported where it happened.

A scan runs in an event loop of its own. A scope that was not seen whole never deletes anything, and never holds up
another. What a scan finished before it was broken off is not read again by the next one alike.
"""

from __future__ import annotations

import asyncio
import gc
import time
import uuid
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from threading import Event, Lock
from typing import Any

from escher.contract.estate import Account, Scope
from escher.contract.ports import Progress
from escher.contract.vocabulary import Provider
from escher.errors import ScanError
from escher.inventory.course import Course
from escher.inventory.plan import Limits, ScanRequest, chosen_accounts, chosen_types
from escher.inventory.progress import ScanProgress
from escher.inventory.recording import Recorder
from escher.inventory.report import ScanReport
from escher.inventory.spreading import Executor, errands, spread
from escher.providers.clouds import Clouds
from escher.providers.registry import resource_types
from escher.providers.source import Source
from escher.store.estate import EstateStore
from escher.store.history import ScanHistory, ScanRun

EVERYTHING = ScanRequest()
LIMITS = Limits()
RESUMABLE_SECONDS = 3_600
_WATCH_SECONDS = 0.1


class Scanner:
    """Reads the clouds into the store. With a `lock_file` only one process scans at a time."""

    def __init__(
        self,
        estate: EstateStore,
        clouds: Clouds,
        *,
        history: ScanHistory | None = None,
        lock_file: Path | None = None,
        limits: Limits = LIMITS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._estate, self._clouds, self._limits, self._clock = estate, clouds, limits, clock
        self._history = history or ScanHistory(estate.store)
        self._lock_file = lock_file
        self._busy = Lock()

    def scan(
        self,
        request: ScanRequest = EVERYTHING,
        progress: Progress = lambda event: None,
        cancel: Event | None = None,
        executor: Executor | None = None,
    ) -> ScanReport:
        """Scan what is asked for, tell `progress`, and end soon after `cancel` is set with what was stored kept.

        With an `executor` (a `dask.distributed.Client`), its workers read the accounts, one each.

        Raises InvalidInput for accounts or types that are not known, ScanError without any account or while another
        scan is at work; whatever a provider refuses is in the report instead.
        """
        with self._alone():
            accounts = chosen_accounts(self._estate.accounts(), request)
            chosen_types(resource_types(), request)
            run = self._begin(request)
            told = ScanProgress(run.scan_id, request.scan_type, progress, self._clock)
            scan = _Scan(self._estate, self._clouds, self._limits, self._clock, request, run.scan_id, told, executor)
            try:
                # A loop of its own, in a thread of its own: the caller's may be running one already.
                with ThreadPoolExecutor(1, thread_name_prefix="scan") as thread, _collecting_rarely():
                    report = thread.submit(asyncio.run, scan.run(accounts, cancel or Event())).result()
            except BaseException:
                self._history.put(replace(run, status="failed", ended_at=int(self._clock())))
                raise
            self._history.put(_ended(run, report))
            told.ended(report)
            return report

    def _begin(self, request: ScanRequest) -> ScanRun:
        """A new scan, or the one alike that was broken off or cancelled within the last hour."""
        now = int(self._clock())
        run = self._history.broken_off(request.digest, now - RESUMABLE_SECONDS) if request.resumes else None
        self._history.give_up(but=run.scan_id if run else "")
        number = max((known.number for known in self._history.runs()), default=0) + 1
        run = run or ScanRun(uuid.uuid4().hex, request.scan_type, request.digest, "running", now, number=number)
        self._history.put(run)
        return run

    @contextmanager
    def _alone(self) -> Generator[None]:
        if not self._busy.acquire(blocking=False):
            raise ScanError("a scan is running already.", hint="Wait for its end, or cancel it.")
        try:
            with _locked(self._lock_file):
                yield
        finally:
            self._busy.release()


@dataclass(slots=True)
class _Scan:
    """One scan while it runs."""

    estate: EstateStore
    clouds: Clouds
    limits: Limits
    clock: Callable[[], float]
    request: ScanRequest
    scan_id: str
    told: ScanProgress
    executor: Executor | None = None

    async def run(self, accounts: list[Account], cancel: Event) -> ScanReport:
        started = self.clock()
        cleanup = self.request.cleanup and self.request.depth != "quick"
        recorder = Recorder(self.estate, self.scan_id, self.clock, cleanup=cleanup)
        types = chosen_types(resource_types(), self.request)
        self.told.started(accounts, self.request.regions, [declared.name for declared in types])
        done = _Done()
        read = self._spread(accounts, recorder, done) if self.executor else self._here(accounts, recorder, done)
        cancelled = await _until(read, cancel)
        return ScanReport(
            scan_id=self.scan_id,
            scan_type=self.request.scan_type,
            status="cancelled" if cancelled else "completed",
            started_at=int(started),
            duration_ms=int((self.clock() - started) * 1_000),
            scopes=tuple(sorted([*recorder.scopes.values(), *done.kept], key=lambda scope: scope.key)),
            counts=recorder.counts,
            appeared=recorder.changes["appeared"],
            changed=recorder.changes["changed"],
            deleted=recorder.changes["vanished"],
            kept=len(done.kept),
            ignored=recorder.ignored,
            calls=done.calls,
            throttled=done.throttled,
            notices=tuple(sorted(done.notices)),
        )

    async def _here(self, accounts: list[Account], recorder: Recorder, done: _Done) -> None:
        """Read in this process."""
        pacer = self.limits.pacer()
        providers: set[Provider] = {account.provider for account in accounts}
        sources: dict[Provider, Source] = {
            provider: self.clouds.source(provider, pacer, self.clock) for provider in providers
        }
        types = chosen_types(resource_types(), self.request)
        course = Course(
            sources, self.request, types, recorder, self.told, self.limits, kept=done.kept, notices=done.notices
        )
        try:
            await course.run(accounts)
        finally:
            done.calls, done.throttled = pacer.calls, pacer.throttled
            for source in sources.values():
                await source.close()

    async def _spread(self, accounts: list[Account], recorder: Recorder, done: _Done) -> None:
        """Read on the workers of the executor."""
        assert self.executor is not None
        for part in await spread(
            self.executor, errands(accounts, self.request, recorder, self.limits), recorder, self.told
        ):
            done.notices += part.notices
            done.calls += part.calls
            done.throttled += part.throttled


@dataclass(slots=True)
class _Done:
    """What a scan has to tell besides its scopes; also when it was cancelled."""

    kept: list[Scope] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    calls: int = 0
    throttled: int = 0


@contextmanager
def _collecting_rarely() -> Generator[None]:
    """A scan makes many objects and hardly a cycle: looking for those as often as Python does took a third of its time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


async def _until(work: Coroutine[Any, Any, None], cancel: Event) -> bool:
    """Whether the work was cancelled before its end."""
    task = asyncio.create_task(work)
    while not task.done():
        await asyncio.wait([task], timeout=_WATCH_SECONDS)
        if cancel.is_set():
            task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return True
    except BaseExceptionGroup as group:
        # Tasks of tasks report in groups of groups; what went wrong is in the innermost.
        cause: BaseException = group
        while isinstance(cause, BaseExceptionGroup):
            cause = cause.exceptions[0]
        raise cause from None
    return False


def _ended(run: ScanRun, report: ScanReport) -> ScanRun:
    return replace(
        run,
        status=report.status,
        ended_at=report.started_at + report.duration_ms // 1_000,
        found=report.counts.found,
        appeared=report.appeared,
        changed=report.changed,
        vanished=report.deleted,
        scopes=len(report.scopes),
        failed=sum(scope.status != "complete" for scope in report.scopes),
    )


@contextmanager
def _locked(path: Path | None) -> Generator[None]:
    if path is None:
        yield
        return
    with path.open("ab") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise ScanError(
                "a scan is running already in another process.", hint="Wait for its end, or cancel it there."
            ) from None
        yield
