"""`escher estate`: query what is known, without a server."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType

from escher.commands.command import Command, Invocation, Outcome
from escher.commands.tables import CLOUDS, NAMED, Column, Rows
from escher.errors import InvalidInput

SHOWN = ("name", "identifier", "resource_type", "account_id", "region", "state")
ACCOUNT = Column("account", leaves=2)
CHANGED = (
    Column("when", leaves=1), Column("name"), Column("resource_type", "type"), ACCOUNT, Column("region", leaves=3),
    Column("what", "change"),
)  # fmt: skip
ACCOUNTS = (
    Column("provider", "cloud"), Column("account"), Column("regions", leaves=1, counts=True),
    Column("scopes", counts=True), Column("whole", "seen whole", counts=True),
    Column("count", "resources", counts=True), Column("oldest"),
)  # fmt: skip
PARTIAL = (
    Column("provider", "cloud", leaves=2), ACCOUNT, Column("region"), Column("resource_type", "type"),
    Column("age", "last seen whole", leaves=1), Column("error"),
)  # fmt: skip


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
    if options.until and not options.changes:
        raise InvalidInput("--until goes with --changes.", hint="See: escher estate --help")
    if options.depth < 1:
        raise InvalidInput("--depth is at least 1.", hint="See: escher estate --help")
    if options.sql:
        rows = call.session.estate_sql(options.sql)
        return Outcome(rows, _table(rows, [Column(name, name) for name in rows[0]] if rows else ()))
    for wanted, show in _SHOWS.items():
        if getattr(options, wanted):
            return show(call)
    rows = call.session.estate_rows(options.where)
    return Outcome(rows, _resources(call, rows) if options.where else _counts(rows))


def _changes(call: Invocation) -> Outcome:
    frame = call.session.exploring.changes(call.options.changes, call.options.until)
    rows = [row | {"at": row["at"].isoformat()} for row in frame.to_dict("records")]
    shown = [
        row | {"when": row["at"][5:16].replace("T", " "), "what": _what(row)} for row in _with_accounts(call, rows)
    ]
    return Outcome(rows, Rows(shown, CHANGED) if rows else "Nothing changed.")


def _what(row: Mapping[str, Any]) -> str:
    """A change in words: `new`, `gone`, `state: running → stopped`."""
    if row["change"] != "changed":
        return {"appeared": "new", "vanished": "gone"}[row["change"]]
    before, after = ("-" if row[side] is None else row[side] for side in ("before", "after"))
    return f"{row['field'].removeprefix('attributes.')}: {before} → {after}"


def _coverage(call: Invocation) -> Outcome:
    rows = call.session.exploring.coverage()
    if not rows:
        return Outcome(rows, "Nothing was scanned yet. Run: escher scan")
    shown = [row | {"age": _age(row["age_seconds"])} for row in _with_accounts(call, rows)]
    partial = [row for row in shown if row["status"] != "complete"]
    title = f"{len(rows) - len(partial):,} of {len(rows):,} scopes seen whole"
    parts: list[RenderableType] = [Rows(_by_account(shown), ACCOUNTS, title, "--json has every scope with its age")]
    if partial:
        refused = any(row["missing_permission"] for row in partial)
        note = "escher permissions lists what is missing" if refused else ""
        parts += ["", Rows(partial, PARTIAL, "Not seen whole", note)]
    return Outcome(rows, Group(*parts))


def _by_account(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row for each account, the least complete first."""
    accounts: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        accounts.setdefault((row["provider"], row["account"]), []).append(row)
    return [
        {
            "provider": CLOUDS[provider],
            "account": account,
            "regions": len({scope["region"] for scope in scopes} - {"global"}) or None,
            "scopes": len(scopes),
            "whole": sum(scope["status"] == "complete" for scope in scopes),
            "count": sum(scope["count"] for scope in scopes),
            "oldest": _age(_oldest(scopes)),
        }
        for (provider, account), scopes in sorted(accounts.items())
    ]


def _oldest(scopes: Sequence[Mapping[str, Any]]) -> int | None:
    ages = [scope["age_seconds"] for scope in scopes if scope["age_seconds"] is not None]
    return max(ages, default=None)


def _facets(call: Invocation) -> Outcome:
    field = call.options.facets
    counts = call.session.exploring.facets(field)
    rows = [{"value": value or "-", "resources": count} for value, count in counts.items()]
    return Outcome(
        counts, Rows(rows, (Column("value", field), Column("resources", counts=True))) if counts else "Nothing has it."
    )


def _related(call: Invocation) -> Outcome:
    one = call.session.exploring.resource(call.options.related)
    found = one.related(call.options.depth).to_dict("records")
    rows = [{name: row[name] for name in SHOWN} for row in found]
    text = _resources(call, rows) if rows else "It is tied to nothing that is known."
    return Outcome({"resource_id": one.resource_id, "ties": one.ties(), "related": rows}, text)


def _blast_radius(call: Invocation) -> Outcome:
    found = call.session.exploring.blast_radius([call.options.blast_radius])
    rows = [
        {"distance": one.distance, **{name: getattr(one.resource, name) for name in SHOWN}, "through": one.through.verb}
        for one in found
    ]
    columns = (Column("distance", "ties away"), *NAMED, Column("through", leaves=4))
    text = Rows(_with_accounts(call, rows), columns) if rows else "Nothing else would feel it, as far as is known."
    return Outcome(rows, text)


def _age(seconds: int | None) -> str:
    if seconds is None:
        return "never"
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def _resources(call: Invocation, rows: Sequence[dict[str, Any]]) -> RenderableType:
    return _table(_with_accounts(call, rows), NAMED)


def _with_accounts(call: Invocation, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows for people: an account by its name, as far as it has one."""
    names = {account.account_id: account.name for account in call.session.accounts.all()}
    return [row | {"account": names.get(row["account_id"]) or row["account_id"]} for row in rows]


def _table(rows: Sequence[dict[str, Any]], columns: Sequence[Column]) -> RenderableType:
    return Rows(rows, columns) if rows else "Nothing matches."


def _counts(rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    """How many there are of each kind in each cloud, the commonest kind first."""
    if not rows:
        return "Nothing is known yet. Run: escher scan"
    clouds = [cloud for cloud in CLOUDS if any(row["provider"] == cloud for row in rows)]
    kinds = Counter(row["kind"] for row in rows)
    cells = Counter((row["kind"], row["provider"]) for row in rows)
    shown = [
        {"kind": kind, "all": count} | {cloud: cells[kind, cloud] or None for cloud in clouds}
        for kind, count in kinds.most_common()
    ]
    numbers = [Column(cloud, CLOUDS[cloud], counts=True) for cloud in clouds]
    places = len({row["region"] for row in rows} - {"global"})
    title = f"{len(rows):,} resources in {len({row['account_id'] for row in rows})} accounts and {places} regions"
    return Rows(
        shown,
        (Column("kind"), *numbers, Column("all", counts=True)),
        title,
        "escher estate --facets region counts by anything else",
    )


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
