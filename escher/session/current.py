"""The session of this process, opened on first use, and the short calls: `escher.ask()`, `escher.estate()` …"""

from __future__ import annotations

import asyncio
import atexit
import gc
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from getpass import getpass
from typing import TYPE_CHECKING, Any

from escher.approval.consent import in_kernel
from escher.contract.reply import Reply
from escher.errors import EscherError
from escher.session.lock_watch import Limits, Watch
from escher.session.loop import wait
from escher.session.session import Audit, Session
from escher.session.unlocking import identity_at
from escher.session.unlocking import unlock as open_locked
from escher.session.wiring import assemble, create
from escher.settings import Settings, load_settings
from escher.store.lock import Lock, locked, when_locked
from escher.widgets.view import blank_all

if TYPE_CHECKING:
    from pandas import DataFrame

    from escher.contract.plan import Plan
    from escher.inventory.frame import EstateFrame
    from escher.inventory.scan import ScanReport
    from escher.session.exploring import OwnedResource
    from escher.session.playbooks import Playbooks

_lock = threading.Lock()
_session: Session | None = None
_watch: Watch | None = None


def open_session(*, lives_on: bool = True) -> Session:
    """The one session of this process. Raises NotInitialised, StoreLocked, KeyUnavailable, WrongKey.

    A process that lives on, as a notebook's or an automation's does, makes backups in the background.
    """
    global _session
    with _lock:
        if _session is not None and _session.outdated and not _session.running:
            _session.close()
            _session = None
        if _session is None:
            _session = _begin(Session(assemble(load_settings())))
        Lock(_session.settings).require_open()
        if lives_on:
            _session.keep_backed_up()
        return _session


def create_session() -> tuple[Session, bool]:
    """The session of this process, its store made if there is none; and whether it was made now."""
    global _session
    with _lock:
        settings = load_settings()
        missing = not settings.store_path.exists()
        if _session is None:
            _session = _begin(Session(create(settings) if missing else assemble(settings)))
        return _session, missing


def lock() -> int:
    """Lock this home: every notebook and process closes its store within a second. Raises NotInitialised, StoreError.

    Runs of this process that are under way go on, and the store closes when they are recorded; their number.
    """
    settings = load_settings()
    identity_at(settings)
    Lock(settings).close("by hand")
    return _close_locked()


def unlock(ask: Callable[[str], str] | None = getpass) -> None:
    """Unlock this home; its passphrase, if it has one, is asked for. Raises StoreLocked, WrongKey, KeyUnavailable."""
    global _session
    settings = load_settings()
    if Lock(settings).marker.locked:
        _close_locked()  # the watch may not have noticed yet
    with _lock:
        if _session is None:
            _session = _begin(Session(open_locked(settings, ask)))


def _begin(session: Session) -> Session:
    """Watch over a session: it closes when its home is locked, or when its person was away for too long."""
    global _watch
    if _watch is not None:
        _watch.stop()
    _watch = Watch(session.settings, _close_locked, Limits.of(session.settings) if in_kernel() else None)
    _watch.start()
    return session


def _close_locked() -> int:
    """Answer everything with StoreLocked, forget what is shown, and close; how many runs still have to end first."""
    global _session
    with _lock:
        session, _session = _session, None
    if session is None:
        return 0
    refusal = locked(Lock(session.settings).marker.reason)
    session.refuse(refusal)
    blank_all("Locked", refusal)
    for drop in when_locked:
        drop()
    running = session.running
    closing = threading.Thread(target=_finish, args=(session,), name="escher-locking")
    closing.start()
    if not running:
        closing.join()
    return running


def _finish(session: Session) -> None:
    session.close()
    gc.collect()  # frames, snapshots and conversations refer to each other


@contextmanager
def session_for(settings: Settings) -> Generator[Session]:
    """A session of its own on another home, made if it is missing, and closed at the end."""
    parts = assemble(settings) if settings.store_path.exists() else create(settings)
    with Session(parts) as session:
        yield session


