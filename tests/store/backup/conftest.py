"""A store with something in every collection, archives of it, and ways to compare what two stores hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from escher.contract.audit import AuditEvent
from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store.backup.archive import Archive
from escher.store.backup.manifest import Manifest
from escher.store.backup.restoring import Restored
from escher.store.backup.writing import write_archive
from escher.store.collections import COLLECTIONS
from escher.store.records import Record
from escher.store.transaction import Transaction
from escher.store.vault import Store
from tests.store.canaries import Canaries
from tests.store.conftest import desktop, empty_home, keychain_settings, resource, settings, store
from tests.store.filling import fill_raw, fill_views

__all__ = ["desktop", "empty_home", "keychain_settings", "resource", "settings", "store"]
MADE_AT = "2026-11-24T12:00:00+00:00"
NAME = "escher_2026-11-24T12-00-00.snapshot"
Dump = dict[str, dict[str, tuple[Any, bytes | None]]]


@pytest.fixture
def canaries() -> Canaries:
    """What was put into the store."""
    return Canaries()


@pytest.fixture
def filled(store: Store, canaries: Canaries) -> Iterator[Store]:
    """An open store with records in every collection, with vectors, a trail and a used approval."""
    fill_views(store, canaries)
    fill_raw(store, canaries)
    for record in list(store.records("executed_operations")):
        if record.key.startswith("plan:"):
            put_approval(store, record.key.removeprefix("plan:"), "used", record.body)
    put_approval(store, "done", "used")
    yield store


@pytest.fixture
def back_up(tmp_path: Path) -> Callable[..., Archive]:
    """`back_up(store, name)`: an archive of the store."""

    def make(store: Store, name: str = NAME) -> Archive:
        write_archive(store, tmp_path / name, MADE_AT)
        return Archive.open(tmp_path / name)

    return make


def dump(store: Store) -> Dump:
    """Everything in a store: collection → key → body and vector."""
    return {name: {one.key: (one.body, one.vector) for one in store.records(name)} for name in COLLECTIONS}


def without_trail(everything: Dump) -> Dump:
    """The same but for the audit trail."""
    return {
        name: {key: value for key, value in records.items() if not key.startswith(("audit:", "checkpoint:"))}
        for name, records in everything.items()
    }


def dump_of(archive: Archive, settings: Settings) -> Dump:
    """Everything in an archive."""
    found: Dump = {name: {} for name in COLLECTIONS}
    for name, record in archive.entries(archive.unlock(settings).master):
        found[name][record.key] = (record.body, record.vector)
    return found


def read_through(path: Path, settings: Settings) -> Manifest:
    """Check an archive as a restore does."""
    archive = Archive.open(path)
    archive.check_signature()
    return archive.manifest(archive.unlock(settings).master)


def note(store: Store, within: Transaction, restored: Restored) -> None:
    """The audit event of a restore."""
    details = {"sequence": restored.sequence, "forgotten": restored.forgotten}
    event = AuditEvent(type="restored", at=MADE_AT, actor="ana", subject=restored.archive, details=details)
    Ledger(store).append(event, within=within)


def put_approval(store: Store, plan_id: str, state: str, plan: dict[str, Any] | None = None) -> None:
    """A plan, and its approval in a state."""
    with store.transaction() as within:
        body = plan or {"record": "plan", "plan_id": plan_id, "plan": {}}
        within.put("executed_operations", Record(f"plan:{plan_id}", body))
        approval = {"record": "approval", "plan_id": plan_id, "state": state}
        within.put("executed_operations", Record(f"approval:{plan_id}", approval))


def as_json(everything: Dump) -> str:
    """A dump as text that two processes can compare."""
    return json.dumps(
        {name: {key: [body, (vector or b"").hex()] for key, (body, vector) in records.items()} for name, records in everything.items()},
        sort_keys=True,
    )  # fmt: skip
