"""`escher understand`: what the server understands of a request, without targets or a plan."""

from __future__ import annotations

import argparse

from rich.pretty import Pretty

from escher.commands.command import Command, Invocation, Outcome


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="+", help="the request, as for escher ask")


def _run(call: Invocation) -> Outcome:
    document = call.session.understand(" ".join(call.options.question))
    return Outcome(document, Pretty(document["understanding"]))


COMMAND = Command("understand", "Show what is understood of a request, without looking anything up.", _run, _configure)
