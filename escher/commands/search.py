"""`escher search`: the resources nearest to some words, without a server."""

from __future__ import annotations

import argparse
from typing import Any

from rich.console import Group
from rich.table import Table

from escher.commands.command import Command, Invocation, Outcome

SHOWN = ("name", "identifier", "resource_type", "account_id", "region", "state")


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="+", help="what it is, how it is called, what it is for")
    parser.add_argument("--limit", type=int, default=10, metavar="N", help="so many at most (default 10)")


def _run(call: Invocation) -> Outcome:
    found = call.session.search(" ".join(call.options.words), call.options.limit)
    rows = [{name: row[name] for name in SHOWN} for row in found.to_dict("records")] if len(found) else []
    return Outcome(rows, _shown(rows, found.attrs["note"]))


def _shown(rows: list[dict[str, Any]], note: str) -> Any:
    if not rows:
        return Group("Nothing was found.", *([note] if note else []))
    table = Table(*SHOWN, box=None, caption=note or None)
    for row in rows:
        table.add_row(*(str(row[column]) for column in SHOWN))
    return table


COMMAND = Command(
    "search",
    "Find resources by meaning, words and names.",
    _run,
    _configure,
    examples=('escher search "billing database"', "escher search web-shop cache --limit 3"),
)
