"""`escher scan`: read the clouds into the local estate."""

from __future__ import annotations

import argparse

from escher.commands.command import Command, Invocation, Outcome


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--provider", action="append", choices=("aws", "azure", "gcp"), help="only this cloud (repeatable)"
    )
    parser.add_argument("--account", action="append", help="only this account, by name or id (repeatable)")
    parser.add_argument("--region", action="append", help="only this region (repeatable)")
    parser.add_argument(
        "--type", action="append", help="only this resource type, such as aws_ec2_instance (repeatable)"
    )
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--full", action="store_true", help="read everything (the default)")
    kind.add_argument("--incremental", action="store_true", help="only what was not seen whole in the last 15 minutes")


def _run(call: Invocation) -> Outcome:
    options = call.options
    report = call.session.scan(
        providers=options.provider or (),
        accounts=options.account or (),
        regions=options.region or (),
        types=options.type or (),
        full=not options.incremental,
        progress=call.emit,
    )
    if not call.goes_on:
        call.session.settle(call.emit)
    return Outcome(report.document(), report.summary())


COMMAND = Command(
    "scan",
    "Read your clouds into the local estate.",
    _run,
    _configure,
    examples=("escher scan", "escher scan --account web-shop --type aws_ec2_instance"),
)
