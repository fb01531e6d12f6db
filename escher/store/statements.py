"""The SQL of one collection. Table names come from the declared collections and nowhere else.

Scans say NOT INDEXED, so that they read the table itself and not an index that somebody may have changed.
"""
# ruff: noqa: S608 the only parts put into these statements are names and numbers of this package

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from escher.store.collections import CollectionName
from escher.store.sealing import TAG_BYTES, Place

_PLACE = ", ".join(Place._fields)
_TAG = f"substr(sealed, -{TAG_BYTES})"


@dataclass(frozen=True, slots=True)
class Statements:
    """Each selects the columns of a place, then the tag (`…_tag`, `…_tags`) or the whole sealed value."""

    find_tag: str
    find_sealed: str
    scan_tags: str
    scan_sealed: str
    next_sealed: str
    changed_since: str
    old_tombstone_tags: str
    delete_old_tombstones: str
    under_other_keys: str
    keys_in_use: str
    sizes: str
    write: str


def _statements(table: CollectionName) -> Statements:
    tags, sealed = f"SELECT {_PLACE}, {_TAG} FROM {table}", f"SELECT {_PLACE}, sealed FROM {table}"
    kept = ", ".join(
        f"{column} = excluded.{column}" for column in ("sequence", "version", "deleted", "key_id", "sealed")
    )
    return Statements(
        find_tag=f"{tags} WHERE row_id = ?",
        find_sealed=f"{sealed} WHERE row_id = ?",
        scan_tags=f"{tags} NOT INDEXED ORDER BY position",
        scan_sealed=f"{sealed} NOT INDEXED WHERE NOT deleted ORDER BY position",
        next_sealed=f"{sealed} NOT INDEXED WHERE position > ? ORDER BY position LIMIT 1",
        changed_since=f"{sealed} WHERE sequence > ? ORDER BY sequence, position",
        old_tombstone_tags=f"{tags} WHERE deleted AND sequence <= ?",
        delete_old_tombstones=f"DELETE FROM {table} WHERE deleted AND sequence <= ?",
        under_other_keys=f"{sealed} NOT INDEXED WHERE position > ? AND key_id != ? ORDER BY position LIMIT ?",
        keys_in_use=f"SELECT DISTINCT key_id FROM {table}",
        sizes=f"SELECT count(*), coalesce(sum(deleted), 0), coalesce(sum(length(sealed)), 0) FROM {table}",
        write=f"INSERT INTO {table} ({_PLACE}, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)"
        f" ON CONFLICT (position) DO UPDATE SET {kept}",
    )


STATEMENTS: Mapping[CollectionName, Statements] = {name: _statements(name) for name in get_args(CollectionName)}
