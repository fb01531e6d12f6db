"""New data keys for every collection, while others read and write: the new key first, then batch by batch, then the old one out.

Each step is one transaction, and the root says which collections are on their way, so a rotation that was killed goes
on where it was, and two at once do one work. The derivation key stays: row ids, and all that was ever signed with keys
from it, would change with it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import get_args

from escher.contract.ports import Progress
from escher.store.collections import CollectionName
from escher.store.statements import STATEMENTS
from escher.store.transaction import Transaction

BATCH = 500
Transacting = Callable[[], AbstractContextManager[Transaction]]


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did: how many records and tombstones it put under new keys, and which keys are gone.

    `resumed` names collections whose rotation an earlier call had begun. `compacted` is whether the file was written
    anew too; where another process was busy with it, that is tried again on closing.
    """

    records: int
    dropped_keys: tuple[int, ...]
    resumed: tuple[CollectionName, ...]
    compacted: bool = False


def rotate(transaction: Transacting, progress: Progress) -> Rotation:
    """Give every collection a new data key and put every record under it.

    `progress` hears `{"type": "rotation", "collection", "done", "total"}`, counted in records and tombstones.
    """
    records, dropped, resumed = 0, list[int](), list[CollectionName]()
    for collection in get_args(CollectionName):
        if not _begin(transaction, collection):
            resumed.append(collection)
        records += _move(transaction, collection, progress)
        dropped += _finish(transaction, collection)
    return Rotation(records, tuple(dropped), tuple(resumed))


def _begin(transaction: Transacting, collection: CollectionName) -> bool:
    """Make the new key, unless an earlier call has; whether it was this one."""
    with transaction() as within:
        state = within.root.states[collection]
        if state.rotating:
            return False
        within.replace_key(collection)
        state.rotating = True
    return True


def _move(transaction: Transacting, collection: CollectionName, progress: Progress) -> int:
    moved, position, rows = 0, 0, [()]
    while rows:
        with transaction() as within:
            within.check(collection)
            state = within.root.states[collection]
            query = STATEMENTS[collection].under_other_keys
            rows = within.connection.execute(query, (position, state.key_id, BATCH)).fetchall()
            for row in rows:
                within.reseal(collection, row)
                position = row[0]
        moved += len(rows)
        progress({"type": "rotation", "collection": collection, "done": moved, "total": state.records})
    return moved


def _finish(transaction: Transacting, collection: CollectionName) -> list[int]:
    """Delete the keys that no row needs any more; their ids."""
    with transaction() as within:
        state = within.root.states[collection]
        used = {key_id for (key_id,) in within.connection.execute(STATEMENTS[collection].keys_in_use)}
        known = within.connection.execute("SELECT id FROM keys WHERE purpose = ?", (collection,)).fetchall()
        unused = [key_id for (key_id,) in known if key_id not in used | {state.key_id}]
        within.connection.executemany("DELETE FROM keys WHERE id = ?", [(key_id,) for key_id in unused])
        state.rotating = False
        within.changed = True
    return unused
