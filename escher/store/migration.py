"""Bring a store of an older version to this one: in one transaction, after a copy was put beside it.

What differs between versions is written here and nowhere else. Version 2 names the sort of an operation `record`,
because its `kind` says whether a command, a script, a playbook or a template ran; and the file bears its version.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from contextlib import closing, suppress
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


def refuse_newer(schema: int) -> None:
    """Raises MigrationError for a store that a later version of Escher wrote."""
    if schema > SCHEMA:
        raise MigrationError(
            f"this store is of version {schema}, and this Escher knows versions up to {SCHEMA}.",
            hint="Upgrade Escher; the store is as it was.",
        )


def copy_path(path: Path, schema: int) -> Path:
    """Where the copy of a store goes that is to be migrated."""
    made_at = time.strftime("%Y-%m-%dT%H-%M-%S", time.gmtime())
    return path.with_name(f"{path.name}.v{schema}-{made_at}-{secrets.token_hex(2)}")


def keep_copy(connection: Connection, target: Path) -> None:
    """A copy of the store as it is, ciphertext like it. Raises MigrationError when there is no room for one."""
    try:
        create_private(target)
        with closing(connect(target)) as copy:
            connection.backup(copy)
    except (OSError, Error) as cause:
        with suppress(OSError):
            target.unlink()
        raise MigrationError(
            f"cannot copy the store before its migration: {cause}.", hint="Free some space."
        ) from cause


def migrate(within: Transaction, operations: list[Record]) -> int | None:
    """Do the work inside a transaction; the version that the store was of, or None when another process was faster."""
    schema = within.root.schema
    if schema == SCHEMA:
        return None
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
