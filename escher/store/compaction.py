"""Write the file anew, so that nothing that was deleted or replaced is left in its pages or its log.

Whoever else has the store open may go on; where somebody does not let go in time, the file stays as it is.
"""

from __future__ import annotations

import sqlite3
from sqlite3 import Connection

from escher.store.database import BUSY_SECONDS


def compact(connection: Connection, patience: float) -> bool:
    """Whether it was done; False when others were busy for longer than `patience` seconds. Raises sqlite3.Error."""
    connection.execute(f"PRAGMA busy_timeout = {int(patience * 1_000)}")
    try:
        connection.execute("VACUUM")
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as failure:
        if failure.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise
        busy = True
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1_000}")
    return not busy
