"""`escher undo`: make the plan that takes a run back. It is shown like any other; nothing runs until it is approved."""

from __future__ import annotations

import argparse

from rich.console import Group

from escher.commands.command import Command, Invocation, Outcome


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", help="the id of a run; escher runs lists them")


def _run(call: Invocation) -> Outcome:
    from escher.commands.replies import consent_line, plan_lines

    plan = call.session.undo(call.options.run)
    return Outcome(plan.model_dump(mode="json"), Group(*plan_lines(plan), consent_line(plan)), plan=plan)


COMMAND = Command(
    "undo",
    "Make the plan that takes a run back: shown, never run.",
    _run,
    _configure,
    examples=("escher undo run-1a2b3c4d5e6f7081",),
)
