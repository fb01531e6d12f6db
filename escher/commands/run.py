"""`escher run`: run an approved plan, once, live."""

from __future__ import annotations

import argparse

from escher.commands.command import Command, Invocation, Outcome


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plan", help="the id of a plan that has been approved")


def _run(call: Invocation) -> Outcome:
    result = call.session.run(call.options.plan, lambda event: call.emit(event.model_dump(mode="json")))
    return Outcome(result.model_dump(mode="json"), result.summary, 0 if result.status == "completed" else 1)


COMMAND = Command("run", "Run an approved plan, once, with live output.", _run, _configure, streams=True)
