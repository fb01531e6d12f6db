"""The session of this process, opened on first use, and the short calls: `escher.ask()`, `escher.estate()` …"""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from escher.contract.reply import Reply
from escher.session.loop import wait
from escher.session.session import Audit, Session
from escher.session.wiring import assemble, create
from escher.settings import Settings, load_settings

if TYPE_CHECKING:
    from pandas import DataFrame

    from escher.inventory.frame import EstateFrame
    from escher.inventory.scan import ScanReport

_lock = threading.Lock()
_session: Session | None = None


def open_session() -> Session:
    """The one session of this process. Raises NotInitialised, KeyUnavailable, WrongKey."""
    global _session
    with _lock:
        if _session is None:
            _session = Session(assemble(load_settings()))
        return _session


def create_session() -> tuple[Session, bool]:
    """The session of this process, its store made if there is none; and whether it was made now."""
    global _session
    with _lock:
        settings = load_settings()
        missing = not settings.store_path.exists()
        if _session is None:
            _session = Session(create(settings) if missing else assemble(settings))
        return _session, missing


@contextmanager
def session_for(settings: Settings) -> Generator[Session]:
    """A session of its own on another home, made if it is missing, and closed at the end."""
    parts = assemble(settings) if settings.store_path.exists() else create(settings)
    with Session(parts) as session:
        yield session


def close_session() -> None:
    """Close the store and forget its keys; the next call opens it anew."""
    global _session
    with _lock:
        if _session is not None:
            _session.close()
        _session = None


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


async def asearch(text: str, limit: int = 10) -> EstateFrame:
    """The resources nearest to some words."""
    return open_session().search(text, limit)


def search(text: str, limit: int = 10) -> EstateFrame:
    """The resources nearest to some words."""
    return open_session().search(text, limit)


async def aruns(limit: int = 20) -> DataFrame:
    """The last runs as a frame."""
    return runs(limit)


def runs(limit: int = 20) -> DataFrame:
    """The last runs as a frame, newest first."""
    import pandas

    rows = [result.model_dump(mode="json", exclude={"steps", "type"}) for result in open_session().run_results(limit)]
    return pandas.DataFrame(rows)


class _Audit:
    """`escher.audit`: opens the session on first use."""

    @cached_property
    def _audit(self) -> Audit:
        return open_session().audit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._audit, name)


audit = _Audit()
