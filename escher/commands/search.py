"""`escher search`: the resources nearest to some words, without a server."""

from __future__ import annotations

import argparse
from typing import Any

from rich.console import Group, RenderableType

from escher.commands.command import Command, Invocation, Outcome
from escher.commands.tables import NAMED, Rows
from escher.errors import InvalidInput

SHOWN = ("name", "identifier", "resource_type", "account_id", "region", "state")


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="+", help="what it is, how it is called, what it is for")
    parser.add_argument("--limit", type=int, default=10, metavar="N", help="so many at most (default 10)")


def _run(call: Invocation) -> Outcome:
    if call.options.limit < 1:
        raise InvalidInput("--limit is at least 1.", hint="See: escher search --help")
    found = call.session.search(" ".join(call.options.words), call.options.limit)
    known = found.to_dict("records") if len(found) else []
    shown = [row | {"account": row["account_name"] or row["account_id"]} for row in known]
    return Outcome([{name: row[name] for name in SHOWN} for row in known], _text(shown, found.attrs["note"]))


def _text(rows: list[dict[str, Any]], note: str) -> RenderableType:
    return Rows(rows, NAMED, note=note) if rows else Group("Nothing was found.", *([note] if note else []))


COMMAND = Command(
    "search",
    "Find resources by meaning, words and names.",
    _run,
    _configure,
    examples=('escher search "billing database"', "escher search web-shop cache --limit 3"),
)