def close_session() -> None:
    """Close the store and forget its keys; the next call opens it anew."""
    global _session, _watch
    with _lock:
        if _watch is not None:
            _watch.stop()
        _watch = None
        if _session is not None:
            _session.close()
        _session = None


def _close_at_exit() -> None:
    """A command, a kernel or a script that ends leaves the trail signed and the store anchored."""
    with suppress(EscherError):  # it ends all the same; the next session signs and anchors what this one wrote
        close_session()


atexit.register(_close_at_exit)


async def ascan(**options: Any) -> ScanReport:
    """Read the clouds into the estate. Takes `accounts`, `providers`, `regions`, `types`, `progress`."""
    return await open_session().ascan(**options)


def scan(**options: Any) -> ScanReport:
    """Read the clouds into the estate. Takes `accounts`, `providers`, `regions`, `types`, `progress`."""
    return wait(ascan(**options))


async def aask(question: str) -> Reply:
    """Answer a question, or plan an order. Never runs anything."""
    return await open_session().aask(question)


def ask(question: str) -> Reply:
    """Answer a question, or plan an order. Never runs anything."""
    return wait(aask(question))


async def aestate(where: str | None = None) -> EstateFrame:
    """Everything owned as a pandas frame; `where` is a SQL predicate."""
    return open_session().estate(where)


def estate(where: str | None = None) -> EstateFrame:
    """Everything owned as a pandas frame; `where` is a SQL predicate."""
    return open_session().estate(where)


async def aresource(word: str) -> OwnedResource:
    """One resource by id, identifier or name, with `.related()` and `.blast_radius()`."""
    return resource(word)


def resource(word: str) -> OwnedResource:
    """One resource by id, identifier or name, with `.related()` and `.blast_radius()`. Raises NotFound, InvalidInput."""
    return open_session().exploring.resource(word)


async def achanges(since: str | int = "7d", until: str | int | None = None) -> EstateFrame:
    """What scans found new, changed and gone, as a frame."""
    return changes(since, until)


def changes(since: str | int = "7d", until: str | int | None = None) -> EstateFrame:
    """What scans found new, changed and gone: since a span, a moment or a scan, and until another. Raises InvalidInput."""
    return open_session().exploring.changes(since, until)


async def aundo(run_id: str) -> Plan:
    """The plan that takes a run back."""
    return await asyncio.to_thread(undo, run_id)


def undo(run_id: str) -> Plan:
    """The plan that takes a run back, shown and not run: approve it like any other. Raises NotFound, NotUndoable."""
    return open_session().undo(run_id)


async def asearch(text: str, limit: int = 10) -> EstateFrame:
    """The resources nearest to some words."""
    return open_session().search(text, limit)


def search(text: str, limit: int = 10) -> EstateFrame:
    """The resources nearest to some words."""
    return open_session().search(text, limit)


async def aruns(limit: int = 20) -> DataFrame:
    """The last runs as a frame."""
    return runs(limit)


class _Runs:
    """`escher.runs()`: the last runs as a frame. `escher.runs.follow(id)`, `.cancel(id)` …: see `session.runs.Runs`."""

    def __call__(self, limit: int = 20) -> DataFrame:
        """The last runs as a frame, newest first."""
        import pandas

        results = open_session().run_results(limit)
        return pandas.DataFrame([result.model_dump(mode="json", exclude={"steps", "type"}) for result in results])

    def __getattr__(self, name: str) -> Any:
        return getattr(open_session().runs, name)


runs = _Runs()


class _Audit:
    """`escher.audit`: opens the session on first use."""

    @property
    def _audit(self) -> Audit:
        return open_session().audit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._audit, name)


audit = _Audit()


class _Playbooks:
    """`escher.playbooks`: opens the session on first use."""

    @property
    def _playbooks(self) -> Playbooks:
        return open_session().playbooks

    def __getattr__(self, name: str) -> Any:
        return getattr(self._playbooks, name)


playbooks = _Playbooks()
