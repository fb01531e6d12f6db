"""Runs: started, followed from anywhere, paused, stopped, and found again. Their supervisor outlives this process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from escher.contract.runs import RunEvent, RunResult
from escher.errors import EscherError, JournalUnreadable, NotFound, ScanError, StoreLocked
from escher.execution.supervisor.asking import SupervisorLine
from escher.execution.supervisor.journal import PURPOSE, expire, extent, journal_path, read, remove
from escher.execution.supervisor.place import Place
from escher.execution.supervisor.settling import Settling
from escher.session.loop import wait
from escher.store.lock import Lock

if TYPE_CHECKING:
    from escher.contract.plan import Plan
    from escher.session.wiring import Parts

Follow = Callable[[RunEvent], None]


class Runs:
    """`session.runs`: what was approved, under way and done."""

    def __init__(self, parts: Parts, line: SupervisorLine | None = None) -> None:
        self._parts, self._place = parts, Place.of(parts.settings)
        self._line = line or SupervisorLine(parts.settings, parts.store, parts.own_scripts)
        self._following = 0
        self._changed = threading.Condition()

    # -- starting and following ----------------------------------------------------------------------------

    def warm_up(self) -> None:
        """Have the supervisor there by the time that a plan is approved; what keeps it away is said when it is needed."""
        threading.Thread(target=self._warm_up, name="escher-supervisor", daemon=True).start()

    def prepare(self, plan_id: str) -> None:
        """Have the credentials of a granted plan read, so that its run starts at once. What fails is said by the run."""
        with suppress(EscherError):
            self._line.ask("prepare", plan_id=plan_id)

    def start(self, plan_id: str) -> str:
        """Begin an approved plan; its run's id. Raises ApprovalError, ResourceBusy, SupervisorUnavailable."""
        return self._line.start(plan_id)

    def follow(self, run_id: str) -> Iterator[RunEvent]:
        """Every event of a run from its first, as they come; the result is last. Raises NotFound, JournalUnreadable."""
        with self._counted():
            yield from self._events(run_id)

    def _events(self, run_id: str) -> Iterator[RunEvent]:
        self.result(run_id)
        ended = False
        if journal_path(self._place.journals, run_id).exists():
            secret = self._parts.store.derive(PURPOSE)
            for event in read(self._place.journals, secret, run_id, lambda: self._goes_on(run_id)):
                ended = isinstance(event, RunResult)
                yield event
            self._must_be_whole(run_id)
        if not ended:
            yield self.result(run_id)

    async def arun(self, plan_id: str, on_event: Follow = lambda event: None) -> RunResult:
        """Run an approved plan to its end, and do what the user's rules say about a failure of it.

        Who stops waiting does not stop the run: that is what `cancel` is for.
        """
        result = await self._whole(plan_id, on_event)
        return result if result.status != "failed" else await asyncio.to_thread(self._remedied, result, on_event)

    async def _whole(self, plan_id: str, on_event: Follow) -> RunResult:
        with self._counted():
            run_id = await asyncio.to_thread(self.start, plan_id)
            result = await self._handed_on(run_id, on_event)
            with suppress(StoreLocked, ScanError):  # the run is recorded; what it changed is seen by the next scan
                await asyncio.to_thread(self._learn, result)
            return result

    def _remedied(self, failed: RunResult, on_event: Follow) -> RunResult:
        from escher.session.remediating import remedied

        return remedied(self._parts, failed, lambda plan_id: wait(self._whole(plan_id, on_event)))

    async def afollow(self, run_id: str, on_event: Follow = lambda event: None) -> RunResult:
        """`follow`, with each event handed on in this event loop; the result."""
        with self._counted():
            return await self._handed_on(run_id, on_event)

    async def _handed_on(self, run_id: str, on_event: Follow) -> RunResult:
        loop, events = asyncio.get_running_loop(), asyncio.Queue[RunEvent | BaseException | None](1_000)
        stop = threading.Event()

        def pump() -> None:
            end: BaseException | None = None
            try:
                for event in self._events(run_id):
                    asyncio.run_coroutine_threadsafe(events.put(event), loop).result()
                    if stop.is_set():
                        return
            except BaseException as cause:  # noqa: BLE001 it is raised again where it is waited for
                end = cause
            loop.call_soon_threadsafe(lambda: loop.create_task(events.put(end)))

        threading.Thread(target=pump, name=f"escher-{run_id}", daemon=True).start()
        try:
            return await _last(events, on_event)
        finally:
            stop.set()
            while not events.empty():  # the thread may wait for room
                events.get_nowait()

    def wait_for(self, run_id: str, on_event: Follow = lambda event: None) -> RunResult:
        """`afollow`, waited for."""
        return wait(self.afollow(run_id, on_event))

    # -- steering ------------------------------------------------------------------------------------------

    def cancel(self, run_id: str) -> bool:
        """Stop a run with all that it started; False when it is not under way. Raises NotFound for no run at all."""
        return self._steered("cancel", run_id)

    def pause(self, run_id: str) -> bool:
        """Let a run stand before its next step; False when it is not under way."""
        return self._steered("pause", run_id)

    def resume(self, run_id: str) -> bool:
        """Let a paused run go on; False when it is not under way."""
        return self._steered("resume", run_id)

    def stop_all(self) -> list[str]:
        """Stop everything; which runs that were."""
        answer = self._line.ask_if_there("cancel_all")
        return answer["runs"] if answer else []

    # -- finding -------------------------------------------------------------------------------------------

    def results(self, limit: int = 20) -> list[RunResult]:
        """How the last runs ended or stand, newest first; those that nobody owns any more are settled first."""
        found = self._parts.operations.list_runs()[:limit]
        if any(one.status == "running" for one in found) and self._settle():
            found = self._parts.operations.list_runs()[:limit]
        return found

    def result(self, run_id: str) -> RunResult:
        """How a run ended, or stands. Raises NotFound."""
        found = self._parts.operations.get_run(run_id)
        if found.status == "running" and self._settle():
            found = self._parts.operations.get_run(run_id)
        return found

    def plan(self, run_id: str) -> Plan:
        """What a run runs, or ran. Raises NotFound."""
        return self._parts.approvals.plan(self.result(run_id).plan_id)

    def forget_old(self, now: float) -> int:
        """Take away the journals that are as old as the oldest conversation; how many. `now` is Unix seconds."""
        known = {body["execution_id"] for body in self._parts.operations.query()}
        return expire(self._place.journals, known, now, self._parts.settings.chat_days)

    def forget(self, run_ids: Iterable[str]) -> None:
        """Take away what these runs told; their records are not touched."""
        remove(self._place.journals, run_ids)

    @property
    def following(self) -> int:
        """How many runs this process waits for."""
        return self._following

    def close(self) -> None:
        """Wait until the runs that are followed here have ended, and let the supervisor go."""
        with self._changed:
            self._changed.wait_for(lambda: self._following == 0)
        self.leave()

    def leave(self) -> None:
        """Let the supervisor go; it ends by itself once nothing runs and nobody else is there."""
        self._line.close()

    def _warm_up(self) -> None:
        with suppress(EscherError):
            self._line.warm_up()

    def _counted(self) -> _Counted:
        return _Counted(self)

    def count(self, change: int) -> None:
        """One more or one less is followed."""
        with self._changed:
            self._following += change
            self._changed.notify_all()

    def _must_be_whole(self, run_id: str) -> None:
        """Raise JournalUnreadable for a journal that was cut, which its frames alone do not show."""
        told = self._parts.operations.get("run", run_id) or {}
        written, found = told.get("journal"), extent(self._place.journals, run_id)
        if written and found is not None and written != {"frames": found.frames, "digest": found.digest}:
            raise JournalUnreadable(f"the journal of {run_id} was cut.", hint="Its record: escher runs")

    def _goes_on(self, run_id: str) -> bool:
        """Whether a run's journal may still grow; one whose supervisor died is settled here."""
        return self.result(run_id).status in ("running", "paused")

    def _settle(self) -> bool:
        """Settle the runs of a supervisor that died, unless one is there; whether there were any."""
        parts = self._parts
        settling = Settling(parts.store, parts.ledger, self._place.journals, parts.resources, parts.look)
        with self._place.owned() as owned:
            left = settling.settle() if owned else []
        # Looking at the cloud takes a while; meanwhile a new supervisor may begin.
        settling.reconcile(left)
        return bool(left)

    def _steered(self, op: str, run_id: str) -> bool:
        self.result(run_id)
        answer = self._line.ask_if_there(op, run_id=run_id)
        return bool(answer and answer["found"])

    def _learn(self, result: RunResult) -> None:
        """Count the run for its playbook, and read again what it may have changed, so that the next answer knows."""
        from escher.session.after_runs import count, refresh

        Lock(self._parts.settings).require_open()  # a locked home looks at no cloud
        count(self._parts, result)
        refresh(self._parts, result)


class _Counted:
    """While it lasts, one run more is followed."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    def __enter__(self) -> None:
        self._runs.count(1)

    def __exit__(self, *exc: object) -> None:
        self._runs.count(-1)


async def _last(events: asyncio.Queue[RunEvent | BaseException | None], on_event: Follow) -> RunResult:
    """Hand every event on; the result, which is the last. Raises what following raised."""
    while True:
        event = await events.get()
        if event is None:
            raise NotFound("the run was not recorded.", hint="See: escher runs")
        if isinstance(event, BaseException):
            raise event
        on_event(event)
        if isinstance(event, RunResult):
            return event
