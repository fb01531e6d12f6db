"""Bring a store of an older version to this one: in one transaction, after a copy was put beside it.

What differs between versions is written here and nowhere else. Version 2 names the sort of an operation `record`,
because its `kind` says whether a command, a script, a playbook or a template ran; and the file bears its version.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import Connection, Error
from typing import Any

from escher.errors import MigrationError
from escher.store.collections import CollectionName
from escher.store.database import connect, create_private, mark_version
from escher.store.records import Record
from escher.store.root import SCHEMA
from escher.store.transaction import Transaction

_OPERATIONS: CollectionName = "executed_operations"


@contextmanager
def copy_kept(path: Path) -> Generator[Callable[[Connection, int], None]]:
    """Around a migration: what puts a copy of the store, of a version, beside it; ciphertext like it.

    To be called within the transaction, so that only one process makes one, and what lies there already is from one
    that was killed. The copy goes when the migration fails. Raises MigrationError when there is no room for one.
    """
    made: list[Path] = []

    def keep(connection: Connection, schema: int) -> None:
        remove_copies(path)
        made_at = time.strftime("%Y-%m-%dT%H-%M-%S", time.gmtime())
        made.append(path.with_name(f"{path.name}.v{schema}-{made_at}-{secrets.token_hex(2)}"))
        _copy(connection, made[0])

    try:
        yield keep
    except BaseException:
        if made:
            remove_copies(path)
        raise


def _copy(connection: Connection, target: Path) -> None:
    try:
        create_private(target)
        with closing(connect(target)) as copy:
            connection.backup(copy)
    except (OSError, Error) as cause:
        raise MigrationError(
            f"cannot copy the store before its migration: {cause}.", hint=f"Free some space on the disk of {target}."
        ) from cause


def kept_copies(path: Path) -> list[Path]:
    """The copies of a store that lie beside it, and their logs: of this migration, or of one that was killed."""
    return sorted(path.parent.glob(f"{path.name}.v[0-9]*-*"))


def remove_copies(path: Path) -> None:
    """The copies are no longer needed."""
    for copy in kept_copies(path):
        copy.unlink(missing_ok=True)


def migrate(within: Transaction, keep_copy: Callable[[int], None]) -> int | None:
    """Do the work inside a transaction; the version that the store was of, or None when another process was faster."""
    schema = within.root.schema
    if schema == SCHEMA:
        return None
    keep_copy(schema)
    operations = list(within.records(_OPERATIONS))
    within.put(_OPERATIONS, *(Record(one.key, operation_v2(one.body), one.vector) for one in operations))
    mark_version(within.connection, SCHEMA)
    within.root.schema = SCHEMA
    within.changed = True
    return schema


def operation_v2(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body of an operation of version 1 as version 2 has it: its sort is its `record`."""
    if "record" in body:
        return dict(body)
    return {"record": body["kind"]} | {name: value for name, value in body.items() if name != "kind"}
