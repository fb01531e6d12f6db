"""`escher context`: the exact bytes that would leave this machine for a question."""

from __future__ import annotations

import argparse
import json

from escher.commands.command import Command, Invocation, Outcome


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="+", help="the question, as for escher ask")


def _run(call: Invocation) -> Outcome:
    sent = call.session.context(" ".join(call.options.question))
    return Outcome(json.loads(sent), sent.decode())


COMMAND = Command("context", "Show the exact bytes that asking this would send to the server.", _run, _configure)
