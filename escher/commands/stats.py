"""`escher stats`: how much there is of everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group
from rich.table import Table

from escher.commands.command import Command, Invocation, Outcome

BAR = 30
MOST_ROWS = 12


def _run(call: Invocation) -> Outcome:
    document = call.session.stats()
    estate = document["estate"]
    accounts = {one["name"] or one["account_id"]: one["resources"] for one in estate["by_account"]}
    shown = (
        _collections(document),
        _bars("resources by provider", estate["by_provider"]),
        _bars("resources by account", accounts),
        _bars("resources by kind", estate["by_kind"]),
        _rest(document),
    )
    return Outcome(document, Group(*shown))


def _collections(document: Mapping[str, Any]) -> Table:
    table = Table("collection", box=None, title=document["store"])
    for column in ("records", "deleted", "vectors", "bytes", "key age", "writes"):
        table.add_column(column, justify="right")
    for one in document["collections"]:
        numbers = (f"{one[name]:,}" for name in ("records", "deleted", "vectors", "bytes"))
        age = "unknown" if one["key_age_days"] is None else f"{one['key_age_days']} d"
        table.add_row(one["name"], *numbers, age, f"{one['writes']:,}")
    return table


def _bars(title: str, counts: Mapping[str, int]) -> Table:
    """Counts as bars of characters, the longest `BAR` wide; the rest in one row."""
    table = Table(title, "", "", box=None)
    shown = dict(list(counts.items())[:MOST_ROWS])
    rest = sum(counts.values()) - sum(shown.values())
    rows = shown | ({f"{len(counts) - len(shown)} others": rest} if rest else {})
    for name, count in rows.items():
        table.add_row(name, "█" * max(1, round(BAR * count / max(rows.values()))), f"{count:,}")
    return table


def _rest(document: Mapping[str, Any]) -> Table:
    file, scans, index, backups = (document[name] for name in ("file", "scans", "index", "backups"))
    table = Table.grid(padding=(0, 2))
    oldest, newest = (scans[end] or "never" for end in ("oldest", "newest"))
    table.add_row("file", f"{file['file_bytes']:,} bytes, {file['log_bytes']:,} more in its log")
    table.add_row("scans", f"{scans['complete']} of {scans['scopes']} scopes complete, from {oldest} to {newest}")
    table.add_row("index", f"{index['kind']}, {index['images']['count']} images of {index['images']['bytes']:,} bytes")
    table.add_row(
        "backups", f"{backups['count']} here, {backups['bytes']:,} bytes, the last {backups['newest'] or 'never'}"
    )
    table.add_row("conversations", str(document["conversations"]))
    return table


COMMAND = Command("stats", "Show how much the store, the estate, the index and the backups hold.", _run)
