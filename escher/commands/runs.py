"""`escher runs`: what ran, when, on what, and how it ended."""

from __future__ import annotations

import argparse

from rich.table import Table

from escher.commands.command import Command, Invocation, Outcome


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--limit", type=int, default=20, help="how many, newest first (default 20)")


def _run(call: Invocation) -> Outcome:
    results = call.session.run_results(call.options.limit)
    table = Table("run", "plan", "status", "started", "targets", "summary", box=None)
    for result in results:
        table.add_row(
            result.run_id,
            result.plan_id,
            result.status,
            result.started_at[:19],
            str(len(result.targets)),
            result.summary,
        )
    return Outcome([result.model_dump(mode="json") for result in results], table if results else "Nothing has run yet.")


COMMAND = Command("runs", "List what has run.", _run, _configure)
