"""`escher estate`: query what is known, without a server."""

from __future__ import annotations

import argparse
from typing import Any

from rich.table import Table

from escher.commands.command import Command, Invocation, Outcome

SHOWN = ("name", "identifier", "resource_type", "account_id", "region", "state")
COVERED = ("provider", "account_id", "region", "resource_type", "status", "count", "age", "error")
CHANGED = ("at", "change", "name", "resource_type", "account_id", "region", "field", "before", "after")
REACHED = ("distance", *SHOWN, "through")
MOST_ROWS = 50


def _configure(parser: argparse.ArgumentParser) -> None:
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--where", metavar="PREDICATE", help="SQL predicate over table estate")
    how.add_argument("--sql", metavar="QUERY", help="a whole SQL query over table estate")
    how.add_argument(
        "--changes",
        metavar="SINCE",
        help="what scans found new, changed and gone: since 12h, 7d, a date or a scan's id",
    )
    how.add_argument("--coverage", action="store_true", help="how complete the estate is, and how old, scope by scope")
    how.add_argument("--facets", metavar="FIELD", help="how many resources have each value: kind, region, tags.env …")
    how.add_argument("--related", metavar="RESOURCE", help="what a resource is tied to, by id, identifier or name")
    how.add_argument("--blast-radius", metavar="RESOURCE", help="what would feel a change of a resource")
    parser.add_argument("--until", metavar="MOMENT", help="with --changes: until then, as SINCE is written")
    parser.add_argument(
        "--depth", type=int, default=1, metavar="N", help="with --related: so many ties away (default 1)"
    )


def _run(call: Invocation) -> Outcome:
    options = call.options
    if options.sql:
        rows = call.session.estate_sql(options.sql)
        return Outcome(rows, _table(rows, tuple(rows[0]) if rows else ()))
    for wanted, show in _SHOWS.items():
        if getattr(options, wanted):
            return show(call)
    rows = call.session.estate_rows(options.where)
    return Outcome(rows, _table(rows, SHOWN) if options.where else _counts(rows))


def _changes(call: Invocation) -> Outcome:
    frame = call.session.exploring.changes(call.options.changes, call.options.until)
    rows = [row | {"at": row["at"].isoformat()} for row in frame.to_dict("records")]
    return Outcome(rows, _table(rows, CHANGED) if rows else "Nothing changed.")


def _coverage(call: Invocation) -> Outcome:
    rows = call.session.exploring.coverage()
    shown = [row | {"age": _age(row["age_seconds"])} for row in rows]
    partial = [row for row in shown if row["status"] != "complete"]
    title = f"{len(rows) - len(partial)} of {len(rows)} scopes seen whole"
    table = _table(partial or shown, COVERED)
    if isinstance(table, Table):
        table.title = title
    return Outcome(rows, table if rows else "Nothing was scanned yet. Run: escher scan")


def _facets(call: Invocation) -> Outcome:
    counts = call.session.exploring.facets(call.options.facets)
    table = Table(call.options.facets, "resources", box=None)
    for value, count in list(counts.items())[:MOST_ROWS]:
        table.add_row(value or "-", f"{count:,}")
    return Outcome(counts, table if counts else "Nothing has it.")


def _related(call: Invocation) -> Outcome:
    one = call.session.exploring.resource(call.options.related)
    frame = one.related(call.options.depth)
    rows = [{name: row[name] for name in SHOWN} for row in frame.to_dict("records")]
    return Outcome({"resource_id": one.resource_id, "ties": one.ties(), "related": rows}, _table(rows, SHOWN))


def _blast_radius(call: Invocation) -> Outcome:
    found = call.session.exploring.blast_radius([call.options.blast_radius])
    rows = [
        {"distance": one.distance, **{name: getattr(one.resource, name) for name in SHOWN}, "through": one.through.verb}
        for one in found
    ]
    return Outcome(rows, _table(rows, REACHED) if rows else "Nothing else would feel it, as far as is known.")


def _age(seconds: int | None) -> str:
    if seconds is None:
        return "never"
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> Any:
    if not rows:
        return "Nothing matches."
    table = Table(*columns, box=None, caption=f"{len(rows)} rows" if len(rows) > MOST_ROWS else None)
    for row in rows[:MOST_ROWS]:
        table.add_row(*("" if row[column] is None else str(row[column]) for column in columns))
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


_SHOWS = {
    "changes": _changes,
    "coverage": _coverage,
    "facets": _facets,
    "related": _related,
    "blast_radius": _blast_radius,
}
COMMAND = Command(
    "estate",
    "Query your estate, without a server.",
    _run,
    _configure,
    examples=(
        "escher estate --where \"state = 'running' AND tags['env'] = 'dev'\"",
        "escher estate --changes 7d",
        "escher estate --coverage",
        "escher estate --blast-radius web-shop-db",
    ),
)
