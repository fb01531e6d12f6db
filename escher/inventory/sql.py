"""SQL over the estate, by DuckDB in memory: it can read the table `estate` and nothing else.

No file, no network, no extension, no other Python variable; its settings are locked before the user's text is read.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from datetime import time as clock_time
from decimal import Decimal
from math import isfinite
from typing import Any

import duckdb
import pandas as pd

from escher.errors import InvalidInput
from escher.inventory.frame import EstateFrame

ROW = (
    "provider",
    "account_id",
    "region",
    "resource_type",
    "kind",
    "resource_id",
    "identifier",
    "name",
    "state",
    "native_state",
    "tags",
)
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    # Nothing of the estate is spilled to the disk in clear.
    "temp_directory": "",
}

_ABOUT_WORDS = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException, duckdb.PermissionException)


def query(estate: pd.DataFrame, sql: str) -> EstateFrame:
    """The result of one SELECT over the table `estate`. Raises InvalidInput for anything else.

    `tags` is a map: `tags['env'] = 'dev'` and `tags->>'env' = 'dev'` both work; a missing key is NULL.
    """
    with _asking(estate) as connection:
        return EstateFrame(_select(connection, estate, sql).df())


def rows(estate: pd.DataFrame, sql: str) -> list[dict[str, Any]]:
    """The same as `query`, as rows that can be written as JSON: times in ISO 8601, nothing as null."""
    with _asking(estate) as connection:
        result = _select(connection, estate, sql)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, map(_plain, row), strict=True)) for row in result.fetchall()]


def where(estate: pd.DataFrame, predicate: str) -> list[dict[str, Any]]:
    """The resources that meet a SQL predicate, as rows of the stable columns. Raises InvalidInput."""
    with _asking(estate) as connection:
        # The predicate is parsed as one expression, so it cannot end the statement and begin another.
        found = connection.table("estate").filter(predicate).project(", ".join(ROW))
        return [dict(zip(ROW, row, strict=True)) for row in found.fetchall()]


@contextmanager
def _asking(estate: pd.DataFrame) -> Generator[duckdb.DuckDBPyConnection]:
    with _connect(estate) as connection:
        try:
            yield connection
        except duckdb.Error as cause:
            raise _refusal(cause, estate) from None


def _select(connection: duckdb.DuckDBPyConnection, estate: pd.DataFrame, sql: str) -> duckdb.DuckDBPyConnection:
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise InvalidInput("only one SELECT statement can be asked.", hint=_known(estate))
    return connection.execute(statements[0])


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case None | bool() | int() | str():
            return value
        case float() | Decimal():
            return float(value) if isfinite(value) else None
        case date() | clock_time():
            return value.isoformat()
        case _:
            return str(value)


def _connect(estate: pd.DataFrame) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config=_SETTINGS)
    plain = pd.DataFrame(estate).assign(tags=[json.dumps(tags) for tags in estate["tags"]])
    connection.register("plain", plain)
    connection.execute(
        "CREATE TABLE estate AS SELECT * REPLACE (CAST(tags AS JSON)::MAP(VARCHAR, VARCHAR) AS tags) FROM plain"
    )
    connection.unregister("plain")
    connection.execute("SET lock_configuration = true")
    return connection


def _refusal(cause: duckdb.Error, estate: pd.DataFrame) -> InvalidInput:
    # What is wrong with the words of a query may be repeated; other messages quote values of the estate.
    about_words = isinstance(cause, _ABOUT_WORDS)
    reason = str(cause).partition("\n")[0] if about_words else f"{type(cause).__name__}, a value does not fit"
    return InvalidInput(f"this SQL cannot be answered: {reason}.", hint=_known(estate))


def _known(estate: pd.DataFrame) -> str:
    return f"The table `estate` has the columns {', '.join(estate.columns)}."
