"""`escher scan`: read the clouds into the local estate."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from escher.commands.command import Command, Invocation, Outcome
from escher.commands.interrupting import INTERRUPTED, cancelled_by_interrupt
from escher.commands.tables import Column, Rows
from escher.inventory.report import ScanReport
from escher.widgets.visible import visible

MOST_ERRORS = 10
HISTORY = (
    Column("began"), Column("scan_type", "kind"), Column("status"), Column("took", leaves=3),
    Column("found", counts=True), Column("appeared", "new", counts=True), Column("changed", counts=True),
    Column("vanished", "gone", counts=True), Column("scopes", leaves=1, counts=True),
    Column("failed", "not whole", leaves=2, counts=True), Column("scan"),
)  # fmt: skip
SCAN_DIGITS = 12


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--provider", action="append", choices=("aws", "azure", "gcp"), help="only this cloud (repeatable)"
    )
    parser.add_argument("--account", action="append", help="only this account, by name or id (repeatable)")
    parser.add_argument("--region", action="append", help="only this region (repeatable)")
    parser.add_argument(
        "--type", action="append", help="only this resource type, such as aws_ec2_instance (repeatable)"
    )
    parser.add_argument("--service", action="append", help="only this service, such as rds (repeatable)")
    depth = parser.add_mutually_exclusive_group()
    depth.add_argument("--full", action="store_const", const="full", dest="depth", help="read everything (the default)")
    depth.add_argument(
        "--incremental",
        action="store_const",
        const="incremental",
        dest="depth",
        help="only what changed since the last scan, as the clouds' own records of changes tell",
    )
    depth.add_argument(
        "--quick", action="store_const", const="quick", dest="depth", help="lists without details; deletes nothing"
    )
    parser.add_argument("--history", action="store_true", help="the scans that were made, instead of a new one")


def _run(call: Invocation) -> Outcome:
    options = call.options
    if options.history:
        scans = call.session.exploring.scans()
        return Outcome(scans, _scans(scans))
    with cancelled_by_interrupt(call.emit) as cancel:
        report = call.session.scan(
            providers=options.provider or (),
            accounts=options.account or (),
            regions=options.region or (),
            types=options.type or (),
            services=options.service or (),
            depth=options.depth or "full",
            progress=call.emit,
            cancel=cancel,
        )
    if not call.goes_on and report.status != "cancelled":
        call.session.settle(call.emit)
    return Outcome(report.document(), _summary(report), INTERRUPTED if report.status == "cancelled" else 0)


def _summary(report: ScanReport) -> RenderableType:
    """The report, with the next move where something is missing."""
    first, *rest = report.summary().splitlines()
    errors = rest[1:]
    lines = [Text(first, style="bold"), Text(rest[0])]
    listed = Table.grid(padding=(0, 1))
    for error in errors[:MOST_ERRORS]:
        listed.add_row(Text("✗", style="red"), Text(visible(error), style="red"))
    if len(errors) > MOST_ERRORS:
        listed.add_row("", Text(f"and {len(errors) - MOST_ERRORS} more causes", style="red"))
    for move in _next_moves(report):
        listed.add_row("→", move)
    return Group(*lines, *([listed] if listed.row_count else []))


def _next_moves(report: ScanReport) -> Iterator[str]:
    if report.status == "cancelled":
        yield "Run it again within an hour, and it goes on from here."
    if any(scope.missing_permission for scope in report.scopes):
        yield "escher permissions lists what is missing; with --policy: what grants it."
    if any(scope.status != "complete" for scope in report.scopes):
        yield "escher estate --coverage lists what was not seen whole."


def _scans(scans: Sequence[Mapping[str, Any]]) -> RenderableType:
    shown = [
        dict(one) | {"began": _local(one["started_at"]), "took": _took(one), "scan": one["scan_id"][:SCAN_DIGITS]}
        for one in scans
    ]
    return Rows(shown, HISTORY) if scans else "No scan was made yet. Run: escher scan"


def _local(moment: int) -> str:
    return datetime.fromtimestamp(moment).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _took(one: Mapping[str, Any]) -> str:
    return f"{one['ended_at'] - one['started_at']} s" if one["ended_at"] else ""


COMMAND = Command(
    "scan",
    "Read your clouds into the local estate. Ctrl-C cancels and keeps what was read (exit code 130); twice leaves at once.",
    _run,
    _configure,
    examples=(
        "escher scan",
        "escher scan --incremental",
        "escher scan --account web-shop --type aws_ec2_instance",
        "escher scan --history",
    ),
)
