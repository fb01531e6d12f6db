"""`escher ask`: the whole reply to a question. Never runs anything."""

from __future__ import annotations

import argparse

from escher.commands.command import Command, Invocation, Outcome
from escher.commands.replies import reply_text


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="+", help="a question or an order, in words")


def _run(call: Invocation) -> Outcome:
    reply = call.session.ask(" ".join(call.options.question))
    return Outcome(reply.model_dump(mode="json"), reply_text(reply))


COMMAND = Command(
    "ask",
    "Ask a question or give an order; an order is planned and shown, never run.",
    _run,
    _configure,
    examples=(
        'escher ask "which volumes are not attached?"',
        'escher ask "stop every dev instance in us-east-1" --json',
    ),
)
