"""`escher estate`: query what is known, without a server."""

from __future__ import annotations

import argparse
from typing import Any

from rich.table import Table

from escher.commands.command import Command, Invocation, Outcome

SHOWN = ("name", "identifier", "resource_type", "account_id", "region", "state")
MOST_ROWS = 50


def _configure(parser: argparse.ArgumentParser) -> None:
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--where", metavar="PREDICATE", help="SQL predicate over table estate")
    how.add_argument("--sql", metavar="QUERY", help="a whole SQL query over table estate")


def _run(call: Invocation) -> Outcome:
    options = call.options
    if options.sql:
        rows = call.session.estate_sql(options.sql)
        return Outcome(rows, _table(rows, tuple(rows[0]) if rows else ()))
    rows = call.session.estate_rows(options.where)
    return Outcome(rows, _table(rows, SHOWN) if options.where else _counts(rows))


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> Any:
    if not rows:
        return "Nothing matches."
    table = Table(*columns, box=None, caption=f"{len(rows)} rows" if len(rows) > MOST_ROWS else None)
    for row in rows[:MOST_ROWS]:
        table.add_row(*(str(row[column]) for column in columns))
    return table


def _counts(rows: list[dict[str, Any]]) -> Any:
    counts: dict[tuple[str, str], int] = {}
    for row in rows:
        place = (row["resource_type"], row["region"])
        counts[place] = counts.get(place, 0) + 1
    regions = sorted({region for _, region in counts})
    table = Table("type", *regions, "all", box=None, title=f"{len(rows)} resources")
    for type_ in sorted({type_ for type_, _ in counts}):
        numbers = [counts.get((type_, region), 0) for region in regions]
        table.add_row(type_, *(str(number or "") for number in numbers), str(sum(numbers)))
    return table


COMMAND = Command(
    "estate",
    "Query your estate, without a server.",
    _run,
    _configure,
    examples=("escher estate --where \"state = 'running' AND tags['env'] = 'dev'\"",),
)
