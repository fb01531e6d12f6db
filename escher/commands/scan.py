"""`escher scan`: read the clouds into the local estate."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.table import Table

from escher.commands.command import Command, Invocation, Outcome
from escher.commands.interrupting import cancelled_by_interrupt


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
    with cancelled_by_interrupt() as cancel:
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
    return Outcome(report.document(), report.summary())


def _scans(scans: Sequence[Mapping[str, Any]]) -> Any:
    table = Table("began", "kind", "status", "scan", box=None)
    for column in ("found", "new", "changed", "gone", "scopes", "failed"):
        table.add_column(column, justify="right")
    for one in scans:
        began = datetime.fromtimestamp(one["started_at"]).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        numbers = (str(one[name]) for name in ("found", "appeared", "changed", "vanished", "scopes", "failed"))
        table.add_row(began, one["scan_type"], one["status"], one["scan_id"][:12], *numbers)
    return table if scans else "No scan was made yet. Run: escher scan"


COMMAND = Command(
    "scan",
    "Read your clouds into the local estate.",
    _run,
    _configure,
    examples=(
        "escher scan",
        "escher scan --incremental",
        "escher scan --account web-shop --type aws_ec2_instance",
        "escher scan --history",
    ),
)
