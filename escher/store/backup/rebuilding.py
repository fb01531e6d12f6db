"""Build a store anew from an archive, where it is missing or damaged, and put it in the place of what is left.

The new store has the id and the derived keys of the old one (its row ids and signatures stay what they were) and fresh
data keys. It is filled and compared beside the old file, then swapped in.
"""

from __future__ import annotations

import secrets
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import get_args

from escher.contract.ports import Progress
from escher.errors import BackupError, KeyUnavailable, NotInitialised, StoreTampered
from escher.settings import Settings
from escher.store.anchoring import exclusively
from escher.store.backup.archive import Archive, Entry
from escher.store.backup.manifest import Manifest, Tally, content_of
from escher.store.backup.restoring import Counts, Note, Restored, must_be_of, survey
from escher.store.backup.returning import Returning, as_today
from escher.store.collections import CollectionName
from escher.store.creation import fill
from escher.store.database import connect, create_private, header, translated
from escher.store.keychain import anchor_entry
from escher.store.keys import StoreKeys
from escher.store.replacing import replace_store
from escher.store.root import Anchor, RootSealer, anchor_of, decode_anchor
from escher.store.sources import Unlocked, identity_of
from escher.store.vault import Store

_BATCH = 10_000


def state_of(settings: Settings) -> NotInitialised | StoreTampered | None:
    """Why the store must be built anew: it is missing, or damaged. None when all of it can be read.

    Raises KeyUnavailable, WrongKey: without the key nobody knows.
    """
    try:
        with Store.open(settings) as store:
            for collection in get_args(CollectionName):
                for _ in store.records(collection):
                    """Each is authenticated when it is read."""
    except (NotInitialised, StoreTampered) as found:
        return found
    return None


def rebuild(
    settings: Settings,
    archive: Archive,
    *,
    note: Note,
    progress: Progress = lambda event: None,
) -> Restored:
    """Make the store of these settings anew from an archive. What was there is kept beside it, as `damaged` says.

    `progress` hears `{"type": "restore", "done", "total"}`. Raises BackupError, also for an archive of another store
    than the one that is there; BackupUnreadable, KeyUnavailable, WrongKey, StoreError.
    """
    path = settings.store_path
    _must_fit(archive, path)
    unlocked = archive.unlock(settings)
    try:
        manifest, used = survey(archive, unlocked.master)
        remembered = _remembered(unlocked)
        restored = _restored(archive, manifest, remembered)
        kept = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y-%m-%dT%H-%M-%S}-{secrets.token_hex(2)}")
        if path.exists():
            restored = replace(restored, damaged=kept)
        with _draft(path) as draft:
            begin = max(manifest.sequence, remembered.sequence if remembered else 0) + 1
            with translated(draft):
                fill(draft, archive.header.identity, unlocked.master, manifest.derivation, begin)
            # The store overwrites its key when it closes.
            with Store(draft, Unlocked(unlocked.store_id, archive.unlock(settings).master, None)) as store:
                entries = _counted(archive.entries(unlocked.master), manifest.records, progress)
                _load(store, entries, manifest.schema, Returning(used, trail=True), restored)
                with store.transaction() as within:
                    within.extend_chain(manifest.head)
                    note(store, within, restored)
            anchor = _anchor_of(draft, unlocked)
            replace_store(draft, path, kept, lambda: _remember(unlocked, anchor))
    finally:
        unlocked.master.forget()
    return restored


def _must_fit(archive: Archive, path: Path) -> None:
    """Raises BackupError when the file that is there says that it is another store."""
    store_id = ""
    with suppress(StoreTampered), translated(path):
        if path.exists():
            with closing(connect(path)) as connection:
                store_id = identity_of(connection).store_id.hex()
    if store_id:
        must_be_of(archive, store_id)


def _remembered(unlocked: Unlocked) -> Anchor | None:
    text = unlocked.keychain.read(anchor_entry(unlocked.store_id)) if unlocked.keychain else None
    return decode_anchor(text) if text else None


def _restored(archive: Archive, manifest: Manifest, remembered: Anchor | None) -> Restored:
    made_at = datetime.fromisoformat(manifest.made_at).astimezone(UTC)
    forgotten = max(0, remembered.head.entries - manifest.head.entries) if remembered else 0
    head, sequence = manifest.head, manifest.sequence
    return Restored(archive.path.name, manifest.store_id, made_at, sequence, head, forgotten=forgotten)


@contextmanager
def _draft(path: Path) -> Generator[Path]:
    """An empty file beside the store; whatever a killed rebuild left there goes. Others wait until the block ends."""
    path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    name = f".{path.name}.rebuild-"
    with exclusively(path.with_suffix(".rebuild-lock")):
        try:
            _remove(path.parent, name)
            draft = path.with_name(f"{name}{secrets.token_hex(4)}")
            create_private(draft)
            yield draft
        finally:
            _remove(path.parent, name)


def _remove(folder: Path, beginning: str) -> None:
    for left in folder.glob(f"{beginning}*"):
        left.unlink(missing_ok=True)


def _counted(entries: Iterator[Entry], total: int, progress: Progress) -> Iterator[Entry]:
    for done, entry in enumerate(entries, start=1):
        if done % 1_000 == 0:
            progress({"type": "restore", "done": done, "total": total})
        yield entry


def _load(store: Store, entries: Iterator[Entry], schema: int, returning: Returning, restored: Restored) -> None:
    """Write what comes back, then read it again and compare, record by record. Raises BackupError."""
    expected = {name: Tally() for name in get_args(CollectionName)}
    while batch := list(islice(entries, _BATCH)):
        with store.transaction() as within:
            for name, record in batch:
                if returning.comes_back(name, record):
                    today = as_today(name, record, schema)
                    within.insert(name, today)
                    expected[name].add(content_of(today))
    with store.snapshot() as snapshot:
        for name, wanted in expected.items():
            found = Tally()
            for record in snapshot.records(name):
                found.add(content_of(record))
            if found != wanted:
                raise BackupError(f"{name} was not restored whole; what was there is as it was.", hint="Try again.")
            restored.counts[name] = Counts(written=found.records)


def _anchor_of(draft: Path, unlocked: Unlocked) -> Anchor:
    with translated(draft), closing(connect(draft)) as connection:
        sealed = header(connection, "root")
    sealer = RootSealer(StoreKeys(draft, unlocked.master).derive("root"), unlocked.store_id)
    return anchor_of(sealer.open(sealed), sealed or b"")


def _remember(unlocked: Unlocked, anchor: Anchor) -> None:
    """The new store is ahead of what the keychain remembers: if it does not answer now, the next commit is anchored."""
    if unlocked.keychain is not None:
        with suppress(KeyUnavailable):
            unlocked.keychain.write(anchor_entry(unlocked.store_id), anchor.encode())
